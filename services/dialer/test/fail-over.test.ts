import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { CallEnded } from '@loopline/contracts/call-event'
import type { LineQualityView } from '@loopline/contracts/line-quality'
import type { DialCommand } from '@loopline/contracts/voice-link'
import type { RunningDialer } from '../main.ts'
import { addLine, openWorld, present, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world.close())
beforeEach(() => { world.voice.script = () => ({}) })

interface Row { customerId: string; lineId: string; outcome: string | null; leg: number; legs: CallEnded['legs'] | null; dayCount: number }

const people = (count: number, fields: Partial<CustomerState>): CustomerState[] => {
  const made = Array.from({ length: count }, () => customer(world.keys, fields))
  world.crm.add(...made)
  return made
}
const attemptsOf = (crowd: readonly CustomerState[]): Promise<Row[]> => world.database.db.sql<Row>`
  select a.customer_id as "customerId", a.line_id as "lineId", a.outcome, a.leg, a.legs, p.attempts_that_day as "dayCount"
    from dialer.attempt a join dialer.person p on p.customer_id = a.customer_id where a.customer_id = any(${crowd.map((one) => one.customerId)}::uuid[]) order by a.id`
// On a busy machine an order may come too late to be obeyed: that is no call, and it is ordered anew.
const settled = (crowd: readonly CustomerState[], count = crowd.length): Promise<Row[]> => until(async () => {
  const rows = (await attemptsOf(crowd)).filter((row) => row.outcome !== 'cancelled')
  return rows.length === count && rows.every((row) => row.outcome !== null) && rows
}, `${count} settled`, 90_000)
const dialledTo = (crowd: readonly CustomerState[]): DialCommand[] => world.voice.dialled.filter((call) => crowd.some((one) => one.customerId === call.customerId))
const OVERLOADED = { ringingAt: null, answeredAt: null, evidence: { sipStatus: 503, endedBy: 'carrier' as const } }

async function twoLines(dialer: Pick<RunningDialer, 'url'>, name: string): Promise<{ bad: string; good: string; lineIds: string[] }> {
  // The heavier one is taken first.
  const [bad, good] = [await addLine(world, dialer.url, { name: `${name} bad`, weight: 100 }), await addLine(world, dialer.url, { name: `${name} good`, weight: 1 })]
  return { bad, good, lineIds: [bad, good] }
}

test('an attempt goes on over another line when the first one fails before ringing: one attempt, two legs, one outcome', { timeout: 120_000 }, async () => {
  const dialer = await world.startDialer()
  const { bad, good, lineIds } = await twoLines(dialer, 'A')
  const crowd = people(4, { region: 'over' })
  world.voice.script = (call) => (call.lineId === bad ? OVERLOADED : {})
  await startCampaign(world, dialer.url, { audience: region('over'), lineIds, ratePerSecond: 5 })
  const rows = await settled(crowd)
  expect(rows.map(({ outcome, lineId, leg }) => ({ outcome, lineId, leg }))).toEqual(rows.map(() => ({ outcome: 'connected', lineId: good, leg: 2 })))
  expect(present(rows[0]?.legs)).toMatchObject([{ lineId: bad, lineName: 'A bad', outcome: 'line-failed', outcomeReason: 'carrier-overloaded', result: { evidence: { sipStatus: 503 } } }])
  expect(rows.every(({ dayCount }) => dayCount === 1)).toBe(true)
  expect(dialledTo(crowd).map((call) => call.leg ?? 1).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 1, 2, 2, 2, 2])
  const events = await until(async () => {
    const told = await world.database.db.sql<{ data: CallEnded }>`
      select body::json->'data' as data from log.event where topic = 'dialer.call' and key = any(${crowd.map((one) => one.customerId)}::uuid[])`
    return told.length === 4 && told
  }, 'one event each')
  expect(events[0]?.data.legs).toHaveLength(1)
  await until(() => crowd.every((one) => world.voice.acked.has(present(dialledTo([one])[0]).attemptId)), 'all acknowledged')
  await dialer.stop()
})

