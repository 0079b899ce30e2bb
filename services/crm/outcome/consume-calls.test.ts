import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { CallEnded } from '@loopline/contracts/call-event'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { DELIVERED, endedCall, logged } from '../test/call.ts'
import { person, startHarness } from '../test/harness.ts'
import type { Answered, Harness } from '../test/harness.ts'
import { consumeCalls } from './consume-calls.ts'

let crm: Harness
let apply: ReturnType<typeof consumeCalls>
const admin = person('admin')
const seniors = [person('agent', newId()), person('agent', newId())]

beforeAll(async () => {
  crm = await startHarness()
  apply = consumeCalls(crm.deps)
})
afterAll(() => crm.close())

let next = 0
async function customer(fields: object = {}): Promise<Answered> {
  return (await crm.ask(admin, 'POST', '/customers', { name: '李娜', phones: [`1381${1_000_000 + next++}`], ...fields })).body
}
const call = ({ customerId, phones }: Answered, outcome: Outcome, fields: Partial<CallEnded> = {}): CallEnded =>
  endedCall(customerId, phones[0]?.phoneId as string, crm.clock.now(), { outcome, ...fields })
const now = async ({ customerId }: Answered): Promise<Answered> => (await crm.ask(admin, 'GET', `/customers/${customerId}`)).body
const timeline = async ({ customerId }: Answered) => (await crm.ask(admin, 'GET', `/customers/${customerId}/timeline`)).body.items
const tell = (...calls: CallEnded[]) => apply(calls.map((one) => logged(one)), DELIVERED)

describe('a call that ended', () => {
  test('stands on the timeline with why, and on the record; the new row is announced', async () => {
    const who = await customer()
    await crm.takeEvents()
    const ended = call(who, 'no-answer')
    await tell(ended)
    expect(await now(who)).toMatchObject({ version: 2, lastOutcome: 'no-answer', noAnswerStreak: 1, attemptCount: 1, lastCalledAt: new Date(ended.startedAt).toISOString() })
    expect((await timeline(who))[0]).toMatchObject({ id: ended.attemptId, kind: 'call', body: { outcome: 'no-answer', decision: { calleeTime: '10:12' } } })
    expect(await crm.takeEvents()).toMatchObject([{ type: 'crm.customer.changed', data: { version: 2, lastOutcome: 'no-answer', phones: [{ state: 'usable' }] } }])
  })

  test('told again, in one batch or later, changes nothing (P9)', async () => {
    const who = await customer()
    const ended = call(who, 'busy')
    await tell(ended, ended)
    await tell(ended)
    expect(await now(who)).toMatchObject({ version: 2, attemptCount: 1, noAnswerStreak: 1 })
  })

  test('of one customer come in order when several are in a batch', async () => {
    const who = await customer()
    const calls = (['no-answer', 'no-answer', 'connected', 'rejected'] as const).map((outcome) => {
      crm.clock.advance(60_000)
      return call(who, outcome)
    })
    await tell(...calls)
    expect(await now(who)).toMatchObject({ version: 2, attemptCount: 4, noAnswerStreak: 0, rejectedCount: 1, lastOutcome: 'rejected', lastFollowUpAt: new Date((calls[2] as CallEnded).endedAt).toISOString() })
  })

  test('that reached nobody says nothing about the customer', async () => {
    const who = await customer()
    await tell(call(who, 'blocked'), call(who, 'line-failed'))
    expect(await now(who)).toMatchObject({ version: 1, attemptCount: 0, lastOutcome: null })
    expect((await timeline(who)).filter((item) => item.kind === 'call')).toHaveLength(2)
  })

  test('that never became one stands on the timeline and nowhere else; one that we cancelled counts', async () => {
    const who = await customer()
    const neverLeft = ['never-sent', 'refused-expired', 'refused-line-full'].map((outcomeReason) => call(who, 'cancelled', { outcomeReason, ringingAt: null }))
    await tell(...neverLeft)
    expect(await now(who)).toMatchObject({ version: 1, attemptCount: 0, lastOutcome: null, lastCalledAt: null })
    expect((await timeline(who)).filter((item) => item.kind === 'call')).toHaveLength(3)
    await tell(call(who, 'cancelled', { outcomeReason: 'we-cancelled' }))
    expect(await now(who)).toMatchObject({ version: 2, attemptCount: 1, lastOutcome: 'cancelled' })
  })

  test('of nobody we know is no failure', () => tell(endedCall(newId(), newId(), crm.clock.now())))
})

