import { DatabaseError, sqlState } from '@loopline/postgres/errors'
import { maskPhonesInText } from '@loopline/telemetry/mask-phones'
import { LeaseLostError, RetryLaterError } from './event-log.ts'

/** 08 connection · 40 lost against another transaction · 53 resources · 55 lock not available · 57 operator. */
const PASSING_STATES = /^(08|40|53|55|57)/
const MESSAGE_CHARS = 500

/** Whether the fault lies with the surroundings, so that the same events may be handled later; otherwise with an event. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseError || error instanceof RetryLaterError || error instanceof LeaseLostError) return true
  return PASSING_STATES.test(sqlState(error) ?? '') || (error as Error | undefined)?.name === 'AbortError'
}

/** What is kept of a failure, without telephone numbers (P16). */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return maskPhonesInText(text).slice(0, MESSAGE_CHARS)
}
