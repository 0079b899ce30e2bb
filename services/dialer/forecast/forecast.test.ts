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

test('without a zone there is no forecast, and what says nothing of the person teaches nothing', () => {
  const desk = new AnswerDesk(new Knowledge(() => NOW))
  expect(desk.probability({ ...person, timeZone: null }, NOW)).toBeNull()
  const before = desk.probability(person, NOW)
  desk.learn(person, NOW, 'line-failed')
  desk.learn(person, NOW, 'cancelled')
  expect(desk.probability(person, NOW)).toBe(before)
})
