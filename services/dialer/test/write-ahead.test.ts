import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { bucketOf } from '@loopline/vocabulary/bucket'
import type { AttemptId, CampaignId, LineId } from '@loopline/vocabulary/ids'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { testDatabase } from '@loopline/postgres/test-database'
import type { TestDatabase } from '@loopline/postgres/test-database'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { addEntries } from '../audience/entry.sql.ts'
import { keepPersons, readPersons } from '../audience/person.sql.ts'
import { takeSlots } from '../owner/owner.sql.ts'
import { claimReady } from '../pool/claim.sql.ts'
import type { PlannedAttempt } from '../dialing/planned-attempt.ts'
import { writeAhead } from '../dialing/write-ahead.ts'
import { uncountAttempts } from '../dialing/write-ahead.sql.ts'
import { present } from './harness.ts'
import { customer } from './scripted-crm.ts'

let database: TestDatabase
const keys = createKeyring(newKeySet())
const campaignId = newId<CampaignId>()
const dialerId = newId()
beforeAll(async () => {
  database = await testDatabase([new URL('../../../drivers/event-log/migrations', import.meta.url), new URL('../migrations', import.meta.url)])
  await database.db.sql`insert into dialer.campaign (campaign_id, name, state, settings, created_at, updated_at) values (${campaignId}, 'x', 'running', '{}', now(), now())`
  await takeSlots(database.db, dialerId, Array.from({ length: 64 }, (_, partition) => ({ partition, token: 1 })))
})
afterAll(() => database.drop())

/** A leased entry of a new customer, planned as the loop would. */
async function planned(fields: Partial<CustomerState> = {}): Promise<PlannedAttempt> {
  const state = customer(keys, fields)
  const { customerId } = state
  const bucket = bucketOf(customerId)
  await keepPersons(database.db, [state], true, keys)
  await addEntries(database.db, [{ bucket, customerId, campaignId, byApi: false, placement: { matches: true, priority: 300, recheckAt: null, hold: null } }], Date.now() - 1_000)
  const [slot] = await database.db.sql<{ token: number }>`select token from dialer.slot where slot = ${bucket % 64}`
  const token = slot?.token ?? 0
  const [claimed] = await claimReady(database.db, campaignId, [{ bucket, token, take: 1 }], 0)
  expect(claimed?.customerId).toBe(customerId)
  const person = present((await readPersons(database.db, [customerId])).get(customerId))
  const now = Date.now()
  return {
    attemptId: newId<AttemptId>(), customerId, bucket, campaignId, campaignName: 'x', phoneId: present(state.phones[0]).phoneId, phoneSealed: '', lineId: newId<LineId>(), lineName: 'x',
    lineType: '4g', callerId: '1', sandbox: true, actorId: null, attemptNumber: 1, attemptDay: '2026-11-22', cap: 3, limits: { caps: [], notAbandonedSince: null, blind: present(person.phoneMarks?.[0]).blind }, priority: 300, personVersion: 1, leaseToken: token,
    epoch: 'e', dialBy: now + 2_000, startedAt: now, ringTimeMs: 30_000, hangUpAfterMs: null, person, tries: 0, uncountedTries: 0, triedAt: [], agent: null, serve: null, talk: null,
    decision: { gate: { allowed: true, reason: null, packVersion: 1 }, rules: [], lineType: { wanted: null, given: '4g', reason: 'by-priority' }, ringTimeMs: 30_000, priority: 300, calleeTime: '10:00' },
  }
}
const write = (...attempts: PlannedAttempt[]): ReturnType<typeof writeAhead> => writeAhead(database.db, dialerId, attempts, Date.now())
const attemptsToday = async (attempt: PlannedAttempt): Promise<number> => present((await readPersons(database.db, [attempt.customerId])).get(attempt.customerId)).attemptsThatDay

test('a good plan is written and counted', async () => {
  const attempt = await planned()
  expect((await write(attempt)).written).toEqual([attempt])
  expect(await attemptsToday(attempt)).toBe(1)
})

/** Puts the number of this attempt on a new list. */
async function list({ limits }: PlannedAttempt, kind: 'own' | 'campaign' | 'registry', ofCampaign: string | null = null): Promise<void> {
  const copyId = newId()
  await database.db.sql`insert into dialer.dnc_list (list_id, kind, name, campaign_id, copy_id, created_at, updated_at) values (${newId()}, ${kind}, 'x', ${ofCampaign}, ${copyId}, now(), now())`
  await database.db.sql`insert into dialer.dnc (blind_index, copy_id, added_at) values (decode(${limits.blind}, 'hex'), ${copyId}, now())`
}

