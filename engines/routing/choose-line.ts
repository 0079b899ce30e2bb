import { assert } from '@loopline/vocabulary/assert'
import { chooseCallerId, obstacleOf } from './caller-ids/choose-caller-id.ts'
import { drawRate } from './learned.ts'
import type { LineChoice, LineNow, LineReason, LineWish, NoLineReason, Routing } from './line.ts'
import { tokensAt } from './token-bucket.ts'

interface Hurdle {
  readonly passes: (line: LineNow, wish: LineWish) => boolean
  readonly otherwise: NoLineReason
}

/** Most lasting first, so that the reason given when nothing is left names what must change. */
const HURDLES: readonly Hurdle[] = [
  { passes: (line) => line.permitted, otherwise: 'no-line-permitted' },
  { passes: (line, wish) => line.sandbox === wish.sandbox, otherwise: 'sandbox-mismatch' },
  { passes: (line) => line.callerIds.some((callerId) => callerId.proven), otherwise: 'no-proven-caller-id' },
  { passes: (line) => line.enabled && line.up, otherwise: 'line-down' },
  { passes: (line, wish) => hasNumbersLeft(line, wish), otherwise: 'no-caller-id' },
  { passes: (line) => line.inFlight < line.maxConcurrent, otherwise: 'line-full' },
  { passes: (line, wish) => tokensAt(line.bucket, line.maxPerSecond, wish.now) >= 1, otherwise: 'line-rate' },
  { passes: (line, wish) => line.callerIds.some((callerId) => obstacleOf(callerId, wish.now) === null), otherwise: 'caller-ids-busy' },
]

/** Whether any number may be used now, or as soon as a call that shows it is over. */
function hasNumbersLeft({ callerIds }: LineNow, { now }: LineWish): boolean {
  return callerIds.some((callerId) => {
    const against = obstacleOf(callerId, now)
    return against === null || against === 'busy' || against === 'pausing'
  })
}

/**
 * The line and the caller ID that carry one call, or why none does. The type a rule wants comes first, then priority,
 * then the line least filled for its weight. The caller takes the token and counts the call in flight.
 */
export function chooseLine(lines: readonly LineNow[], wish: LineWish): LineChoice {
  let free = lines
  for (const { passes, otherwise } of HURDLES) {
    free = free.filter((line) => passes(line, wish))
    if (free.length === 0) return { none: otherwise }
  }
  const asWanted = free.filter((line) => line.type === wish.wanted)
  const { line, reason } = byPolicy(asWanted.length > 0 ? asWanted : free, wish.routing)
  const chosen = chooseCallerId(line.callerIds, wish, line.lineId)
  assert('number' in chosen, 'a line without a usable caller ID did not pass the hurdles')
  return { lineId: line.lineId, callerId: chosen.number, callerIdReason: chosen.reason, instead: chosen.instead, given: line.type, reason: wish.wanted === null ? reason : reasonFor(line, wish, lines) }
}

/** So many of the calls go over any of the free lines: who is not tried is not learnt about. */
const EXPLORED_SHARE = 0.05
/** Talk that costs nothing is still not worth everything. */
const COST_MIN = 0.001

function byPolicy(lines: readonly LineNow[], routing: Routing | undefined): { line: LineNow; reason: LineReason } {
  if (!routing || routing.policy === 'priority') return { line: leastFilled(lines), reason: 'by-priority' }
  if (routing.policy === 'least-cost') return { line: leastFilled(cheapest(lines)), reason: 'least-cost' }
  if (routing.random() < EXPLORED_SHARE) return { line: lines[Math.floor(routing.random() * lines.length)] ?? leastFilled(lines), reason: 'explored' }
  return { line: mostReached(lines, routing), reason: 'learned' }
}

/** A line of unknown cost is the dearest. */
function cheapest(lines: readonly LineNow[]): readonly LineNow[] {
  const costOf = (line: LineNow): number => line.costPerMinute ?? Infinity
  const least = Math.min(...lines.map(costOf))
  return lines.filter((line) => costOf(line) === least)
}

/** The most people reached for the money by one draw each; where no cost is known, the most people. A line that comes back draws with the share it has. */
function mostReached(lines: readonly LineNow[], { learned, random }: Routing): LineNow {
  const dearest = Math.max(COST_MIN, ...lines.map((line) => line.costPerMinute ?? 0))
  let best = lines[0] as LineNow
  let bestScore = -1
  for (const line of lines) {
    const { here, line: whole } = learned(line.lineId)
    const score = (drawRate(here, whole, random) / Math.max(COST_MIN, line.costPerMinute ?? dearest)) * (line.share ?? 1)
    if (score > bestScore) { best = line; bestScore = score }
  }
  return best
}

function leastFilled(lines: readonly LineNow[]): LineNow {
  return lines.reduce((best, line) => (comesBefore(line, best) ? line : best))
}

function comesBefore(line: LineNow, other: LineNow): boolean {
  if (line.priority !== other.priority) return line.priority < other.priority
  // With the new call counted, so that idle lines already differ by their weight.
  const filled = (line.inFlight + 1) / line.weight
  const otherFilled = (other.inFlight + 1) / other.weight
  return filled === otherFilled ? line.lineId < other.lineId : filled < otherFilled
}

function reasonFor(line: LineNow, { wanted, sandbox }: LineWish, lines: readonly LineNow[]): LineReason {
  if (wanted === null) return 'by-priority'
  if (line.type === wanted) return 'as-wanted'
  const exists = lines.some((other) => other.type === wanted && other.permitted && other.sandbox === sandbox)
  return exists ? 'wanted-type-busy' : 'wanted-type-missing'
}
