import type { Dialer } from '../dialer.ts'
import type { PooledEntry } from '../pool/ready-pool.ts'

/** How likely the person of a pooled entry answers a call at `at` (unix ms), 0..1; null where his clock is not known. `lineId`: null before a line is chosen. */
export function answerProbabilityOf(dialer: Pick<Dialer, 'answers'>, entry: Pick<PooledEntry, 'customerId' | 'campaignId' | 'person'>, at: number, lineId: string | null = null): number | null {
  const { level, region, timeZone } = entry.person.state
  return dialer.answers.probability({ customerId: entry.customerId, campaignId: entry.campaignId, lineId, level, region, timeZone }, at)
}
