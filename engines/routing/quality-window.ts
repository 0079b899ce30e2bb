/** What the calls of one minute, or of several, came to. Sums, so that tallies add up. */
export interface QualityTally {
  /** INVITEs that left: each leg of an attempt is one. */
  seizures: number
  /** Of these, answered with a 2xx. */
  answers: number
  /** Of the answered, by a person. */
  reached: number
  /** Of the answered, over within `SHORT_CALL_MS`. */
  short: number
  /** Sum and number of delays from the INVITE to the first ringing, or to the answer where nothing rang. */
  pddMs: number
  pddCount: number
  /** Sum over the answered. */
  talkMs: number
  /** Calls whose sound was measured, and how many of them were silent or poor. */
  sounds: number
  silent: number
  poor: number
  /** Sums over the measured ones; `mos` over those that had a packet, `roundTripMs` over those whose ends both reported. */
  mos: number
  mosCount: number
  loss: number
  jitterMs: number
  roundTripMs: number
  roundTrips: number
  /** Final SIP status → how many; 0 where none came. */
  causes: Record<number, number>
}

/** Answered calls shorter than this are wrong connections, answering robots or false answers. */
export const SHORT_CALL_MS = 6_000
/** ITU-T G.107 Annex B: below this most users are dissatisfied. */
export const POOR_MOS = 3.1

export const emptyTally = (): QualityTally => ({
  seizures: 0, answers: 0, reached: 0, short: 0, pddMs: 0, pddCount: 0, talkMs: 0, sounds: 0, silent: 0, poor: 0, mos: 0, mosCount: 0, loss: 0, jitterMs: 0, roundTripMs: 0, roundTrips: 0, causes: {},
})

type Sum = Exclude<keyof QualityTally, 'causes'>
const SUMS = Object.keys(emptyTally()).filter((key) => key !== 'causes') as Sum[]

/** A tally whose causes are told by what it is kept under. */
export type QualitySums = Omit<QualityTally, 'causes'>

/** Adds `part` to `into`, in place. */
export function addSums(into: QualitySums, part: Readonly<QualitySums>): void {
  for (const key of SUMS) into[key] += part[key]
}

/** Adds `part` to `into`, in place, causes included. */
export function addTally(into: QualityTally, part: Readonly<QualityTally>): void {
  addSums(into, part)
  for (const status in part.causes) into.causes[status] = (into.causes[status] ?? 0) + (part.causes[status] ?? 0)
}

/** What a tally says. Shares 0..1; null where nothing was there to measure. */
export interface QualityFigures {
  seizures: number
  /** Answer-seizure ratio (ITU-T E.411). */
  asr: number | null
  /** Share that a person answered. */
  connectRate: number | null
  pddMs: number | null
  /** Mean of the answered. */
  talkMs: number | null
  /** Of the answered. */
  shortShare: number | null
  sounds: number
  mos: number | null
  loss: number | null
  jitterMs: number | null
  roundTripMs: number | null
  /** Most frequent first. */
  causes: { status: number; count: number }[]
}

const mean = (sum: number, count: number): number | null => (count > 0 ? sum / count : null)

export function figuresOf(tally: Readonly<QualityTally>): QualityFigures {
  const { seizures, answers, reached, short, pddMs, pddCount, talkMs, sounds, mos, mosCount, loss, jitterMs, roundTripMs, roundTrips, causes } = tally
  return {
    seizures, asr: mean(answers, seizures), connectRate: mean(reached, seizures), pddMs: mean(pddMs, pddCount), talkMs: mean(talkMs, answers), shortShare: mean(short, answers),
    sounds, mos: mean(mos, mosCount), loss: mean(loss, sounds), jitterMs: mean(jitterMs, sounds), roundTripMs: mean(roundTripMs, roundTrips),
    causes: Object.entries(causes).map(([status, count]) => ({ status: Number(status), count })).toSorted((a, b) => b.count - a.count || a.status - b.status),
  }
}

/** Minutes that are kept: as many as the longest window. */
export const WINDOW_MINUTES = 60

/**
 * The last hour of one line, or of one line into one region, by minute: a ring whose buckets are overwritten when their minute comes
 * round again, so that it never grows. `minute` is unix time divided by a minute.
 */
export class QualityWindow {
  readonly #minutes: number[] = Array.from({ length: WINDOW_MINUTES }, () => -1)
  readonly #tallies: (QualityTally | undefined)[] = Array.from({ length: WINDOW_MINUTES })

  /** The tally of this minute, to add to; null for one that the ring has passed. */
  at(minute: number): QualityTally | null {
    const slot = minute % WINDOW_MINUTES
    const held = this.#minutes[slot] ?? -1
    if (held > minute) return null
    if (held < minute) {
      this.#minutes[slot] = minute
      this.#tallies[slot] = emptyTally()
    }
    return this.#tallies[slot] ?? null
  }

  /** Puts what is known of a minute now in the place of what was known before. */
  set(minute: number, tally: QualityTally): void {
    const slot = minute % WINDOW_MINUTES
    if ((this.#minutes[slot] ?? -1) > minute) return
    this.#minutes[slot] = minute
    this.#tallies[slot] = tally
  }

  /** The sum of the last `minutes` up to and with `now`. */
  over(now: number, minutes: number): QualityTally {
    const sum = emptyTally()
    for (let slot = 0; slot < WINDOW_MINUTES; slot += 1) {
      const held = this.#minutes[slot] ?? -1
      const tally = this.#tallies[slot]
      if (tally && held <= now && held > now - minutes) addTally(sum, tally)
    }
    return sum
  }

  /** The last hour as `points` equal steps, oldest first; a step without a call is null. */
  series(now: number, points: number): (QualityFigures | null)[] {
    const step = WINDOW_MINUTES / points
    return Array.from({ length: points }, (_, index) => {
      const end = now - (points - 1 - index) * step
      const tally = this.over(end, step)
      return tally.seizures === 0 && tally.sounds === 0 ? null : figuresOf(tally)
    })
  }
}
