import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { DELIVERED, endedCall, logged } from '../test/call.ts'
import { person, startHarness } from '../test/harness.ts'
import type { Answered, Harness } from '../test/harness.ts'
import { consumeCalls } from '../outcome/consume-calls.ts'

let crm: Harness
const dialer = { sub: 'service:dialer', role: 'service' as const, name: 'dialer', teamId: null }
const agent = person('agent', newId())
beforeAll(async () => { crm = await startHarness() })
afterAll(() => crm.close())

const indexOf = (number: string): string => crm.deps.keys.blindIndex(number).toString('base64')
const byPhone = async (number: string): Promise<{ found: { customer: Answered; phoneId: string } | null }> =>
  (await crm.ask(dialer, 'POST', '/internal/customers/by-phone', { blindIndex: indexOf(number) })).body as never
const seal = (number: string, attemptId: string): string => crm.deps.keys.seal(number, attemptId).toString('base64')
const fromCaller = (customerId: string, attemptId: string, number: string, fields: object = {}) =>
  crm.ask(dialer, 'POST', '/internal/customers/from-caller', { customerId, attemptId, sealed: seal(number, attemptId), name: '赵六', actor: agent, ...fields })

test('the dialer asks whose number it is by its blind index; a person may not', async () => {
  const { body: known } = await crm.ask(agent, 'POST', '/customers', { name: '李娜', phones: ['13812340001', '13812340002'] })
  expect(await byPhone('+8613812340002')).toMatchObject({ found: { customer: { customerId: known.customerId, name: '李娜' }, phoneId: known.phones[1]?.phoneId } })
  expect(await byPhone('+8613812349999')).toEqual({ found: null })
  expect((await crm.ask(agent, 'POST', '/internal/customers/by-phone', { blindIndex: indexOf('+8613812340001') })).status).toBe(403)
  await crm.ask(person('admin'), 'DELETE', `/customers/${known.customerId}?version=${known.version}`)
  expect(await byPhone('+8613812340001')).toEqual({ found: null })
})

test('a caller without a record gets one under the id of his calls, and is the customer of who made it', async () => {
  const [customerId, attemptId] = [newId(), newId()]
  const apply = consumeCalls(crm.deps)
  const call = endedCall(customerId, newId(), crm.clock.now(), { attemptId: attemptId as never, direction: 'inbound', outcome: 'connected' })
  await apply([logged(call)], DELIVERED)
  expect(await fromCaller(customerId, attemptId, '+8613812350001')).toMatchObject({ status: 200, body: { customer: { customerId, name: '赵六', ownerId: agent.sub, phones: [{ position: 0, state: 'usable' }] } } })
  expect(await byPhone('+8613812350001')).toMatchObject({ found: { customer: { customerId } } })
  const { body: timeline } = await crm.ask(agent, 'GET', `/customers/${customerId}/timeline`)
  expect(timeline.items.map(({ kind }) => kind).toSorted()).toEqual(['call', 'created'])
  expect(await fromCaller(customerId, attemptId, '+8613812350001')).toMatchObject({ status: 200, body: { customer: { customerId } } })
  expect(await fromCaller(newId(), attemptId, '+8613812350001')).toMatchObject({ status: 409, body: { error: { code: 'PHONE_TAKEN' } } })
  expect((await fromCaller(newId(), newId(), '+8613812350002', { sealed: seal('+8613812350002', 'another call') })).status).toBe(500)
  expect((await fromCaller(newId(), newId(), '+8613812350003', { actor: person('auditor') })).status).toBe(403)
})

test('a call from the customer counts as reached when we spoke, and as nothing when we missed it', async () => {
  const apply = consumeCalls(crm.deps)
  const { body: who } = await crm.ask(agent, 'POST', '/customers', { name: '孙七', phones: ['13812360001'] })
  const call = (fields: object) => logged(endedCall(who.customerId, who.phones[0]?.phoneId as string, crm.clock.now(), fields))
  const now = async (): Promise<Answered> => (await crm.ask(agent, 'GET', `/customers/${who.customerId}`)).body
  await apply([call({ outcome: 'no-answer' })], DELIVERED)
  const before = await now()
  expect(before).toMatchObject({ noAnswerStreak: 1, attemptCount: 1 })
  await apply([call({ outcome: 'abandoned', direction: 'inbound' })], DELIVERED)
  expect(await now()).toEqual(before)
  crm.clock.advance(60_000)
  await apply([call({ outcome: 'connected', direction: 'inbound' })], DELIVERED)
  expect(await now()).toMatchObject({ noAnswerStreak: 0, attemptCount: 1, lastOutcome: 'connected', lastCalledAt: before.lastCalledAt, lastFollowUpAt: expect.any(String) })
  const { body: timeline } = await crm.ask(agent, 'GET', `/customers/${who.customerId}/timeline`)
  expect(timeline.items.filter(({ kind }) => kind === 'call').map(({ body }) => [body['direction'], body['outcome']]))
    .toEqual([['inbound', 'connected'], ['inbound', 'abandoned'], [undefined, 'no-answer']])
})
