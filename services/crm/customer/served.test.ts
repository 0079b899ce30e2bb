import { afterAll, beforeAll, expect, test } from 'vitest'
import { person, startHarness } from '../test/harness.ts'
import type { Harness } from '../test/harness.ts'

let crm: Harness
beforeAll(async () => { crm = await startHarness() })
afterAll(() => crm.close())

let next = 0
async function somebodyElses(): Promise<{ customerId: string; version: number; phones: { phoneId: string }[] }> {
  const { body } = await crm.ask(person('admin'), 'POST', '/customers', { name: '张伟', phones: [`1392${String(1_000_000 + next++)}`] })
  return body
}

test('an agent reads, edits and notes on the customer of his call, whoever owns him, and only while he serves him', async () => {
  const agent = person('agent')
  const { customerId } = await somebodyElses()
  expect((await crm.ask(agent, 'GET', `/customers/${customerId}`)).status).toBe(404)
  crm.served.set(agent.sub, customerId)
  expect((await crm.ask(agent, 'GET', `/customers/${customerId}`)).body).toMatchObject({ customerId, name: '张伟' })
  expect((await crm.ask(agent, 'GET', `/customers/${customerId}/timeline`)).status).toBe(200)
  expect((await crm.ask(agent, 'PATCH', `/customers/${customerId}`, { version: 1, industry: '制造' })).body).toMatchObject({ version: 2, industry: '制造' })
  expect((await crm.ask(agent, 'PATCH', `/customers/${customerId}`, { version: 1, industry: '零售' })).status).toBe(409)
  expect((await crm.ask(agent, 'POST', `/customers/${customerId}/follow-ups`, { note: '下周再谈' })).status).toBe(201)
  const { body } = await crm.ask(agent, 'GET', '/customers')
  expect(body.items).toEqual([]) // in no list
  crm.served.delete(agent.sub)
  expect((await crm.ask(agent, 'GET', `/customers/${customerId}`)).status).toBe(404)
})

test('serving opens one customer, not the number, not another one; without the dialer nobody serves anybody', async () => {
  const agent = person('agent')
  const [mine, other] = [await somebodyElses(), await somebodyElses()]
  crm.served.set(agent.sub, mine.customerId)
  expect((await crm.ask(agent, 'GET', `/customers/${other.customerId}`)).status).toBe(404)
  expect((await crm.ask(agent, 'POST', `/customers/${mine.customerId}/phones/${mine.phones[0]?.phoneId}/reveal`)).status).toBe(403)
  crm.served.set(agent.sub, 'away')
  expect((await crm.ask(agent, 'GET', `/customers/${mine.customerId}`)).status).toBe(404)
})
