import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { DialCommand } from '@loopline/contracts/voice-link'
import type { RunningDialer } from '../main.ts'
import { addLine, openWorld, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'
import type { Script } from './scripted-voice.ts'

let world: World
let dialer: RunningDialer
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
  await addLine(world, dialer.url)
})
afterAll(() => world.close())
afterEach(() => {
  world.voice.script = () => ({})
  world.crm.onLine = async () => undefined
})

const people = (count: number, fields: Partial<CustomerState>): CustomerState[] => {
  const made = Array.from({ length: count }, () => customer(world.keys, fields))
  world.crm.add(...made)
  return made
}
const entryOf = async (campaignId: string, customerId: string): Promise<{ state: string; holdReason: string | null; priority: number } | undefined> => {
  const [row] = await world.database.db.sql<{ state: string; holdReason: string | null; priority: number }>`
    select state, hold_reason as "holdReason", priority from dialer.entry where campaign_id = ${campaignId} and customer_id = ${customerId}`
  return row
}
const inState = (campaignId: string, customerId: string, state: string): Promise<unknown> =>
  until(async () => (await entryOf(campaignId, customerId))?.state === state, `${state}: ${customerId}`)
const dialled = (customerId: string): number => world.voice.dialled.filter((call) => call.customerId === customerId).length

test('who leaves the audience by an edit leaves the list, also from the ready pool, and who enters is called', async () => {
  const [leaver, stayer] = people(2, { region: 'edits' }) as [CustomerState, CustomerState]
  const [outsider] = people(1, { region: 'elsewhere' }) as [CustomerState]
  world.voice.script = () => null
  // One call at a time: the stayer is dialled first, the leaver waits in the pool.
  await world.crm.edit(stayer.customerId, { level: 'A' })
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('edits'), maxConcurrent: 1 })
  await until(() => dialled(stayer.customerId) === 1, 'the first call')
  await inState(campaignId, leaver.customerId, 'leased')
  await world.crm.edit(leaver.customerId, { region: 'left' })
  await inState(campaignId, leaver.customerId, 'withdrawn')
  await world.crm.edit(outsider.customerId, { region: 'edits' })
  await inState(campaignId, outsider.customerId, 'leased')
  world.voice.script = () => ({})
  world.voice.end(world.voice.dialled.find((call) => call.customerId === stayer.customerId) as DialCommand)
  await until(() => dialled(outsider.customerId) === 1, 'the newcomer is called')
  expect(dialled(leaver.customerId)).toBe(0)
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

test('whoever must never be called leaves the list at once, and returns when that is lifted', async () => {
  const [first, second] = people(2, { region: 'never' }) as [CustomerState, CustomerState]
  await world.crm.edit(first.customerId, { level: 'A' })
  world.voice.script = () => null
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('never'), maxConcurrent: 1 })
  await inState(campaignId, second.customerId, 'leased')
  await world.crm.edit(second.customerId, { neverCall: true })
  await inState(campaignId, second.customerId, 'waiting')
  expect(await entryOf(campaignId, second.customerId)).toMatchObject({ holdReason: 'never-call' })
  await world.crm.edit(second.customerId, { neverCall: false })
  await inState(campaignId, second.customerId, 'leased')
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

test('an edit moves a pooled entry to its new rank', async () => {
  const crowd = people(20, { region: 'rank', level: 'C' })
  world.voice.script = () => null
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('rank'), maxConcurrent: 1 })
  await until(() => crowd.some((one) => dialled(one.customerId) === 1), 'the first call')
  const last = crowd.findLast((one) => dialled(one.customerId) === 0) as CustomerState
  await world.crm.edit(last.customerId, { level: 'A' })
  await until(async () => (await entryOf(campaignId, last.customerId))?.priority === 400, 'the new priority')
  await until(async () => (await world.ask<{ reasons: unknown[] }>(dialer.url, 'GET', `/campaigns/${campaignId}/why-not/${last.customerId}`)).status === 200, 'applied')
  world.voice.script = () => ({})
  world.voice.end(world.voice.dialled.find((call) => crowd.some((one) => one.customerId === call.customerId)) as DialCommand)
  const order = await until(() => {
    const calls = world.voice.dialled.map((call) => call.customerId).filter((id) => crowd.some((one) => one.customerId === id))
    return calls.length >= 3 && calls
  }, 'more calls')
  expect(order[1]).toBe(last.customerId)
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