test('who may have been rung, or has said no, is not called over another line', { timeout: 120_000 }, async () => {
  const dialer = await world.startDialer()
  const { bad, lineIds } = await twoLines(dialer, 'B')
  const crowd = people(6, { region: 'rung' })
  const ends = [{ ...OVERLOADED, ringingAt: Date.now() }, { ...OVERLOADED, evidence: { sipStatus: 486, endedBy: 'callee' as const } }, { ...OVERLOADED, evidence: { sipStatus: 404, endedBy: 'carrier' as const } }]
  let next = 0
  world.voice.script = (call) => (call.lineId === bad ? ends[next++ % ends.length] ?? {} : {})
  await startCampaign(world, dialer.url, { audience: region('rung'), lineIds: [bad, ...lineIds], ratePerSecond: 5 })
  const rows = await settled(crowd)
  expect(rows.every(({ leg, legs }) => leg === 1 && legs === null)).toBe(true)
  await dialer.stop()
})

test('without another line the attempt ends as its line failed, and gives its place in the day back', { timeout: 120_000 }, async () => {
  const dialer = await world.startDialer()
  const { bad } = await twoLines(dialer, 'C')
  const crowd = people(3, { region: 'alone' })
  world.voice.script = () => OVERLOADED
  await startCampaign(world, dialer.url, { audience: region('alone'), lineIds: [bad], ratePerSecond: 5 })
  const rows = await until(async () => { const all = await attemptsOf(crowd); return all.length >= 3 && all.slice(0, 3).every((row) => row.outcome !== null) && all.slice(0, 3) }, 'settled')
  expect(rows.map(({ outcome, leg, dayCount }) => ({ outcome, leg, dayCount }))).toEqual(rows.map(() => ({ outcome: 'line-failed', leg: 1, dayCount: 0 })))
  await dialer.stop()
})

test('whom somebody put on the do-not-call list while the first leg was on its way gets no second one', { timeout: 120_000 }, async () => {
  const dialer = await world.startDialer()
  const { lineIds } = await twoLines(dialer, 'D')
  const [person] = people(1, { region: 'said no' })
  world.voice.script = () => null
  await startCampaign(world, dialer.url, { audience: region('said no'), lineIds, ratePerSecond: 5 })
  const [call] = await until(() => { const made = dialledTo([present(person)]); return made.length === 1 && made }, 'called')
  await world.database.db.sql`update dialer.person set never_call = true where customer_id = ${present(person).customerId}`
  world.voice.end(present(call), OVERLOADED)
  const [row] = await settled([present(person)])
  expect(row).toMatchObject({ outcome: 'line-failed', leg: 1 })
  expect(dialledTo([present(person)])).toHaveLength(1)
  await dialer.stop()
})

test('a dialer killed between the written leg and its order: nobody is called twice, and the attempt ends as its first leg did', { timeout: 120_000 }, async () => {
  const doomed = await world.forkDialer({ CRASH_AT: 'after-leg-commit' })
  const { bad, lineIds } = await twoLines(doomed, 'E')
  const crowd = people(3, { region: 'leg crash' })
  world.voice.script = (call) => (call.lineId === bad ? OVERLOADED : {})
  await startCampaign(world, doomed.url, { audience: region('leg crash'), lineIds, ratePerSecond: 50 }).catch(() => undefined)
  await doomed.gone
  const [before] = await world.database.db.sql<{ count: number }>`select count(*) as count from dialer.attempt where leg = 2 and ended_at is null`
  expect(Number(before?.count)).toBeGreaterThan(0)
  world.voice.script = () => ({})
  const successor = await world.startDialer()
  const rows = await until(async () => {
    const all = await attemptsOf(crowd)
    return new Set(all.map((row) => row.customerId)).size === crowd.length && all.every((row) => row.outcome !== null) && all
  }, 'everybody has an outcome', 60_000)
  expect(rows.every((row) => row.outcome === 'connected' || row.outcome === 'line-failed')).toBe(true)
  expect(rows.filter((row) => row.outcome === 'line-failed').every((row) => row.lineId === bad && row.leg === 1)).toBe(true)
  // Each INVITE is of another leg of another attempt, and each attempt that ended as failed had one.
  const invites = dialledTo(crowd).map((call) => `${call.attemptId}/${call.leg ?? 1}`)
  expect(new Set(invites).size).toBe(invites.length)
  expect(invites).toHaveLength(rows.length)
  await successor.stop()
})

