import type { CampaignWhyNot } from '@loopline/contracts/campaign'
import type { CampaignId, CustomerId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { groupAlike, readListed } from './audience-reasons.sql.ts'
import type { ListedEntry } from './audience-reasons.sql.ts'
import { readCampaign } from './campaign.sql.ts'
import type { CampaignRow } from './campaign.sql.ts'
import { ReasonCounts, againstAlike } from './reason-counts.ts'
import type { Against } from './reason-counts.ts'

/** Entries at a time: what a page holds is all that is in memory. */
const PAGE = 10_000
/** No pack may look back further. */
const WINDOW_MAX_MS = 31 * 86_400_000

/** Why the persons of this campaign's list are not called now: each counted under every reason, and once under its first. */
export async function whyNotAll(dialer: Dialer, campaignId: CampaignId): Promise<CampaignWhyNot> {
  const row = await readCampaign(dialer.db, campaignId)
  if (!row) throw failed('CAMPAIGN_NOT_FOUND', { campaignId })
  const counts = new ReasonCounts()
  const now = dialer.clock.now()
  let after: { bucket: number; customerId: CustomerId | null } = { bucket: -1, customerId: null }
  for (;;) {
    const page = await readListed(dialer.db, campaignId, after, PAGE)
    await countPage(dialer, row, page, counts, now)
    const last = page.at(-1)
    if (!last || page.length < PAGE) break
    after = { bucket: last.bucket, customerId: last.customerId }
  }
  return {
    campaignId, persons: counts.persons, callableNow: counts.callable, at: new Date(now).toISOString(),
    reasons: counts.all().map(({ nextAt, ...one }) => ({ ...one, nextAt: nextAt === null ? null : new Date(nextAt).toISOString() })),
  }
}

async function countPage(dialer: Dialer, row: CampaignRow, page: readonly ListedEntry[], counts: ReasonCounts, now: number): Promise<void> {
  const { settings, state } = row
  const kinds = new Kinds()
  const persons = page.map((entry) => ({ customerId: entry.customerId, kind: kinds.of(ownReasons(entry, row, now)) }))
  const origin = { kind: 'campaign' as const, running: state === 'running', hours: [{ fromMinute: settings.hours.from, toMinute: settings.hours.to }] }
  for (const alike of await groupAlike(dialer.db, persons, { campaignId: row.campaignId, now: now + dialer.knowledge.calleeOffsetMs, since: now - WINDOW_MAX_MS })) {
    const gate = againstAlike(dialer.knowledge, alike, { origin, cap: settings.attemptsPerPersonPerDay })
    const own = kinds.reasons[alike.kind] ?? []
    counts.add([...own.filter(({ reason }) => reason === 'done'), ...gate, ...own.filter(({ reason }) => reason !== 'done')], alike.count)
  }
}

/** Entries that have the same reasons of their own travel under one number. */
class Kinds {
  readonly reasons: Against[][] = []
  readonly #numbers = new Map<string, number>()

  of(reasons: Against[]): number {
    const key = reasons.map(({ reason }) => reason).join(' ')
    const known = this.#numbers.get(key)
    if (known === undefined) {
      this.#numbers.set(key, this.reasons.length)
      return this.reasons.push(reasons) - 1
    }
    for (const [index, { until }] of reasons.entries()) {
      const kept = this.reasons[known]?.[index]
      if (kept && until !== null && (kept.until === null || until < kept.until)) kept.until = until
    }
    return known
  }
}

/** What the gate says by itself, and anew; a hold by one of these tells nothing that is not known. */
const ASKED_ANEW = new Set([
  'outside-hours', 'attempts-per-day', 'attempts-in-window', 'abandoned-lockout', 'follow-up-paused', 'consent-unknown', 'consent-refused', 'never-call', 'deleted', 'status-invalid', 'status-lost',
  'no-usable-phone', 'do-not-call', 'on-registry', 'registry-missing', 'registry-old', 'time-zone-unknown', 'sandbox-mismatch', 'line-not-permitted', 'facts-missing', 'attempt-open', 'campaign-not-running', 'law-pack-missing',
])

/** What the list itself says of an entry. */
function ownReasons({ state, matches, tries, dueAt, holdReason, wakeAt }: ListedEntry, { settings }: CampaignRow, now: number): Against[] {
  if (state === 'done') return [{ reason: 'done', until: null }]
  const reasons: Against[] = []
  if (!matches) reasons.push({ reason: 'not-in-audience', until: null })
  if (state === 'waiting' && dueAt.getTime() > now) reasons.push({ reason: 'retry-later', until: dueAt.getTime() })
  if (tries >= settings.retry.maxAttempts) reasons.push({ reason: 'attempts-used', until: null })
  if (state === 'waiting' && holdReason !== null && !ASKED_ANEW.has(holdReason)) reasons.push({ reason: holdReason, until: wakeAt?.getTime() ?? null })
  return reasons
}