test('a removal that overtakes the snapshot wins over it', async () => {
  const crowd = people(3, { region: 'tombstone' }).toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1))
  const [, second] = crowd as [CustomerState, CustomerState, CustomerState]
  world.crm.onLine = async (index) => {
    if (index !== 0) return
    // The snapshot holds the second customer as it was; the event of its removal is applied before that line is read.
    const gone = { ...second, version: second.version + 1, region: 'elsewhere' }
    world.crm.customers.set(second.customerId, gone)
    await world.crm.tell(gone)
    await until(async () => (await world.database.db.sql`select from dialer.person where customer_id = ${second.customerId} and version = 2`).length === 1, 'the event is applied')
  }
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('tombstone') })
  await until(() => crowd.filter((one) => dialled(one.customerId) === 1).length === 2, 'the other two')
  await until(async () => (await world.ask<{ holdReason: string | null }>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)).body.holdReason !== 'loading', 'loaded')
  expect(await entryOf(campaignId, second.customerId)).toBeUndefined()
  expect(dialled(second.customerId)).toBe(0)
})

test('time alone brings somebody in and takes somebody out', async () => {
  const day = 86_400_000
  const [soon] = people(1, { region: 'time', lastFollowUpAt: Date.now() - 7 * day + 1_500 }) as [CustomerState]
  const { campaignId } = await startCampaign(world, dialer.url, {
    audience: { combinator: 'and', rules: [{ field: 'region', operator: '=', value: 'time' }, { field: 'lastFollowUpAt', operator: 'olderThanDays', value: 7 }] },
  })
  await inState(campaignId, soon.customerId, 'waiting')
  expect(dialled(soon.customerId)).toBe(0)
  await until(() => dialled(soon.customerId) === 1, 'its time has come')
  const [late] = people(1, { region: 'time out', lastCalledAt: Date.now() - 7 * day + 1_500 }) as [CustomerState]
  const [busy] = people(1, { region: 'time out', level: 'A', lastCalledAt: Date.now() }) as [CustomerState]
  world.voice.script = () => null
  const second = await startCampaign(world, dialer.url, {
    maxConcurrent: 1,
    audience: { combinator: 'and', rules: [{ field: 'region', operator: '=', value: 'time out' }, { field: 'lastCalledAt', operator: 'withinLastDays', value: 7 }] },
  })
  await until(() => dialled(busy.customerId) === 1, 'the only place is taken')
  await inState(second.campaignId, late.customerId, 'leased')
  await inState(second.campaignId, late.customerId, 'withdrawn')
  await until(async () => (await progressOf(second.campaignId)).holdReason === 'own-concurrency', 'it says what bounds it')
  await world.ask(dialer.url, 'POST', `/campaigns/${second.campaignId}/stop`, {})
})

test('the retry plan decides what follows an outcome', async () => {
  const [busy, connected] = people(2, { region: 'retry' }) as [CustomerState, CustomerState]
  world.voice.script = (call) => (call.customerId === busy.customerId ? { ringingAt: null, answeredAt: null, evidence: { sipStatus: 486, endedBy: 'carrier' } } : {})
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('retry') })
  await inState(campaignId, connected.customerId, 'done')
  await inState(campaignId, busy.customerId, 'waiting')
  const { body } = await world.ask<{ reasons: { reason: string; detail: string }[]; tries: number }>(dialer.url, 'GET', `/campaigns/${campaignId}/why-not/${busy.customerId}`)
  expect(body.tries).toBe(1)
  expect(body.reasons).toContainEqual(expect.objectContaining({ reason: 'retry-later', detail: 'busy' }))
})

test('the cap of a day holds over campaigns and calls by hand', async () => {
  const [person] = people(1, { region: 'cap' }) as [CustomerState]
  for (let call = 1; call <= 2; call += 1) {
    await startCampaign(world, dialer.url, { audience: region('cap') })
    await until(() => dialled(person.customerId) === call, `campaign ${call}`)
    await until(async () => (await world.database.db.sql`select from dialer.attempt where customer_id = ${person.customerId} and ended_at is not null`).length === call, 'its outcome')
  }
  const byHand = await world.ask<{ attemptId: string }>(dialer.url, 'POST', '/calls', { customerId: person.customerId })
  expect(byHand.status).toBe(202)
  await until(async () => (await world.database.db.sql`select from dialer.attempt where customer_id = ${person.customerId} and ended_at is not null`).length === 3, 'its outcome')
  const refused = await world.ask<{ error: { code: string; details: { reasons: { reason: string }[] } } }>(dialer.url, 'POST', '/calls', { customerId: person.customerId })
  expect(refused.body.error).toMatchObject({ code: 'CALL_NOT_ALLOWED', details: { reasons: [{ reason: 'attempts-per-day' }, { reason: 'attempts-in-window' }] } })
  const third = await startCampaign(world, dialer.url, { audience: region('cap') })
  await until(async () => (await entryOf(third.campaignId, person.customerId))?.holdReason === 'attempts-per-day', 'held')
  expect(dialled(person.customerId)).toBe(3)
})