const STALE: { name: string; change: (attempt: PlannedAttempt) => Promise<unknown> }[] = [
  { name: 'the customer changed', change: ({ customerId }) => database.db.sql`update dialer.person set version = 2 where customer_id = ${customerId}` },
  { name: 'the customer must never be called', change: ({ customerId }) => database.db.sql`update dialer.person set never_call = true where customer_id = ${customerId}` },
  { name: 'consent was withdrawn', change: ({ customerId }) => database.db.sql`update dialer.person set marketing_consent = 'refused' where customer_id = ${customerId}` },
  { name: 'the number was found invalid', change: ({ customerId }) => database.db.sql`update dialer.person set status = 'invalid' where customer_id = ${customerId}` },
  { name: 'the customer was removed', change: ({ customerId }) => database.db.sql`update dialer.person set deleted = true where customer_id = ${customerId}` },
  { name: 'the cap of the day is reached', change: ({ customerId }) => database.db.sql`update dialer.person set attempt_day = '2026-11-22', attempts_that_day = 3 where customer_id = ${customerId}` },
  { name: 'a real person on a sandbox line', change: ({ customerId }) => database.db.sql`update dialer.person set sandbox = false where customer_id = ${customerId}` },
  { name: 'a rolling window is full', change: async (attempt) => {
    attempt.limits = { ...attempt.limits, caps: [{ windowMs: 300_000, max: 2 }] }
    await database.db.sql`update dialer.person set recent_at = ${[attempt.startedAt - 1_000, attempt.startedAt - 299_999]}::bigint[] where customer_id = ${attempt.customerId}`
  } },
  { name: 'a call was abandoned on the person within the lock', change: async (attempt) => {
    attempt.limits = { ...attempt.limits, notAbandonedSince: attempt.startedAt - 3_600_000 }
    await database.db.sql`update dialer.person set abandoned_at = ${attempt.startedAt - 1_000}::bigint where customer_id = ${attempt.customerId}`
  } },
  { name: 'a number of the person is on the company’s own list', change: (attempt) => list(attempt, 'own') },
  { name: 'a number of the person is on the campaign’s list', change: (attempt) => list(attempt, 'campaign', campaignId) },
  { name: 'the number is in a registry', change: (attempt) => list(attempt, 'registry') },
  { name: 'the person’s numbers were never looked up', change: ({ customerId }) => database.db.sql`update dialer.person set phone_blind = null where customer_id = ${customerId}` },
  { name: 'the number is another one', change: async (attempt) => { attempt.limits = { ...attempt.limits, blind: '00' } } },
]
for (const { name, change } of STALE) {
  test(`nothing is written when ${name}`, async () => {
    const attempt = await planned()
    await change(attempt)
    const result = await write(attempt)
    expect(result).toEqual({ written: [], stale: [attempt], lost: [], unserved: [] })
    expect(await database.db.sql`select from dialer.attempt where customer_id = ${attempt.customerId}`).toHaveLength(0)
  })
}

const LOST: { name: string; change: (attempt: PlannedAttempt) => Promise<unknown> }[] = [
  { name: 'the slot went to another dialer (a zombie)', change: ({ bucket }) => takeSlots(database.db, newId(), [{ partition: bucket % 64, token: 1_000 + bucket }]) },
  { name: 'the lease ran out', change: ({ customerId }) => database.db.sql`update dialer.entry set lease_until = now() - interval '1 ms' where customer_id = ${customerId}` },
  { name: 'the lease is another one', change: ({ customerId }) => database.db.sql`update dialer.entry set lease_token = 99 where customer_id = ${customerId}` },
  { name: 'the customer left the audience', change: ({ customerId }) => database.db.sql`update dialer.entry set state = 'withdrawn', matches = false where customer_id = ${customerId}` },
  { name: 'the campaign was stopped', change: () => database.db.sql`update dialer.campaign set state = 'stopped' where campaign_id = ${campaignId}` },
]
for (const { name, change } of LOST) {
  test(`nothing is written and nothing counted when ${name}`, async () => {
    const attempt = await planned()
    await change(attempt)
    const result = await write(attempt)
    expect(result).toEqual({ written: [], stale: [], lost: [attempt], unserved: [] })
    expect(await attemptsToday(attempt)).toBe(0)
    await database.db.sql`update dialer.campaign set state = 'running' where campaign_id = ${campaignId}`
  })
}

test('of many plans at once for one person exactly one is written', async () => {
  const attempt = await planned()
  const byHand = (): PlannedAttempt => ({ ...attempt, attemptId: newId<AttemptId>(), campaignId: null, actorId: 'somebody' })
  const results = await Promise.all([write(attempt), ...Array.from({ length: 5 }, () => write(byHand()))])
  expect(results.flatMap((result) => result.written)).toHaveLength(1)
  expect(await attemptsToday(attempt)).toBe(1)
})

test('a window that is old, a list of another campaign and a lock that is over let the call pass', async () => {
  const attempt = await planned()
  await list(attempt, 'campaign', newId())
  await database.db.sql`update dialer.person set recent_at = ${[attempt.startedAt - 300_000]}::bigint[], abandoned_at = ${attempt.startedAt - 3_600_000}::bigint where customer_id = ${attempt.customerId}`
  attempt.limits = { ...attempt.limits, caps: [{ windowMs: 300_000, max: 1 }], notAbandonedSince: attempt.startedAt - 3_600_000 }
  expect((await write(attempt)).written).toEqual([attempt])
  expect(present((await readPersons(database.db, [attempt.customerId])).get(attempt.customerId)).recentAt).toEqual([attempt.startedAt, attempt.startedAt - 300_000])
})

test('an attempt that nobody received is taken out of the windows again', async () => {
  const attempt = await planned()
  await write(attempt)
  await uncountAttempts(database.db, [attempt])
  expect(present((await readPersons(database.db, [attempt.customerId])).get(attempt.customerId))).toMatchObject({ recentAt: [], attemptsThatDay: 0 })
})
