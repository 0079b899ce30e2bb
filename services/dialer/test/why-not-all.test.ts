import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CampaignWhyNot } from '@loopline/contracts/campaign'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { RunningDialer } from '../main.ts'
import { OWN_LIST } from '../dnc/list.sql.ts'
import { addLine, openWorld, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
  await addLine(world, dialer.url)
})
afterAll(() => world.close())

const numberOf = ({ customerId, phones }: CustomerState): string => world.keys.openPhone(Buffer.from(phones[0]?.sealed ?? '', 'base64'), customerId).reveal()

/** Ten persons, of whom four may be called. */
async function crowd(inRegion: string): Promise<CustomerState[]> {
  const make = (fields: Partial<CustomerState> = {}): CustomerState => customer(world.keys, { region: inRegion, ...fields })
  const people = [
    make(), make(), make(), make(), make({ neverCall: true }), make({ marketingConsent: 'unknown' }), make({ marketingConsent: 'unknown', timeZone: null }), make({ timeZone: 'America/New_York' }), make(),
    make({ followUpPausedUntil: Date.now() + 40 * 86_400_000 }),
  ]
  world.crm.add(...people)
  await world.ask(dialer.url, 'POST', `/dnc/lists/${OWN_LIST}/numbers`, { phone: numberOf(people[8] as CustomerState), reason: 'asked' })
  return people
}

test('a whole list as counts: every reason of everybody, the first of each, and when time lifts it', async () => {
  const people = await crowd('counted')
  const made = await world.ask<{ campaignId: string }>(dialer.url, 'POST', '/campaigns', { name: 'X', audience: region('counted'), ratePerSecond: 0.1, maxConcurrent: 1 })
  const { campaignId } = made.body
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/start`, {})
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/pause`, {})
  await until(async () => (await world.database.db.sql`select from dialer.campaign where campaign_id = ${campaignId} and not loading`).length === 1, 'the list is loaded')
  const { body } = await world.ask<CampaignWhyNot>(dialer.url, 'GET', `/campaigns/${campaignId}/why-not`)
  expect(body).toMatchObject({ persons: 10, callableNow: 0 })
  const of = (reason: string) => body.reasons.find((one) => one.reason === reason)
  expect(of('campaign-not-running')).toMatchObject({ count: 10 })
  expect(of('never-call')).toMatchObject({ count: 1, first: 1, nextAt: null })
  expect(of('do-not-call')).toMatchObject({ count: 1, first: 1 })
  expect(of('consent-unknown')).toMatchObject({ count: 2, first: 2 })
  expect(of('time-zone-unknown')).toMatchObject({ count: 1, first: 0 })
  expect(of('follow-up-paused')).toMatchObject({ count: 1, nextAt: expect.stringContaining('T') as never })
  expect(body.reasons.reduce((sum, { first }) => sum + first, 0)).toBe(10)
  const one = await world.ask<{ reasons: { reason: string }[]; nextAt: string | null }>(dialer.url, 'GET', `/campaigns/${campaignId}/why-not/${people[6]?.customerId}`)
  expect(one.body.reasons.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['consent-unknown', 'campaign-not-running', 'time-zone-unknown']))
  expect(one.body.nextAt).toBeNull()
})

test('an audience that is only thought of is judged whole', async () => {
  const people = await crowd('thought')
  const { body } = await world.ask<{ matching: number; callableNow: number; sampled: boolean; reasons: { reason: string; count: number }[] }>(dialer.url, 'POST', '/campaigns/audience-preview', { audience: region('thought') })
  const counts = Object.fromEntries(body.reasons.map(({ reason, count }) => [reason, count]))
  expect(body).toMatchObject({ matching: 10, sampled: false })
  expect(counts).toMatchObject({ 'never-call': 1, 'do-not-call': 1, 'consent-unknown': 2, 'time-zone-unknown': 1, 'follow-up-paused': 1 })
  expect(body.callableNow).toBeGreaterThanOrEqual(4)
  // Who was just called as often as the law lets is not callable now.
  const [called] = people as [CustomerState]
  await startCampaign(world, dialer.url, { audience: region('thought') })
  await until(async () => (await world.database.db.sql`select from dialer.attempt where customer_id = ${called.customerId} and ended_at is not null`).length === 1, 'called')
  await world.database.db.sql`update dialer.person set recent_at = ${[Date.now(), Date.now() - 1_000, Date.now() - 2_000]}::bigint[] where customer_id = ${called.customerId}`
  const again = await world.ask<typeof body>(dialer.url, 'POST', '/campaigns/audience-preview', { audience: region('thought') })
  expect(again.body.reasons).toContainEqual({ reason: 'attempts-in-window', count: 1 })
})

test('when next: a retry that is due at night waits for the morning of the callee', async () => {
  const person = customer(world.keys, { region: 'next' })
  world.crm.add(person)
  world.voice.script = () => ({ ringingAt: null, answeredAt: null, evidence: { sipStatus: 486, endedBy: 'carrier' } })
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('next'), retry: { maxAttempts: 3, afterMinutes: { busy: 660 } } })
  await until(async () => (await world.database.db.sql`select from dialer.entry where customer_id = ${person.customerId} and state = 'waiting' and last_outcome = 'busy'`).length === 1, 'it waits for its retry')
  const { body } = await world.ask<{ nextAt: string; reasons: { reason: string; until: string }[] }>(dialer.url, 'GET', `/campaigns/${campaignId}/why-not/${person.customerId}`)
  expect(body.reasons.map(({ reason }) => reason)).toEqual(['retry-later'])
  // It is about noon there: eleven hours later is night, and the law opens at eight.
  const waitMs = Date.parse(body.nextAt) - Date.parse(body.reasons[0]?.until ?? '')
  expect(waitMs).toBeGreaterThan(8 * 3_600_000)
  expect(waitMs).toBeLessThan(10 * 3_600_000)
})