test('only a call that never left, or failed before any phone rang, gives its place under the cap back', async () => {
  const [first, second] = people(2, { region: 'counted' }) as [CustomerState, CustomerState]
  const unanswered = { ringingAt: null, answeredAt: null }
  const calls: { name: string; who: CustomerState; script: ReturnType<Script>; outcome: string; counted: number }[] = [
    { name: 'cancelled before ringing', who: first, script: { ...unanswered, evidence: { sipStatus: 487, endedBy: 'us' } }, outcome: 'cancelled', counted: 1 },
    { name: 'cancelled while ringing', who: first, script: { answeredAt: null, evidence: { sipStatus: 487, endedBy: 'us' } }, outcome: 'cancelled', counted: 2 },
    { name: 'a crash hid the end', who: first, script: { ...unanswered, evidence: { sipStatus: null, endedBy: 'crash' } }, outcome: 'unknown', counted: 3 },
    { name: 'the line failed', who: second, script: { ...unanswered, evidence: { sipStatus: 503, endedBy: 'carrier' } }, outcome: 'line-failed', counted: 0 },
    { name: 'the line failed after ringing', who: second, script: { answeredAt: null, evidence: { sipStatus: 503, endedBy: 'carrier' } }, outcome: 'line-failed', counted: 1 },
    { name: 'never sent', who: second, script: null, outcome: 'cancelled', counted: 1 },
  ]
  for (const { name, who: { customerId }, script, outcome, counted } of calls) {
    world.voice.script = () => script
    world.voice.deaf = script === null
    const { body } = await world.ask<{ attemptId: AttemptId }>(dialer.url, 'POST', '/calls', { customerId })
    await until(() => world.voice.acked.has(body.attemptId), name)
    expect(await world.database.db.sql`
      select a.outcome, p.attempts_that_day as counted from dialer.attempt a join dialer.person p using (customer_id) where a.id = ${body.attemptId}`, name).toEqual([{ outcome, counted }])
  }
  world.voice.deaf = false
  expect((await world.ask(dialer.url, 'POST', '/calls', { customerId: first.customerId })).status).toBe(409)
})

interface Progress {
  state: string
  inFlight: number
  attempts: number
  outcomes: Record<string, number>
  holdReason: string | null
}
const progressOf = async (campaignId: string): Promise<Progress> => (await world.ask<Progress>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)).body

test('whoever looks on is told the last numbers when the last call of a stopped campaign is over', async () => {
  const crowd = people(3, { region: 'last' })
  world.voice.script = () => null
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('last'), ratePerSecond: 50 })
  await until(() => crowd.every((one) => dialled(one.customerId) === 1), 'three calls are up')
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
  const told = async (): Promise<Progress | undefined> => {
    const [row] = await world.database.db.sql<{ body: string }>`
      select body from log.event where topic = 'dialer.campaign' and key = ${campaignId}::uuid order by "offset" desc limit 1`
    return row && (JSON.parse(row.body) as { data: Progress }).data
  }
  await until(async () => (await told())?.state === 'stopped', 'the stop is told')
  for (const call of world.voice.dialled.filter((one) => one.campaignId === campaignId)) world.voice.end(call)
  const last = await until(async () => { const now = await told(); return now?.inFlight === 0 && now }, 'the end is told')
  expect(last).toMatchObject({ state: 'stopped', attempts: 3, outcomes: { connected: 3 } })
})

test('a stop lets no call through after 200 ms', async () => {
  people(400, { region: 'stop' })
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('stop'), ratePerSecond: 300 })
  const mine = (): number => world.voice.dialled.filter((call) => call.campaignId === campaignId).length
  await until(() => mine() > 30, 'it dials')
  const stopped = await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
  expect(stopped.status).toBe(200)
  const atStop = mine()
  people(120, { region: 'goes on' })
  const other = await startCampaign(world, dialer.url, { audience: region('goes on'), ratePerSecond: 200 })
  await until(() => world.voice.dialled.filter((call) => call.campaignId === other.campaignId).length > 100, 'the loop turned for half a second more')
  expect(mine()).toBe(atStop)
  expect(world.voice.received).toContainEqual({ type: 'stop', campaignIds: [campaignId] })
  expect(world.audits.map((entry) => entry.action)).toContain('campaign:stop')
})

