import { bucketOf } from '@loopline/vocabulary/bucket'
import type { CampaignId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { WhyNotNow } from '@loopline/contracts/campaign'
import { explain } from '@loopline/gate/may-dial'
import { chooseLine } from '@loopline/routing/choose-line'
import { actionOf } from '@loopline/rules/decide'
import type { Decision } from '@loopline/rules/decide'
import { serves } from '../agent/serves.ts'
import { maySee } from '../attempt/scope.ts'
import type { Actor } from '../attempt/scope.ts'
import { readEntries } from '../audience/entry.sql.ts'
import type { Entry } from '../audience/entry.sql.ts'
import { findPerson } from '../audience/find-person.ts'
import type { Person } from '../audience/person.sql.ts'
import type { Dialer } from '../dialer.ts'
import { gateFacts, isOfPlaces, linesThatReach, phoneOf } from '../dialing/decide.ts'
import { numberOpener } from '../dialing/number-opener.ts'
import { failed } from '../errors.ts'
import { readCampaign } from './campaign.sql.ts'
import type { CampaignRow } from './campaign.sql.ts'
import { LiveCampaign } from './live-campaign.ts'

type Reason = WhyNotNow['reasons'][number]

/** Everything that stands between this customer and a call of this campaign, the most absolute first. An agent reads it also of whom he has on his card. */
export async function whyNotNow(dialer: Dialer, actor: Actor, campaignId: CampaignId, customerId: CustomerId): Promise<WhyNotNow> {
  const [row, person] = await Promise.all([readCampaign(dialer.db, campaignId), findPerson(dialer, customerId)])
  if (!row) throw failed('CAMPAIGN_NOT_FOUND', { campaignId })
  if (!person || !(maySee(actor, person.state) || (await serves(dialer, actor.identity.sub as UserId, customerId)))) throw failed('CUSTOMER_NOT_FOUND')
  const [entry] = await readEntries(dialer.db, [{ bucket: bucketOf(customerId), customerId }], [campaignId])
  const now = dialer.clock.now()
  const rules = dialer.knowledge.rules?.beforeDial(person.state, now) ?? null
  const reasons = [...gateReasons(dialer, row, person), ...ownReasons(dialer, row, person, entry, rules), ...lineReasons(dialer, row, person, rules)]
  return {
    customerId, campaignId, inDialList: entry !== undefined && entry.state !== 'withdrawn', entryState: entry?.state ?? null,
    dialable: reasons.length === 0, reasons, priority: entry?.priority ?? null, dueAt: entry?.dueAt.toISOString() ?? null, tries: entry?.tries ?? null,
    rules: rules?.trace.map(({ ruleId, name, matched }) => ({ ruleId, name, matched })) ?? [],
  }
}

function gateReasons({ knowledge }: Dialer, row: CampaignRow, person: Person): Reason[] {
  const { settings } = row
  const origin = { kind: 'campaign' as const, running: row.state === 'running', hours: [{ fromMinute: settings.hours.from, toMinute: settings.hours.to }] }
  const cap = Math.min(settings.attemptsPerPersonPerDay, knowledge.gate.pack?.attemptsPerDayMax ?? 0)
  const calleeNow = knowledge.calleeNow()
  return explain(gateFacts({ person, origin, cap }, { gate: knowledge.gate, calleeNow }), calleeNow, knowledge.gate)
    .map(({ reason, retryAt }) => ({ reason, until: iso(retryAt === null ? null : retryAt - knowledge.calleeOffsetMs), detail: null }))
}

/** What the dial list itself says: not a member, waiting for the next try, done, being called. */
function ownReasons(dialer: Dialer, row: CampaignRow, person: Person, entry: Entry | undefined, rules: Decision | null): Reason[] {
  const reasons: Reason[] = []
  const say = (reason: string, until: number | null = null, detail: string | null = null): void => void reasons.push({ reason, until: iso(until), detail })
  const now = dialer.clock.now()
  if (rules === null) say('rules-missing')
  if (row.loading) say('loading')
  const audience = new LiveCampaign(row, { db: dialer.db, slots: dialer.slots, monotonic: () => dialer.clock.monotonic() }).audience
  const member = entry?.byApi ? null : audience?.evaluate(person.state, now)
  if (!entry?.byApi && member?.matches !== true) say('not-in-audience', member?.recheckAt ?? null)
  if (!entry) return member?.matches === true ? [...reasons, { reason: 'not-in-list-yet', until: null, detail: null }] : reasons
  if (entry.state === 'done') say('done', null, entry.lastOutcome)
  if (entry.state === 'dialing') say('attempt-open')
  if (entry.state === 'waiting' && entry.dueAt.getTime() > now) say('retry-later', entry.dueAt.getTime(), entry.lastOutcome)
  const attemptsMax = (rules && actionOf(rules, 'set-max-attempts')?.count) ?? row.settings.retry.maxAttempts
  if (entry.state !== 'done' && entry.tries >= attemptsMax) say('attempts-used', null, `${entry.tries}/${attemptsMax}`)
  return reasons
}

function lineReasons(dialer: Dialer, row: CampaignRow, person: Person, rules: Decision | null): Reason[] {
  if (dialer.voice.epoch === null) return [{ reason: 'voice-away', until: null, detail: null }]
  const wanted = (rules && actionOf(rules, 'prefer-line-type')?.lineType) ?? null
  const { customerId, sandbox, phones } = person.state
  const all = dialer.lines.candidates(row.settings.lineIds)
  const phone = phoneOf(phones, null)
  const lines = phone ? linesThatReach({ lines: all, numberOf: numberOpener(dialer) }, phone, customerId) : all
  const wish = { wanted, customerId, sandbox, now: dialer.clock.monotonic() }
  const line = chooseLine(lines, wish)
  return 'none' in line ? [{ reason: isOfPlaces(lines, all, wish) ? 'line-not-permitted' : line.none, until: null, detail: null }] : []
}

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString())
