import { bucketOf } from '@loopline/vocabulary/bucket'
import type { CampaignId, CustomerId, LineId, UserId } from '@loopline/vocabulary/ids'
import type { WhyNotNow } from '@loopline/contracts/campaign'
import type { DialFacts, GateContext } from '@loopline/gate/facts'
import { explain, nextAllowed } from '@loopline/gate/may-dial'
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
import { bestPhone } from '../audience/phone-tries.ts'
import type { Dialer } from '../dialer.ts'
import { gateFacts, isOfPlaces, linesThatReach, numberWish, permittedPhones } from '../dialing/decide.ts'
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
  const gate = askGate(dialer, row, person)
  const reasons = [...gate.reasons, ...ownReasons(dialer, row, person, entry, rules), ...lineReasons(dialer, row, person, rules)]
  return {
    customerId, campaignId, inDialList: entry !== undefined && entry.state !== 'withdrawn', entryState: entry?.state ?? null,
    dialable: reasons.length === 0, reasons, nextAt: reasons.length === 0 ? null : nextOf(dialer, gate, reasons), priority: entry?.priority ?? null, dueAt: entry?.dueAt.toISOString() ?? null, tries: entry?.tries ?? null,
    rules: rules?.trace.map(({ ruleId, name, matched }) => ({ ruleId, name, matched })) ?? [],
  }
}

interface Asked {
  reasons: Reason[]
  facts: DialFacts
  gate: GateContext
}

function askGate({ knowledge }: Dialer, row: CampaignRow, person: Person): Asked {
  const { settings } = row
  const origin = { kind: 'campaign' as const, running: row.state === 'running', hours: [{ fromMinute: settings.hours.from, toMinute: settings.hours.to }] }
  const gate = knowledge.gateFor(person)
  const cap = Math.min(settings.attemptsPerPersonPerDay, gate.pack?.attemptsPerDayMax ?? 0)
  const calleeNow = knowledge.calleeNow()
  const facts = gateFacts({ person, origin, campaignId: row.campaignId, cap }, { gate, calleeNow, now: calleeNow - knowledge.calleeOffsetMs })
  const reasons = explain(facts, calleeNow, gate)
    .map(({ reason, retryAt }) => ({ reason, until: iso(retryAt === null ? null : retryAt - knowledge.calleeOffsetMs), detail: null }))
  return { reasons, facts, gate }
}

/** The latest of what time lifts, and from then on the gate asked again: a retry that is due at night waits for the morning. */
function nextOf({ knowledge }: Dialer, { facts, gate }: Asked, reasons: readonly Reason[]): string | null {
  if (reasons.some(({ until }) => until === null)) return null
  const aheadMs = knowledge.calleeOffsetMs
  const notBefore = Math.max(...reasons.map(({ until }) => Date.parse(until as string))) + aheadMs
  const next = nextAllowed(facts, knowledge.calleeNow(), gate, Math.max(notBefore, knowledge.calleeNow()))
  return iso(next === null ? null : next - aheadMs)
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
  const { customerId, sandbox } = person.state
  const all = dialer.lines.candidates(row.settings.lineIds)
  const phone = bestPhone(permittedPhones(person), person.phoneTries, null)?.phone
  const lines = phone ? linesThatReach({ lines: all, numberOf: numberOpener(dialer) }, phone, customerId) : all
  const wish = { wanted, customerId, sandbox, now: dialer.clock.monotonic(), ...numberWish(person) }
  const line = chooseLine(lines, wish)
  if (!('none' in line)) return []
  if (isOfPlaces(lines, all, wish)) return [{ reason: 'line-not-permitted', until: null, detail: null }]
  const usable = lines.filter(({ permitted, enabled, up, sandbox: isSandbox }) => permitted && enabled && up && isSandbox === sandbox).map(({ lineId }) => lineId as LineId)
  return [{ reason: line.none, until: line.none === 'no-caller-id' ? iso(dialer.callerIds.usableAt(usable)) : null, detail: null }]
}

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString())