test('a result that is told twice counts once', async () => {
  const [person] = people(1, { region: 'twice' }) as [CustomerState]
  await startCampaign(world, dialer.url, { audience: region('twice') })
  const call = await until(() => world.voice.dialled.find((one) => one.customerId === person.customerId), 'the call')
  await until(() => world.voice.acked.has(call.attemptId), 'acknowledged')
  world.voice.acked.delete(call.attemptId)
  world.voice.end(call)
  await until(() => world.voice.acked.has(call.attemptId), 'acknowledged again')
  const events = await world.database.db.sql`select from log.event where topic = 'dialer.call' and key = ${person.customerId}`
  expect(events).toHaveLength(1)
})

test('two campaigns want the same person: one call at a time', async () => {
  const [person] = people(1, { region: 'shared' }) as [CustomerState]
  world.voice.script = () => null
  const [one, two] = await Promise.all([startCampaign(world, dialer.url, { audience: region('shared') }), startCampaign(world, dialer.url, { audience: region('shared') })])
  await until(() => dialled(person.customerId) === 1, 'one calls')
  await until(async () => {
    const states = (await Promise.all([entryOf(one.campaignId, person.customerId), entryOf(two.campaignId, person.customerId)])).map((entry) => entry?.state)
    return states.includes('dialing') && !states.includes(undefined)
  }, 'both know the person')
  people(80, { region: 'beside' })
  const beside = await startCampaign(world, dialer.url, { audience: region('beside'), ratePerSecond: 200, maxConcurrent: 100 })
  await until(() => world.voice.dialled.filter((call) => call.campaignId === beside.campaignId).length > 60, 'the loop turned on')
  expect(dialled(person.customerId)).toBe(1)
  const open = await world.database.db.sql<{ id: CustomerId }>`select id from dialer.attempt where customer_id = ${person.customerId} and ended_at is null`
  expect(open).toHaveLength(1)
})

test('customers of an import, told by id, are fetched and called', async () => {
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('import') })
  await until(async () => (await world.ask<{ holdReason: string }>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)).body.holdReason === 'none-due', 'loaded and empty')
  const crowd = people(30, { region: 'import' })
  await world.crm.tellImported(crowd)
  await until(() => crowd.every((one) => dialled(one.customerId) === 1), 'everybody called')
  expect(await world.database.db.sql`select from dialer.newcomer`).toHaveLength(0)
})

test('a pause holds everybody, and after it everybody is called', async () => {
  const crowd = people(120, { region: 'pause' })
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('pause'), ratePerSecond: 100 })
  const mine = (): number => crowd.filter((one) => dialled(one.customerId) > 0).length
  await until(() => mine() > 20, 'it dials')
  const paused = await world.ask<{ state: string }>(dialer.url, 'POST', `/campaigns/${campaignId}/pause`, {})
  expect(paused.body.state).toBe('paused')
  await until(async () => (await world.ask<{ inFlight: number; inPool: number }>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)).body.inPool === 0, 'leases go back')
  const atPause = mine()
  await world.ask(dialer.url, 'PATCH', `/campaigns/${campaignId}`, { version: (paused.body as unknown as { version: number }).version, ratePerSecond: 200 })
  expect(mine()).toBe(atPause)
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/resume`, {})
  await until(() => mine() === 120, 'everybody')
  expect(crowd.every((one) => dialled(one.customerId) === 1)).toBe(true)
})

test('another audience takes out who no longer belongs and brings in who does', async () => {
  const [old] = people(1, { region: 'before' }) as [CustomerState]
  const [fresh] = people(1, { region: 'after' }) as [CustomerState]
  const { campaignId, version } = await startCampaign(world, dialer.url, { audience: region('before'), ratePerSecond: 0.1, maxConcurrent: 1 })
  await until(async () => (await entryOf(campaignId, old.customerId)) !== undefined, 'the first audience')
  world.voice.script = () => null
  const edited = await world.ask(dialer.url, 'PATCH', `/campaigns/${campaignId}`, { version, audience: region('after') })
  expect(edited.status).toBe(200)
  await until(async () => ['leased', 'ready', 'dialing'].includes((await entryOf(campaignId, fresh.customerId))?.state ?? ''), 'the second audience')
  await until(async () => ['withdrawn', 'dialing', 'done'].includes((await entryOf(campaignId, old.customerId))?.state ?? ''), 'the first is out')
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})
