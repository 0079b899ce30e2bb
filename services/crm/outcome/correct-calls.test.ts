import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallEnded } from '@loopline/contracts/call-event'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { DELIVERED, corrected, endedCall, logged } from '../test/call.ts'
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
const number = (): string => `1391${1_000_000 + next++}`
async function customer(phones = [number()]): Promise<Answered> {
  return (await crm.ask(admin, 'POST', '/customers', { name: '李娜', phones })).body
}
function call({ customerId, phones }: Answered, outcome: Outcome, phone = 0): CallEnded {
  crm.clock.advance(60_000)
  return endedCall(customerId, phones[phone]?.phoneId as string, crm.clock.now(), { outcome, outcomeReason: outcome === 'invalid-number' ? 'unallocated-number' : 'final-response' })
}
const now = async ({ customerId }: Answered): Promise<Answered> => (await crm.ask(admin, 'GET', `/customers/${customerId}`)).body
const timeline = async ({ customerId }: Answered) => (await crm.ask(admin, 'GET', `/customers/${customerId}/timeline`)).body.items
const tell = (...calls: CallEnded[]) => apply(calls.map((one) => logged(one)), DELIVERED)
const correct = (...calls: CallEnded[]) => apply(calls.map(corrected), DELIVERED)

describe('a line that said of everybody that the number does not exist, and was tripped', () => {
  test('leaves nobody invalid: status, phone and counters are as if it had not called, and the timeline says so', async () => {
    const crowd = await Promise.all(Array.from({ length: 12 }, () => customer()))
    const calls = crowd.map((who) => call(who, 'invalid-number'))
    await tell(...calls)
    expect(new Set((await Promise.all(crowd.map(now))).map(({ status }) => status))).toEqual(new Set(['invalid']))
    await crm.takeEvents()
    await correct(...calls)
    for (const who of crowd) {
      expect(await now(who)).toMatchObject({ version: 3, status: 'new', attemptCount: 0, lastOutcome: null, lastCalledAt: null, phones: [{ state: 'usable' }] })
    }
    const [edit, item] = (await timeline(crowd[0] as Answered)).filter(({ kind }) => kind !== 'rule')
    expect(item).toMatchObject({ kind: 'call', body: { outcome: 'line-failed', outcomeReason: 'line-suspect', corrected: { outcome: 'invalid-number', outcomeReason: 'unallocated-number' } } })
    expect(edit).toMatchObject({ kind: 'edit', actorId: null, body: { changes: { status: { from: 'invalid', to: 'new' } }, cause: { corrected: [calls[0]?.attemptId] } } })
    const events = await crm.takeEvents()
    expect(events).toHaveLength(12)
    for (const event of events) expect(event).toMatchObject({ data: { version: 3, status: 'new', phones: [{ state: 'usable' }] } })
  })

  test('told again, or in the batch of its calls, it is applied once', async () => {
    const who = await customer()
    const ended = call(who, 'invalid-number')
    await apply([logged(ended), corrected(ended), corrected(ended)], DELIVERED)
    await correct(ended)
    expect(await now(who)).toMatchObject({ version: 3, status: 'new', attemptCount: 0 })
  })

  test('other calls keep what they said', async () => {
    const who = await customer()
    const [first, lie] = [call(who, 'no-answer'), call(who, 'unreachable')]
    const last = call(who, 'rejected')
    await tell(first, lie, last)
    expect(await now(who)).toMatchObject({ attemptCount: 3, noAnswerStreak: 2, rejectedCount: 1 })
    await correct(lie)
    expect(await now(who)).toMatchObject({ attemptCount: 2, noAnswerStreak: 1, rejectedCount: 1, lastOutcome: 'rejected', lastCalledAt: new Date(last.startedAt).toISOString() })
    expect((await timeline(who)).filter(({ kind }) => kind === 'edit')).toEqual([])
  })

  test('what a person changed since stays; the number may be dialled again', async () => {
    const who = await customer()
    const ended = call(who, 'invalid-number')
    await tell(ended)
    await crm.ask(admin, 'PATCH', `/customers/${who.customerId}`, { version: 2, status: 'lost' })
    await correct(ended)
    expect(await now(who)).toMatchObject({ version: 4, status: 'lost', phones: [{ state: 'usable' }] })
  })

  test('of two numbers the one that was denied truly stays dead, and the customer lives by the other', async () => {
    const who = await customer([number(), number()])
    const [lie, truth] = [call(who, 'invalid-number', 0), call(who, 'invalid-number', 1)]
    await tell(lie)
    await tell(truth)
    expect(await now(who)).toMatchObject({ status: 'invalid' })
    await correct(lie)
    expect(await now(who)).toMatchObject({ status: 'new', attemptCount: 1, lastOutcome: 'invalid-number', phones: [{ state: 'usable' }, { state: 'invalid' }] })
  })

  test('of a call or a customer that nobody knows it is no failure', async () => {
    const who = await customer()
    await correct(call(who, 'invalid-number'))
    expect(await now(who)).toMatchObject({ version: 1 })
  })
})
