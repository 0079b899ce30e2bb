import { ALL_DAY } from '@loopline/gate/calling-hours'
import type { AudienceFacts } from '@loopline/contracts/audience-facts'
import type { Dialer } from '../dialer.ts'
import type { AlikePersons } from './audience-reasons.sql.ts'
import { mustCompile } from './change-campaign.ts'
import { knownOf } from './known-facts.sql.ts'
import type { KnownFacts } from './known-facts.sql.ts'
import { ReasonCounts, againstAlike } from './reason-counts.ts'
import type { Against } from './reason-counts.ts'

/** Somebody looks on: what is not judged by then is concluded from the rest. */
const JUDGE_MS = 4_000
const ORIGIN = { kind: 'campaign' as const, running: true, hours: ALL_DAY }

export interface Preview {
  matching: number
  callableNow: number
  reasons: { reason: string; count: number }[]
  sampled: boolean
}

/**
 * How many meet the condition now and how many of them could be called, with the reasons against the others. All are judged,
 * about 100,000 in a second or two; of more than fit into that time the first ones speak for all, and `sampled` says so.
 */
export async function previewAudience(dialer: Dialer, condition: unknown): Promise<Preview> {
  mustCompile(condition)
  if (!dialer.crm || condition === null) return { matching: 0, callableNow: 0, reasons: [], sampled: false }
  const [{ matching }, { counts, isWhole }] = await Promise.all([dialer.crm.countAudience(condition), judge(dialer, condition)])
  const all = isWhole ? counts.persons : Math.max(matching, counts.persons)
  const scale = counts.persons === 0 ? 1 : all / counts.persons
  return {
    matching: all, callableNow: Math.round(counts.callable * scale),
    reasons: counts.all().map(({ reason, count }) => ({ reason, count: Math.round(count * scale) })), sampled: !isWhole,
  }
}

async function judge(dialer: Dialer, condition: unknown): Promise<{ counts: ReasonCounts; isWhole: boolean }> {
  const counts = new ReasonCounts()
  const known = new Map<string, Against[]>()
  const enough = new AbortController()
  const until = dialer.clock.monotonic() + JUDGE_MS
  try {
    for await (const page of dialer.crm?.audienceFacts(condition, enough.signal) ?? []) {
      const own = await knownOf(dialer.db, page, dialer.clock.now())
      for (const [index, customer] of page.entries()) counts.add(reasonsOf(dialer, alikeOf(customer, own.get(index)), known), 1)
      if (dialer.clock.monotonic() > until) return { counts, isWhole: false }
    }
    return { counts, isWhole: true }
  } finally {
    enough.abort()
  }
}

/** Most of an audience is alike: each kind of person is judged once. */
function reasonsOf(dialer: Dialer, alike: AlikePersons, known: Map<string, Against[]>): Against[] {
  const key = JSON.stringify(alike)
  let reasons = known.get(key)
  if (!reasons) {
    reasons = againstAlike(dialer.knowledge, alike, { origin: ORIGIN, cap: null })
    known.set(key, reasons)
  }
  return reasons
}

const NOTHING_KNOWN: KnownFacts = { attemptDay: null, attemptsThatDay: 0, recentAt: [], abandonedAt: null, attemptOpen: false, onStopList: false, registered: 0 }

function alikeOf([, neverCall, status, marketingConsent, timeZone, pausedUntil, sandbox, phones]: AudienceFacts, { registered, ...own }: KnownFacts = NOTHING_KNOWN): AlikePersons {
  return {
    ...own, kind: 0, count: 1, deleted: false, neverCall, status, marketingConsent, timeZone, pausedUntil, sandbox,
    prefixes: phones.map(([, prefix]) => prefix), usablePhones: phones.filter(([, , usable]) => usable).length, registeredPhones: registered,
  }
}