test('how each line does is counted by leg and region, told, and survives the process', { timeout: 120_000 }, async () => {
  const dialer = await world.startDialer()
  const { bad, good, lineIds } = await twoLines(dialer, 'F')
  const crowd = people(4, { region: '浙江' })
  world.voice.script = (call) => (call.lineId === bad ? OVERLOADED : { ringingAt: Date.now() + 300, answeredAt: Date.now() + 1_000, endedAt: Date.now() + 3_000 })
  await startCampaign(world, dialer.url, { audience: region('浙江'), lineIds, ratePerSecond: 5 })
  await settled(crowd)
  const told = async (url: string): Promise<LineQualityView[]> => (await world.ask<{ items: LineQualityView[] }>(url, 'GET', '/lines/quality')).body.items.filter(({ lineId }) => lineIds.includes(lineId))
  const hour = ({ windows }: Pick<LineQualityView, 'windows'>): LineQualityView['windows'][number]['figures'] => present(windows.find(({ minutes }) => minutes === 60)).figures
  const look = async (url: string): Promise<void> => {
    const items = await until(async () => { const all = await told(url); return all.every((one) => hour(one).seizures === 4) && all }, 'four each')
    expect(hour(present(items.find(({ lineId }) => lineId === bad)))).toMatchObject({ asr: 0, pddMs: null, causes: [{ status: 503, count: 4 }] })
    expect(hour(present(items.find(({ lineId }) => lineId === good)))).toMatchObject({ asr: 1, connectRate: 1, shortShare: 1, causes: [{ status: 200, count: 4 }] })
    expect(present(items.find(({ lineId }) => lineId === good)).series.at(-1)?.asr ?? present(items.find(({ lineId }) => lineId === good)).series.at(-2)?.asr).toBe(1)
  }
  await look(dialer.url)
  await dialer.stop()
  const successor = await world.startDialer()
  await look(successor.url)
  const { body } = await world.ask<{ items: { region: string | null }[] }>(successor.url, 'GET', `/lines/${good}/quality`)
  expect(body.items.map((item) => item.region)).toEqual(['浙江'])
  const page = await world.ask<{ items: { legs: { lineName: string; sipStatus: number }[] }[] }>(successor.url, 'GET', `/attempts?customerId=${present(crowd[0]).customerId}&limit=10`)
  expect(page.body.items[0]?.legs).toMatchObject([{ lineName: 'F bad', sipStatus: 503, outcomeReason: 'carrier-overloaded' }])
  await successor.stop()
})

test('a line that fails call after call is left within seconds, tried with a few, and comes back', { timeout: 120_000 }, async () => {
  const dialer = await world.startDialer()
  const { bad, lineIds } = await twoLines(dialer, 'G')
  const crowd = people(120, { region: 'circuit' })
  let isBad = true
  world.voice.script = (call) => (call.lineId === bad && isBad ? OVERLOADED : {})
  await startCampaign(world, dialer.url, { audience: region('circuit'), lineIds, ratePerSecond: 12 })
  const quality = async (): Promise<LineQualityView> => present((await world.ask<{ items: LineQualityView[] }>(dialer.url, 'GET', '/lines/quality')).body.items.find(({ lineId }) => lineId === bad))
  const opened = await until(async () => { const view = await quality(); return view.circuit.state === 'open' && view }, 'it is left')
  expect(opened.circuit).toMatchObject({ reason: 'carrier-overloaded: 503', share: 0 })
  const failedBy = dialledTo(crowd).filter((call) => call.lineId === bad).length
  expect(failedBy).toBeLessThan(15)
  isBad = false
  await until(async () => { const { circuit } = await quality(); return circuit.state === 'closed' && circuit.share < 1 }, 'it comes back step by step', 60_000)
  const rows = await settled(crowd)
  expect(rows.every(({ outcome }) => outcome === 'connected')).toBe(true)
  await dialer.stop()
})

test('a drained line gets nothing new, keeps what it has, and says so', { timeout: 120_000 }, async () => {
  const dialer = await world.startDialer()
  const { bad, good, lineIds } = await twoLines(dialer, 'H')
  const crowd = people(10, { region: 'drain' })
  world.voice.script = () => null
  await startCampaign(world, dialer.url, { audience: region('drain'), lineIds, ratePerSecond: 4 })
  const first = await until(() => dialledTo(crowd)[0], 'a call')
  expect(first.lineId).toBe(bad)
  expect((await world.ask(dialer.url, 'POST', `/lines/${bad}/drain`, { drain: true }, 'agent')).status).toBe(403)
  expect((await world.ask(dialer.url, 'POST', `/lines/${bad}/drain`, { drain: true })).status).toBe(200)
  const before = dialledTo(crowd).filter((call) => call.lineId === bad).length
  await until(() => dialledTo(crowd).length === 10, 'all are called')
  const overBad = dialledTo(crowd).filter((call) => call.lineId === bad)
  expect(overBad.length).toBeLessThanOrEqual(before + 3) // some may have been on their way to the database
  expect(dialledTo(crowd).some((call) => call.lineId === good)).toBe(true)
  for (const call of dialledTo(crowd)) world.voice.end(call, {})
  expect((await settled(crowd)).every(({ outcome }) => outcome === 'connected')).toBe(true)
  expect(world.audits.some(({ action, subject }) => action === 'line:drain' && subject === bad)).toBe(true)
  await dialer.stop()
})

