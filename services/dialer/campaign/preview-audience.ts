import { ALL_DAY } from '@loopline/gate/calling-hours'
import { explain } from '@loopline/gate/may-dial'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { Dialer } from '../dialer.ts'
import { phoneMarksOf } from '../audience/phone-marks.ts'
import { gateFacts } from '../dialing/decide.ts'
import { mustCompile } from './change-campaign.ts'

const SAMPLE_MAX = 500

export interface Preview {
  matching: number
  callableNow: number
  reasons: { reason: string; count: number }[]
  sampled: boolean
}

/**
 * How many meet the condition now and how many of them could be called, with the reasons against the others. Of a large
 * audience the first 500 speak for all, and `sampled` says so.
 */
export async function previewAudience(dialer: Dialer, condition: unknown): Promise<Preview> {
  mustCompile(condition)
  if (!dialer.crm || condition === null) return { matching: 0, callableNow: 0, reasons: [], sampled: false }
  const { matching, estimated } = await dialer.crm.countAudience(condition)
  const sample = await sampleOf(dialer, condition)
  const isWhole = sample.length < SAMPLE_MAX
  const scale = isWhole ? 1 : matching / sample.length
  const against = sample.map((state) => reasonsAgainst(dialer, state))
  const counts = new Map<string, number>()
  for (const reason of against.flat()) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return {
    matching, callableNow: Math.round(against.filter((reasons) => reasons.length === 0).length * scale),
    reasons: [...counts].map(([reason, count]) => ({ reason, count: Math.round(count * scale) })).toSorted((a, b) => b.count - a.count),
    sampled: estimated || !isWhole,
  }
}

async function sampleOf(dialer: Dialer, condition: unknown): Promise<CustomerState[]> {
  const enough = new AbortController()
  const sample: CustomerState[] = []
  try {
    for await (const state of dialer.crm?.audience(null, condition, null, enough.signal) ?? []) {
      sample.push(state)
      if (sample.length === SAMPLE_MAX) break
    }
  } finally {
    enough.abort()
  }
  return sample
}

function reasonsAgainst({ knowledge, keys }: Dialer, state: CustomerState): string[] {
  const person = { state, attemptDay: null, attemptsThatDay: 0, invalidSightings: null, recentAt: [], abandonedAt: null, phoneMarks: phoneMarksOf(state, keys), listings: [] }
  const gate = knowledge.gateFor(person)
  const calleeNow = knowledge.calleeNow()
  const facts = gateFacts({ person, origin: { kind: 'campaign', running: true, hours: ALL_DAY }, campaignId: null, cap: gate.pack?.attemptsPerDayMax ?? 0 }, { gate, calleeNow, now: calleeNow - knowledge.calleeOffsetMs })
  return explain(facts, calleeNow, gate).map(({ reason }) => reason)
}
