import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Knowledge } from '../knowledge/knowledge.ts'
import { openWorld } from '../test/harness.ts'
import type { World } from '../test/harness.ts'
import { AnswerDesk } from './answer-desk.ts'
import type { AskedCall } from './answer-desk.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world.close())

const NOW = Date.parse('2026-11-24T02:00:00Z')
const person: AskedCall = { customerId: randomUUID(), campaignId: randomUUID(), lineId: randomUUID(), level: 'A', region: '北京', timeZone: 'Asia/Shanghai' }

test('what was learnt survives a restart to the last digit; of another version it is learnt anew from the calls', async () => {
  const { db } = world.database
  const first = new AnswerDesk(new Knowledge(() => NOW))
  const before = first.probability(person, NOW) as number
  for (let day = 10; day > 0; day -= 1) first.learn(person, NOW - day * 86_400_000, 'connected')
  const learnt = first.probability(person, NOW) as number
  expect(learnt).toBeGreaterThan(before)
  await first.save(db, NOW)

  const second = new AnswerDesk(new Knowledge(() => NOW))
  await second.recall(db, NOW)
  expect(second.probability(person, NOW)).toBe(learnt)

  await db.execute`update dialer.forecast set version = version + 1`
  const third = new AnswerDesk(new Knowledge(() => NOW))
  await third.recall(db, NOW)
  expect(third.probability(person, NOW)).toBe(before)
})

test('learns anew from the calls in the table, those of another version of the state as well', async () => {
  const { db } = world.database
  const { customerId, campaignId, lineId, level, region, timeZone } = person
  const state = JSON.stringify({ customerId, level, region, timeZone })
  await db.execute`
    insert into dialer.person (customer_id, version, state, deleted, never_call, status, marketing_consent, sandbox)
    values (${customerId}, 1, ${state}::json, false, false, 'active', 'granted', true)`
  const expected = new AnswerDesk(new Knowledge(() => NOW))
  for (let day = 8; day > 0; day -= 1) {
    const startedAt = NOW - day * 86_400_000
    const outcome = day % 2 === 0 ? 'connected' : 'no-answer'
    await db.execute`
      insert into dialer.attempt (customer_id, id, campaign_id, phone_id, line_id, decision, attempt_number, priority, lease_token, dialer_id, epoch, dial_by, started_at, ended_at, outcome)
      values (${customerId}, ${uuid7(startedAt)}, ${campaignId}, ${randomUUID()}, ${lineId}, '{}', 1, 100, 1, ${randomUUID()}, 'e', ${new Date(startedAt)}, ${new Date(startedAt)},
              ${new Date(startedAt + 30_000)}, ${outcome})`
    expected.learn(person, startedAt, outcome)
  }
  // Given up by pacing after 18 of 30 s: whether somebody would have answered nobody knows.
  const givenUpAt = NOW - 3_600_000
  await db.execute`
    insert into dialer.attempt (customer_id, id, campaign_id, phone_id, line_id, decision, attempt_number, priority, lease_token, dialer_id, epoch, dial_by, started_at, ended_at, outcome, outcome_reason)
    values (${customerId}, ${uuid7(givenUpAt)}, ${campaignId}, ${randomUUID()}, ${lineId}, '{"ringTimeMs":30000}', 1, 100, 1, ${randomUUID()}, 'e', ${new Date(givenUpAt)}, ${new Date(givenUpAt)},
            ${new Date(givenUpAt + 18_000)}, 'no-answer', 'ring-time-out')`
  await db.execute`update dialer.forecast set version = -1`
  const anew = new AnswerDesk(new Knowledge(() => NOW))
  await anew.recall(db, NOW)
  expect(anew.probability(person, NOW)).toBe(expected.probability(person, NOW))
  expect(anew.probability(person, NOW)).not.toBe(new AnswerDesk(new Knowledge(() => NOW)).probability(person, NOW))
})

function uuid7(at: number): string {
  const hex = at.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${randomUUID().slice(15)}`
}

test('without a zone there is no forecast, and what says nothing of the person teaches nothing', () => {
  const desk = new AnswerDesk(new Knowledge(() => NOW))
  expect(desk.probability({ ...person, timeZone: null }, NOW)).toBeNull()
  const before = desk.probability(person, NOW)
  desk.learn(person, NOW, 'line-failed')
  desk.learn(person, NOW, 'cancelled')
  expect(desk.probability(person, NOW)).toBe(before)
})