test('a carrier that answers calls itself is named, and left for another one; a bad list blames nobody', { timeout: 120_000 }, async () => {
  const dialer = await world.startDialer()
  const [one, two] = [await addLine(world, dialer.url, { name: 'I one' }), await addLine(world, dialer.url, { name: 'I two' })]
  const view = async (lineId: string): Promise<LineQualityView> => present((await world.ask<{ items: LineQualityView[] }>(dialer.url, 'GET', '/lines/quality')).body.items.find((item) => item.lineId === lineId))
  const list = people(250, { region: 'bad list' })
  const unanswered = { answeredAt: null, evidence: { sipStatus: 487, endedBy: 'timeout' as const } }
  const talked = (): object => { const now = Date.now(); return { ringingAt: now, answeredAt: now, endedAt: now + 30_000 } }
  world.voice.script = (call) => (Number.parseInt(call.customerId.slice(-2), 16) < 8 ? talked() : unanswered)
  await startCampaign(world, dialer.url, { audience: region('bad list'), lineIds: [one, two], ratePerSecond: 200 })
  await settled(list)
  expect([...(await view(one)).alarms, ...(await view(two)).alarms]).toEqual([])
  const crowd = people(1_000, { region: 'false answers' })
  world.voice.script = (call) => (call.lineId === one && dialledTo(crowd).length > 200 ? {} : Number.parseInt(call.customerId.slice(-2), 16) < 90 ? talked() : unanswered)
  await startCampaign(world, dialer.url, { audience: region('false answers'), lineIds: [one, two], ratePerSecond: 60 })
  const named = await until(async () => { const now = await view(one); return now.alarms.length > 0 && now }, 'it is named')
  expect(named.alarms[0]).toMatchObject({ kind: 'more-short-calls' })
  expect(named.circuit).toMatchObject({ state: 'open', reason: 'more-short-calls' })
  // Who may call over this line alone is called all the same: it carries calls.
  const faithful = people(5, { region: 'one line' })
  await startCampaign(world, dialer.url, { audience: region('one line'), lineIds: [one], ratePerSecond: 60 })
  expect((await settled(faithful)).map(({ lineId }) => lineId)).toEqual(faithful.map(() => one))
  const rows = await settled(crowd)
  expect((await view(two)).alarms).toEqual([])
  expect(rows.slice(-100).filter(({ lineId }) => lineId === one).length).toBeLessThan(20)
  await dialer.stop()
})

test('a campaign that wants what was learnt calls over the line that reaches people, and says why', { timeout: 120_000 }, async () => {
  const dialer = await world.startDialer()
  const [one, two] = [await addLine(world, dialer.url, { name: 'J one' }), await addLine(world, dialer.url, { name: 'J two' })]
  const crowd = people(300, { region: 'learned' })
  world.voice.script = (call) => ({ ringingAt: Date.now(), ...(call.lineId === two ? { endedAt: Date.now() + 20_000 } : { answeredAt: null, evidence: { sipStatus: 480, endedBy: 'carrier' as const } }) })
  await startCampaign(world, dialer.url, { audience: region('learned'), lineIds: [one, two], ratePerSecond: 40, routing: 'learned' })
  const rows = await settled(crowd)
  expect(rows.slice(-150).filter(({ lineId }) => lineId === two).length).toBeGreaterThan(120)
  const [why] = await world.database.db.sql<{ reasons: string[] }>`select array_agg(distinct decision->'lineType'->>'reason') as reasons from dialer.attempt where customer_id = any(${crowd.map((each) => each.customerId)}::uuid[])`
  expect(why?.reasons).toContain('learned')
  await until(async () => (await world.database.db.sql`select from dialer.line_hour where line_id = ${two} and reached > 100`).length > 0, 'it is kept')
  await dialer.stop()
})
