import { newAnswerLevel } from './answer-level.ts'
import type { AnswerLevel } from './answer-level.ts'
import { bookLoss, newBudget } from './abandonment-budget.ts'
import type { BudgetSteering } from './abandonment-budget.ts'
import { addEnd, newLifeTable } from './life-table.ts'
import type { BusyTimes } from './release-estimate.ts'
import { addRing, newRingTimes } from './ring-times.ts'
import type { RingTimes } from './ring-times.ts'

const VERSION = 1

/** All that a campaign's predictive pacing has learnt. Plain data: stored as JSON, it continues after a restart. */
export interface PacingMemory {
  /** Of this form: another one is not read. */
  readonly version: number
  readonly ring: RingTimes
  readonly level: AnswerLevel
  readonly busy: BusyTimes
  readonly budget: BudgetSteering
  /** Answers since the last tick. */
  came: number
  /** Share of the last calls that failed before anything rang, 0..1: near 1 the lines are down, not the people out. */
  failing: number
}

/** What happens to calls and agents; ages in ms. */
export type PacingEvent =
  | { readonly kind: 'answered'; readonly ageMs: number }
  /** Rang in vain, was busy, met a machine. */
  | { readonly kind: 'unanswered'; readonly ageMs: number }
  /** Never reached the phone, or was cut off by the line. */
  | { readonly kind: 'failed'; readonly ageMs: number }
  /** Given up by us, which says nothing of the phone. */
  | { readonly kind: 'cancelled' }
  /** Answered, and nobody was there in time. */
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'talk-ended'; readonly talkMs: number }
  | { readonly kind: 'wrap-ended'; readonly wrapMs: number; readonly to: 'idle' | 'away' }
  | { readonly kind: 'pause-ended'; readonly pauseMs: number }

export function newPacingMemory({ ringTimeoutMs }: { readonly ringTimeoutMs: number }): PacingMemory {
  return {
    version: VERSION, ring: newRingTimes(ringTimeoutMs), level: newAnswerLevel(), budget: newBudget(), came: 0, failing: 0,
    busy: { talk: newLifeTable(100_000), wrap: newLifeTable(15_000), pause: newLifeTable(300_000), toIdle: 19, toAway: 1 },
  }
}

/** A stored memory, or null when another version wrote it: then begin anew, carefully. */
export function readPacingMemory(stored: unknown): PacingMemory | null {
  return typeof stored === 'object' && stored !== null && (stored as { version?: unknown }).version === VERSION ? (stored as PacingMemory) : null
}

/** Takes one event into the memory, in place: one owner, some thousand events a minute. */
export function observe(memory: PacingMemory, event: PacingEvent): void {
  switch (event.kind) {
    case 'answered':
      memory.came += 1
      addRing(memory.ring, true, event.ageMs)
      addFailure(memory, false)
      break
    case 'unanswered':
      addRing(memory.ring, false, event.ageMs)
      addFailure(memory, false)
      break
    case 'failed':
      addFailure(memory, true)
      // A line that is down must not teach that unanswered calls end at once; what rang and was cut off teaches nothing.
      if (event.ageMs <= FAILS_WITHIN_MS && !linesDown(memory)) addRing(memory.ring, false, event.ageMs)
      break
    case 'cancelled':
      break
    case 'abandoned':
      bookLoss(memory.budget)
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

const FAILS_WITHIN_MS = 2_000
const FAILURES_KEPT = 20
const DOWN_SHARE = 0.85

function addFailure(memory: PacingMemory, failed: boolean): void {
  memory.failing += ((failed ? 1 : 0) - memory.failing) / FAILURES_KEPT
}

/** Whether nearly every call fails at once: then calls are placed to find out, not to reach people. */
export function linesDown(memory: PacingMemory): boolean {
  return memory.failing > DOWN_SHARE
}

const WRAPS_KEPT = 400

function addWrapEnd(busy: BusyTimes, to: 'idle' | 'away'): void {
  busy.toIdle = busy.toIdle * (1 - 1 / WRAPS_KEPT) + (to === 'idle' ? 1 : 0)
  busy.toAway = busy.toAway * (1 - 1 / WRAPS_KEPT) + (to === 'away' ? 1 : 0)
}
