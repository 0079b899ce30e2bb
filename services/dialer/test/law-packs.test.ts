import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHINA_DEFAULT, DEFAULT_PACKS } from '@loopline/gate/default-packs'
import type { LawPack } from '@loopline/gate/law-pack'
import type { LawPacksSetting, SettingChanged } from '@loopline/contracts/setting-event'
import { keyOf, makeEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import { createNotifier } from '@loopline/postgres/notify'
import { inTransaction } from '@loopline/postgres/transaction'
import type { RunningDialer } from '../main.ts'
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

/** As hub tells that the packs were edited. */
async function tell(version: number, packs: readonly LawPack[]): Promise<void> {
  const value = { packs } as unknown as LawPacksSetting
  const event = makeEvent<SettingChanged>({ type: 'hub.setting.changed', key: keyOf('hub.setting/law-packs'), sequence: version, time: Date.now(), data: { key: 'law-packs', version, value } })
  const notifier = createNotifier({ url: world.database.url, name: 'hub' })
  await inTransaction(world.database.db, (transaction) => publish(transaction, notifier, [event]))
  await notifier.close()
}

const held = async (customerId: string): Promise<string | null | undefined> =>
  (await world.database.db.sql<{ reason: string | null }>`select hold_reason as reason from dialer.entry where customer_id = ${customerId} and state = 'waiting'`)[0]?.reason
const attempts = (customerId: string): Promise<{ decision: { gate: Record<string, unknown> } }[]> => world.database.db.sql`select decision from dialer.attempt where customer_id = ${customerId}`

test('a law that closes the day puts everybody aside, and one that opens it calls them; the decision tells by which law', async () => {
  await tell(2, [{ ...CHINA_DEFAULT, version: 2, specialDays: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], dates: [], hours: [] }] }, ...DEFAULT_PACKS.slice(1)])
  await until(async () => (await world.database.db.sql`select from dialer.knowledge where key = 'law-packs' and version = 2`).length === 1, 'the packs are known')
  const person = customer(world.keys, { region: 'law' })
  world.crm.add(person)
  await startCampaign(world, dialer.url, { audience: region('law') })
  await until(async () => (await held(person.customerId)) === 'outside-hours', 'the person is put aside')
  expect(await attempts(person.customerId)).toHaveLength(0)
  await tell(3, [{ ...CHINA_DEFAULT, version: 3 }, ...DEFAULT_PACKS.slice(1)])
  await until(async () => (await attempts(person.customerId)).length === 1, 'the person is called')
  expect((await attempts(person.customerId))[0]?.decision.gate).toMatchObject({
    allowed: true, packVersion: 3, packId: 'cn-default', gateVersion: 2, attemptsThatDay: 0, attemptsPerDayMax: 3,
    windows: [{ windowMs: 86_400_000, max: 5, seen: 0 }, { windowMs: 300_000, max: 3, seen: 0 }],
  })
})

test('persons kept before numbers were marked are marked by themselves, and called', async () => {
  const person = customer(world.keys, { region: 'unmarked' })
  world.crm.add(person)
  const made = await world.ask<{ campaignId: string }>(dialer.url, 'POST', '/campaigns', { name: 'X', audience: region('unmarked'), ratePerSecond: 50, maxConcurrent: 10 })
  // Asking why keeps the person here, before anybody could call him.
  await world.ask(dialer.url, 'GET', `/campaigns/${made.body.campaignId}/why-not/${person.customerId}`)
  await world.database.db.sql`update dialer.person set phone_ids = null, phone_blind = null, phone_prefixes = null where customer_id = ${person.customerId}`
  await until(async () => (await world.database.db.sql`select from dialer.person where customer_id = ${person.customerId} and phone_blind is not null`).length === 1, 'the numbers are marked')
  await world.ask(dialer.url, 'POST', `/campaigns/${made.body.campaignId}/start`, {})
  await until(async () => (await attempts(person.customerId)).length === 1, 'the person is called')
})
