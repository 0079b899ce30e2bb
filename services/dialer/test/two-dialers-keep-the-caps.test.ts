import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { bucketOf } from '@loopline/vocabulary/bucket'
import type { AttemptId, LineId } from '@loopline/vocabulary/ids'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { openPool } from '@loopline/postgres/pool'
import type { Database } from '@loopline/postgres/queryable'
import { testDatabase } from '@loopline/postgres/test-database'
import type { TestDatabase } from '@loopline/postgres/test-database'
import { silentLogger } from '@loopline/telemetry/logger'
import { keepAbandoned, keepPersons, readPersons } from '../audience/person.sql.ts'
import type { PlannedAttempt } from '../dialing/planned-attempt.ts'
import { writeAhead } from '../dialing/write-ahead.ts'
import { uncountAttempts } from '../dialing/write-ahead.sql.ts'
import { present } from './harness.ts'
import { customer } from './scripted-crm.ts'

const keys = createKeyring(newKeySet())
const ids = [newId(), newId()] as const
let database: TestDatabase
let pools: (Database & { close(): Promise<void> })[]
beforeAll(async () => {
  database = await testDatabase([new URL('../../../drivers/event-log/migrations', import.meta.url), new URL('../migrations', import.meta.url)])
  pools = ids.map((_, index) => openPool({ url: database.url, name: `dialer-${index}`, max: 4, log: silentLogger() }))
})
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()))
  await database.drop()
})

const MINUTE_MS = 60_000
const CAPS = [{ windowMs: 5 * MINUTE_MS, max: 2 }, { windowMs: 60 * MINUTE_MS, max: 4 }]
const LOCK_MS = 20 * MINUTE_MS

/** What two dialers, sellers and the person do; `tries`: how many plans each dialer writes at that very moment. */
type Event = { kind: 'try'; tries: [number, number]; ends: 'talked' | 'abandoned' | 'never-left' } | { kind: 'wait'; minutes: number } | { kind: 'list' } | { kind: 'unlist' }

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('try' as const), tries: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), ends: fc.constantFrom('talked' as const, 'talked' as const, 'abandoned' as const, 'never-left' as const) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.oneof(fc.nat(3), fc.nat(30)) }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'list' as const }, { kind: 'unlist' as const }) },
)

test('whatever happens, and however many write at once, no person is called over a window, under the lock or while listed', { timeout: 300_000 }, async () => {
  let made = 0
  await fc.assert(fc.asyncProperty(fc.array(anyEvent, { minLength: 5, maxLength: 25 }), async (events) => {
    const state = customer(keys)
    const { customerId } = state
    await keepPersons(database.db, [state], true, keys)
    const person = present((await readPersons(database.db, [customerId])).get(customerId))
    const blind = present(person.phoneMarks?.[0]).blind
    const copyId = newId()
    await database.db.sql`insert into dialer.dnc_list (list_id, kind, name, copy_id, created_at, updated_at) values (${newId()}, 'own', 'x', ${copyId}, now(), now())`
    let now = Date.parse('2026-11-22T02:00:00Z')
    const calls: number[] = []
    let abandonedAt = Number.NEGATIVE_INFINITY
    let isListed = false
    // A dialer decides with what it read long ago: only the statement stands between it and the call.
    const plan = (): PlannedAttempt => ({
      attemptId: newId<AttemptId>(), customerId, bucket: bucketOf(customerId), campaignId: null, campaignName: null, phoneId: present(state.phones[0]).phoneId, phoneSealed: '', lineId: newId<LineId>(), lineName: 'x',
      lineType: '4g', callerId: '1', sandbox: true, actorId: 'somebody', attemptNumber: 1, attemptDay: '2026-11-22', cap: 100, limits: { caps: CAPS, notAbandonedSince: now - LOCK_MS, blind }, priority: 300,
      personVersion: 1, leaseToken: 0, epoch: 'e', dialBy: now + 2_000, startedAt: now, ringTimeMs: 30_000, hangUpAfterMs: null, person, tries: 0, uncountedTries: 0, triedAt: [], agent: null, serve: null, talk: null,
      decision: { gate: { allowed: true, reason: null, packVersion: 1 }, rules: [], lineType: { wanted: null, given: '4g', reason: 'by-priority' }, ringTimeMs: 30_000, priority: 300, calleeTime: '10:00' },
    })
    for (const event of events) {
      if (event.kind === 'wait') now += event.minutes * MINUTE_MS + 1
      else if (event.kind === 'list') {
        await database.db.sql`insert into dialer.dnc (blind_index, copy_id, added_at) values (decode(${blind}, 'hex'), ${copyId}, now()) on conflict do nothing`
        isListed = true
      } else if (event.kind === 'unlist') {
        await database.db.sql`delete from dialer.dnc where copy_id = ${copyId}`
        isListed = false
      } else {
        const writes = event.tries.flatMap((count, index) => Array.from({ length: count }, () => writeAhead(pools[index] as Database, ids[index] as string, [plan()], now)))
        const written = (await Promise.all(writes)).flatMap((result) => result.written)
        expect(written.length).toBeLessThanOrEqual(1)
        const [call] = written
        if (!call) continue
        made += 1
        expect(isListed).toBe(false)
        expect(now - abandonedAt).toBeGreaterThanOrEqual(LOCK_MS)
        await database.db.sql`update dialer.attempt set ended_at = now() where customer_id = ${customerId} and id = ${call.attemptId}`
        if (event.ends === 'never-left') await uncountAttempts(database.db, [call])
        else calls.push(now)
        if (event.ends === 'abandoned') {
          await keepAbandoned(database.db, [customerId], now)
          abandonedAt = now
        }
        for (const { windowMs, max } of CAPS) expect(calls.filter((at) => at > now - windowMs).length).toBeLessThanOrEqual(max)
      }
    }
  }), { numRuns: 40 })
  expect(made).toBeGreaterThan(40)
})
