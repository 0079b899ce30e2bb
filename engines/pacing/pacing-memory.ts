import { newAnswerLevel } from './answer-level.ts'
import type { AnswerLevel } from './answer-level.ts'
import { newBudget } from './abandonment-budget.ts'
import type { BudgetSteering } from './abandonment-budget.ts'
import { addEnd, newLifeTable } from './life-table.ts'
import type { BusyTimes } from './release-estimate.ts'
import { addRing, newRingTimes } from './ring-times.ts'
import type { RingTimes } from './ring-times.ts'

/** All that a campaign's predictive pacing has learnt. Plain data: stored as JSON, it continues after a restart. */
export interface PacingMemory {
  readonly ring: RingTimes
  readonly level: AnswerLevel
  readonly busy: BusyTimes
  readonly budget: BudgetSteering
  /** Answers since the last tick. */
  came: number
}

/** What happens to calls and agents; ages in ms. */
export type PacingEvent =
  | { readonly kind: 'answered'; readonly ageMs: number }
  /** Ended without an answer. `cancelled` by us, which says nothing of the phone. */
  | { readonly kind: 'unanswered'; readonly ageMs: number; readonly cancelled: boolean }
  | { readonly kind: 'talk-ended'; readonly talkMs: number }
  | { readonly kind: 'wrap-ended'; readonly wrapMs: number; readonly to: 'idle' | 'away' }
  | { readonly kind: 'pause-ended'; readonly pauseMs: number }

export function newPacingMemory({ ringTimeoutMs }: { readonly ringTimeoutMs: number }): PacingMemory {
  return {
    ring: newRingTimes(ringTimeoutMs), level: newAnswerLevel(), budget: newBudget(), came: 0,
    busy: { talk: newLifeTable(100_000), wrap: newLifeTable(15_000), pause: newLifeTable(300_000), toIdle: 19, toAway: 1 },
  }
}

/** Takes one event into the memory, in place: one owner, some thousand events a minute. */
export function observe(memory: PacingMemory, event: PacingEvent): void {
  switch (event.kind) {
    case 'answered':
      memory.came += 1
      addRing(memory.ring, true, event.ageMs)
      break
    case 'unanswered':
      if (!event.cancelled) addRing(memory.ring, false, event.ageMs)
      break
    case 'talk-ended':
      addEnd(memory.busy.talk, event.talkMs)
      break
    case 'wrap-ended':
      addEnd(memory.busy.wrap, event.wrapMs)
      addWrapEnd(memory.busy, event.to)
      break
    case 'pause-ended':
      addEnd(memory.busy.pause, event.pauseMs)
      break
  }
}

const WRAPS_KEPT = 400

function addWrapEnd(busy: BusyTimes, to: 'idle' | 'away'): void {
  busy.toIdle = busy.toIdle * (1 - 1 / WRAPS_KEPT) + (to === 'idle' ? 1 : 0)
  busy.toAway = busy.toAway * (1 - 1 / WRAPS_KEPT) + (to === 'away' ? 1 : 0)
}
