/**
 * Judges a campaign by the carrier's log against our own tables, by the definitions of the design: a double dial is two
 * calls to one person inside the cap or an INVITE without a committed attempt; a lost outcome is an INVITE without exactly
 * one final outcome; `unknown` is allowed only where a killed voice process hid the end, and is counted apart.
 */
import type { CarrierCall } from './carrier-log.ts'

export interface AttemptRow {
  id: string
  customerId: string
  outcome: string | null
  /** Calls on the customer's timeline with this attempt's id. */
  timelineItems: number
  epoch: string | null
}

export interface Verdict {
  calls: number
  doubleDials: number
  lostOutcomes: number
  unknownOutcomes: number
  /** One line a finding, for people. */
  findings: string[]
}

export function judge(calls: CarrierCall[], attempts: AttemptRow[], cap: number): Verdict {
  const byId = new Map(attempts.map((attempt) => [attempt.id, attempt]))
  const findings: string[] = []
  let doubleDials = 0
  let lostOutcomes = 0
  for (const call of calls) {
    const attempt = byId.get(call.attemptId)
    if (!attempt) {
      doubleDials += 1
      findings.push(`INVITE ${call.callId} has no committed attempt`)
    } else if (attempt.outcome === null) {
      lostOutcomes += 1
      findings.push(`attempt ${call.attemptId} was on the wire and has no outcome`)
    } else if (attempt.timelineItems !== 1) {
      lostOutcomes += 1
      findings.push(`attempt ${call.attemptId} (${attempt.outcome}) stands ${attempt.timelineItems} times on the timeline`)
    }
  }
  for (const [number, toOne] of Map.groupBy(calls, (call) => call.number)) {
    // An attempt whose line failed before anything rang goes on over another one: two legs, one call to the person.
    const attempted = new Set(toOne.map((call) => call.attemptId)).size
    if (attempted > cap) {
      doubleDials += attempted - cap
      findings.push(`${attempted} calls to one person (${number}), the cap is ${cap}: ${toOne.map((call) => call.callId).join(' ')}`)
    }
    doubleDials += overlapping(toOne, findings)
  }
  const unknownOutcomes = attempts.filter((attempt) => attempt.outcome === 'unknown').length
  return { calls: calls.length, doubleDials, lostOutcomes, unknownOutcomes, findings }
}

/** Two calls to one person at the same time are a double dial whatever the cap. */
function overlapping(calls: CarrierCall[], findings: string[]): number {
  const inOrder = calls.toSorted((a, b) => a.invitedAt - b.invitedAt)
  let count = 0
  for (let index = 1; index < inOrder.length; index += 1) {
    const before = inOrder[index - 1] as CarrierCall
    const call = inOrder[index] as CarrierCall
    if (before.endedAt !== null && before.endedAt <= call.invitedAt) continue
    count += 1
    findings.push(`${call.callId} began while ${before.callId} to the same person was up`)
  }
  return count
}
