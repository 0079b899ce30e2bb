import { cumulativeHazard, endsWithin, hazardOf } from './life-table.ts'
import type { Hazard, LifeTable } from './life-table.ts'

/** Lengths of what keeps an agent from the next call. Plain data. */
export interface BusyTimes {
  readonly talk: LifeTable
  readonly wrap: LifeTable
  readonly pause: LifeTable
  /** Of ended wraps: how many led to an idle agent, and how many to a pause or home. Older ones are forgotten. */
  toIdle: number
  toAway: number
}

/** An agent who is not idle. */
export interface BusyAgent {
  readonly state: 'talk' | 'wrap' | 'paused'
  readonly ageMs: number
}

/** Probabilities that an agent is idle by certain instants from now. */
export interface Releases {
  readonly talk: AgeTable
  readonly wrap: AgeTable
  readonly pause: AgeTable
}

/** Rows by age, each with one probability per instant; a row is worked out when an agent of that age asks for it. */
interface AgeTable {
  readonly rows: (Float64Array | undefined)[]
  readonly rowAt: (ageS: number) => Float64Array
}

/** Ages are looked up on this grid: fine while short, then coarser. */
const FINE_S = 60
const COARSE_STEP_S = 5
const ROWS = FINE_S + 120
const STEP_S = 1

/** Tables for these instants (seconds from now, ascending), from all that ended and all that is going on. */
export function releasesBy(times: BusyTimes, busy: readonly BusyAgent[], instantsS: readonly number[]): Releases {
  const ages = (state: BusyAgent['state']): number[] => busy.filter((agent) => agent.state === state).map((agent) => agent.ageMs)
  const talk = hazardOf(times.talk, ages('talk')), wrap = hazardOf(times.wrap, ages('wrap')), pause = hazardOf(times.pause, ages('paused'))
  const stays = times.toIdle / (times.toIdle + times.toAway)
  const wrapEnded = wrapCurve(wrap, instantsS.at(-1) ?? 0)
  return {
    talk: { rows: [], rowAt: (age) => scaled(throughWrap(talk, wrapEnded, age, instantsS), stays) },
    wrap: { rows: [], rowAt: (age) => scaled(endedBy(wrap, age, instantsS), stays) },
    pause: { rows: [], rowAt: (age) => endedBy(pause, age, instantsS) },
  }
}

/** One agent's probabilities, in the order of the instants. */
export function releaseOf(releases: Releases, agent: BusyAgent): Float64Array {
  const table = agent.state === 'talk' ? releases.talk : agent.state === 'wrap' ? releases.wrap : releases.pause
  const age = agent.ageMs / 1_000
  const row = Math.max(0, Math.min(ROWS - 1, age < FINE_S ? Math.floor(age) : FINE_S + Math.floor((age - FINE_S) / COARSE_STEP_S)))
  const known = table.rows[row]
  if (known) return known
  return (table.rows[row] = table.rowAt(row < FINE_S ? row + 0.5 : FINE_S + (row - FINE_S + 0.5) * COARSE_STEP_S))
}

function endedBy(hazard: Hazard, ageS: number, instantsS: readonly number[]): Float64Array {
  const probabilities = new Float64Array(instantsS.length)
  for (let index = 0; index < probabilities.length; index += 1) probabilities[index] = endsWithin(hazard, ageS, instantsS[index] as number)
  return probabilities
}

function scaled(probabilities: Float64Array, by: number): Float64Array {
  for (let index = 0; index < probabilities.length; index += 1) probabilities[index] = (probabilities[index] as number) * by
  return probabilities
}

/** Share of wraps ended by each step after their beginning. */
function wrapCurve(wrap: Hazard, untilS: number): Float64Array {
  const curve = new Float64Array(Math.ceil(untilS / STEP_S) + 2)
  for (let step = 0; step < curve.length; step += 1) curve[step] = endsWithin(wrap, 0, step * STEP_S)
  return curve
}

/** Talk and then wrap within each time: a sum over the second in which the talk ends. */
function throughWrap(talk: Hazard, wrapEnded: Float64Array, ageS: number, instantsS: readonly number[]): Float64Array {
  const probabilities = new Float64Array(instantsS.length)
  const start = cumulativeHazard(talk, ageS)
  let ended = 0
  for (let step = 0; step < wrapEnded.length - 2; step += 1) {
    const by = 1 - Math.exp(start - cumulativeHazard(talk, ageS + (step + 1) * STEP_S))
    for (let index = 0; index < instantsS.length; index += 1) {
      const left = (instantsS[index] as number) / STEP_S - step - 0.5
      if (left <= 0) continue
      const whole = Math.floor(left), below = wrapEnded[whole] as number
      probabilities[index] = (probabilities[index] as number) + (by - ended) * (below + (left - whole) * ((wrapEnded[whole + 1] as number) - below))
    }
    ended = by
  }
  return probabilities
}