describe('rules after a call', () => {
  test('an invalid number ends the customer and names the rule', async () => {
    const who = await customer()
    await crm.takeEvents()
    await tell(call(who, 'invalid-number'))
    expect(await now(who)).toMatchObject({ status: 'invalid', phones: [{ state: 'invalid' }] })
    const [item] = (await timeline(who)).filter(({ kind }) => kind === 'rule')
    expect(item?.body).toMatchObject({ name: '空号不再外呼', cause: { outcome: 'invalid-number' }, effects: [{ kind: 'set-status', result: 'done' }, { kind: 'never-dial', result: 'done' }] })
    const [event] = await crm.takeEvents()
    expect(event).toMatchObject({ causation: item?.body['ruleId'], data: { status: 'invalid', phones: [{ state: 'invalid' }] } })
  })

  test('a customer with another number is not invalid, only the number is', async () => {
    const who = await customer({ phones: [`1381${1_000_000 + next++}`, `1381${1_000_000 + next++}`] })
    await tell(call(who, 'invalid-number'))
    expect(await now(who)).toMatchObject({ status: 'new', phones: [{ state: 'invalid' }, { state: 'usable' }] })
    await tell(call(who, 'invalid-number', { phoneId: who.phones[1]?.phoneId as CallEnded['phoneId'] }))
    expect(await now(who)).toMatchObject({ status: 'invalid' })
  })

  test('connected goes to the senior seller with the fewest; without one the item says so', async () => {
    const alone = await customer()
    await tell(call(alone, 'connected'))
    expect((await timeline(alone)).find(({ kind }) => kind === 'rule')?.body).toMatchObject({ effects: [{ kind: 'assign', result: 'nobody-senior' }] })
    for (const { sub, teamId } of seniors) {
      await crm.deps.db.sql`insert into crm.team_user (user_id, version, name, role, team_id, skills, active) values (${sub}, 1, '资深', 'agent', ${teamId}, '{senior}', true)`
    }
    const given = [await customer(), await customer(), await customer(), await customer()]
    await tell(...given.map((who) => call(who, 'connected')))
    const owners = (await Promise.all(given.map(now))).map(({ ownerId }) => ownerId)
    for (const { sub } of seniors) expect(owners.filter((owner) => owner === sub)).toHaveLength(2)
    const counts = await crm.deps.db.sql<{ count: number }>`select assigned_count as count from crm.team_user`
    expect(counts.map(({ count }) => count)).toEqual([2, 2])
    const [first] = given as [Answered]
    await tell(call(first, 'connected'))
    expect((await timeline(first)).filter(({ kind }) => kind === 'rule')).toHaveLength(1)
  })

  test('the third rejection pauses for thirty days', async () => {
    const who = await customer()
    await tell(call(who, 'rejected'), call(who, 'rejected'))
    expect((await now(who)).followUpPausedUntil).toBeNull()
    const third = call(who, 'rejected')
    await tell(third)
    expect((await now(who)).followUpPausedUntil).toBe(new Date(third.endedAt + 30 * 86_400_000).toISOString())
  })

  test('a rule that led to the call does not fire again in its chain', async () => {
    const who = await customer()
    const rule = (await crm.ask(admin, 'GET', '/rules')).body.rules.find(({ key }) => key === 'invalid-number-stops')
    await apply([logged(call(who, 'invalid-number'), rule?.id)], DELIVERED)
    expect(await now(who)).toMatchObject({ status: 'new' })
  })

  test('a rule that is switched off is not asked from the next batch on', async () => {
    const rule = (await crm.ask(admin, 'GET', '/rules')).body.rules.find(({ key }) => key === 'invalid-number-stops')
    await crm.ask(admin, 'PUT', `/rules/${rule?.id}`, { version: 1, enabled: false })
    const who = await customer()
    await tell(call(who, 'invalid-number'))
    expect(await now(who)).toMatchObject({ status: 'new', lastOutcome: 'invalid-number' })
    await crm.ask(admin, 'PUT', `/rules/${rule?.id}`, { version: 2, enabled: true })
  })
})
