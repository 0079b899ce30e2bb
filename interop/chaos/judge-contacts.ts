import type { CarrierCall } from './carrier-log.ts'
import { judge, type AttemptRow, type Verdict } from './judge.ts'

/**
 * Chaos' judge, with the cap counted over contacts: a call that the line failed did not reach the person and may be made
 * again (reliability F22). Everything else, two calls at the same time included, holds for every call.
 */
export function judgeContacts(calls: CarrierCall[], attempts: AttemptRow[], cap: number): Verdict {
  const failed = new Set(attempts.filter((attempt) => attempt.outcome === 'line-failed').map((attempt) => attempt.id))
  const contacts = calls.filter((call) => !failed.has(call.attemptId))
  const all = judge(calls, attempts, Infinity)
  const capped = judge(contacts, attempts, cap)
  const aboveCap = capped.doubleDials - judge(contacts, attempts, Infinity).doubleDials
  return { ...all, doubleDials: all.doubleDials + aboveCap, findings: [...new Set([...all.findings, ...capped.findings])] }
}
