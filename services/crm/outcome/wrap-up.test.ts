import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { CallEnded } from '@loopline/contracts/call-event'
import { DELIVERED, endedCall, logged, wrappedUp } from '../test/call.ts'
import { person, startHarness } from '../test/harness.ts'
import type { Answered, Harness } from '../test/harness.ts'
import { consumeCalls } from './consume-calls.ts'

let crm: Harness
let apply: ReturnType<typeof consumeCalls>
const admin = person('admin')
beforeAll(async () => {
  crm = await startHarness()
  apply = consumeCalls(crm.deps)
})
afterAll(() => crm.close())

let next = 0
async function customer(): Promise<Answered> {
  return (await crm.ask(admin, 'POST', '/customers', { name: '李娜', phones: [`1371${1_000_000 + next++}`] })).body
}
const call = ({ customerId, phones }: Answered): CallEnded => endedCall(customerId, phones[0]?.phoneId as string, crm.clock.now(), { outcome: 'connected' })
const now = async ({ customerId }: Answered): Promise<Answered> => (await crm.ask(admin, 'GET', `/customers/${customerId}`)).body
const timeline = async ({ customerId }: Answered) => (await crm.ask(admin, 'GET', `/customers/${customerId}/timeline`)).body.items

test('notes and promise stand on the call and as a follow-up; told again they change nothing', async () => {
  const who = await customer()
  const ended = call(who)
  const promise = { callbackId: newId(), at: crm.clock.now() + 3_600_000, agentId: null }
  const notes = wrappedUp(ended, { disposition: '有意向', note: '下周再谈', callback: promise, outcome: 'connected' })
  await apply([logged(ended), notes], DELIVERED)
  await crm.takeEvents()
  await apply([notes], DELIVERED)
  expect(await crm.takeEvents()).toEqual([])
  const [followUp, ...before] = await timeline(who)
  const item = before.find(({ kind }) => kind === 'call')
  expect(followUp).toMatchObject({ kind: 'follow-up', actorName: '王芳', body: { note: '下周再谈', disposition: '有意向', callback: promise, attemptId: ended.attemptId } })
  expect(item).toMatchObject({ kind: 'call', id: ended.attemptId, body: { outcome: 'connected', agentName: '王芳', disposition: '有意向', note: '下周再谈', confirmedOutcome: 'connected' } })
  expect(await now(who)).toMatchObject({ version: 3, lastFollowUpAt: new Date(ended.endedAt + 20_000).toISOString() })
})

test('a wrap-up without a word leaves no follow-up', async () => {
  const who = await customer()
  const ended = call(who)
  await apply([logged(ended), wrappedUp(ended, {})], DELIVERED)
  expect((await timeline(who)).map(({ kind }) => kind).filter((kind) => kind === 'follow-up')).toEqual([])
  expect(await now(who)).toMatchObject({ version: 2 })
})

test('the notes of a call that this CRM never heard of are kept all the same', async () => {
  const who = await customer()
  await apply([wrappedUp(call(who), { note: '先到了' })], DELIVERED)
  expect((await timeline(who))[0]).toMatchObject({ kind: 'follow-up', body: { note: '先到了' } })
})
