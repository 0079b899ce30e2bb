import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_GROUP, UNLIMITED_GROUP } from '@loopline/contracts/caller-id'
import type { CallerIdGroupView, CallerIdPage, CallerIdsAdded, CallerIdView } from '@loopline/contracts/caller-id'
import type { AttemptPage, WhyNotNow } from '@loopline/contracts/campaign'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { LineView } from '@loopline/contracts/line'
import type { DialCommand } from '@loopline/contracts/voice-link'
import type { z } from 'zod'
import type { RunningDialer } from '../main.ts'
import { addLine, openWorld, present, region, startCampaign, storeLine, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
let named = 0
beforeAll(async () => {
  world = await openWorld()
  await storeLine(world)
  dialer = await world.startDialer()
})
afterAll(() => world.close())

const ONCE = { maxAttempts: 1, afterMinutes: {} } as never
const NO_ANSWER = { ringingAt: Date.now(), answeredAt: null, evidence: { sipStatus: 480, endedBy: 'carrier' as const } }
/** Numbers of a test of its own: `city` is an area code without its zero. */
const numbers = (count: number, city = '10'): string[] => Array.from({ length: count }, () => `+86${city}${String(55_000_000 + (named += 1))}`)
const crowd = (count: number, place: string): CustomerState[] => {
  const made = Array.from({ length: count }, () => customer(world.keys, { region: place }))
  world.crm.add(...made)
  return made
}
const groupWith = async (fields: object): Promise<string> =>
  (await world.ask<CallerIdGroupView>(dialer.url, 'POST', '/caller-id-groups', { name: `group ${named += 1}`, channelsStart: null, channelsMax: null, quotaHour: null, quotaDay: null, ...fields })).body.groupId
const pageOf = async (query: string, url = dialer.url): Promise<CallerIdView[]> => (await world.ask<CallerIdPage>(url, 'GET', `/caller-ids?${query}`)).body.items
const add = async (fields: object): Promise<CallerIdsAdded> => (await world.ask<CallerIdsAdded>(dialer.url, 'POST', '/caller-ids', fields)).body
const act = (fields: object): Promise<{ status: number; body: unknown }> => world.ask(dialer.url, 'POST', '/caller-ids/changes', fields)
/** A line without numbers, and a pool of them. */
async function lineWith(texts: readonly (string | { number: string; region: string })[], fields: { groupId?: string; line?: object } = {}): Promise<{ lineId: string; pool: CallerIdView[] }> {
  const lineId = await addLine(world, dialer.url, { name: `Line ${named += 1}`, callerIds: [], ...fields.line })
  await add({ numbers: texts.map((each) => (typeof each === 'string' ? { number: each } : each)), lineIds: [lineId], groupId: fields.groupId ?? UNLIMITED_GROUP, proof: 'the carrier’s letter' })
  return { lineId, pool: await pageOf(`lineId=${lineId}`) }
}
const callsOf = (people: readonly CustomerState[]): DialCommand[] => world.voice.dialled.filter(({ customerId }) => people.some((one) => one.customerId === customerId))

// First of all: what is told of the past must not be judged already, by calls of other tests.
describe('a number whose answers fall', () => {
  /** What happened on each number in windows of the past: calls and answers of a window. */
  async function tell(pool: readonly CallerIdView[], windows: readonly (readonly [calls: number, answered: number])[][]): Promise<void> {
    const last = Math.floor(Date.now() / 300_000) * 300_000 - 600_000
    const rows = windows.flatMap((each, index) => each.map(([calls, answered], place) => ({ id: present(pool[place]).callerId, at: new Date(last - (windows.length - 1 - index) * 300_000), calls, answered })))
    // In one statement: whoever judges windows meanwhile sees all of it or nothing.
    await world.database.db.sql`insert into dialer.caller_id_use (caller_id, window_at, calls, answered) select id, at, calls, answered from json_to_recordset(${JSON.stringify(rows)}::json) as w(id uuid, at timestamptz, calls integer, answered integer)`
  }

  test('rests by itself and says so; its neighbours go on, and grow', { timeout: 120_000 }, async () => {
    const groupId = await groupWith({ channelsStart: 1, channelsMax: 3, rampCalls: 50, restHours: 48 })
    const { lineId, pool } = await lineWith(numbers(3), { groupId })
    const good = [10, 3] as const
    await tell(pool, Array.from({ length: 40 }, (_, window) => [good, good, window < 24 ? good : [10, 0] as const]))
    const [, neighbour, fallen] = pool
    const resting = await until(async () => (await pageOf(`lineId=${lineId}&state=resting`))[0], 'it rests', 60_000)
    expect(resting.callerId).toBe(present(fallen).callerId)
    expect(resting.reason).toMatch(/^suspected-flagged: \d+\/\d+\/\d+\.\d$/)
    expect(Date.parse(present(resting.until)) - Date.now()).toBeGreaterThan(47 * 3_600_000)
    expect(resting.channels).toBe(1)
    await until(() => world.audits.find(({ action, subject }) => action === 'caller-id:suspect' && subject === resting.callerId), 'it is in the audit')
    await until(async () => (await pageOf(`lineId=${lineId}`)).find(({ callerId }) => callerId === present(neighbour).callerId)?.channels === 3, 'the others grow')
    expect(resting.days.at(-1)?.calls).toBe(400)
    const { counts } = (await world.ask<CallerIdPage>(dialer.url, 'GET', '/caller-ids?limit=1')).body
    expect(counts.suspected).toBeGreaterThanOrEqual(1)

    await act({ act: 'wake', callerIds: [resting.callerId], reason: 'cleared with the carrier' })
    expect((await pageOf(`lineId=${lineId}&state=active`)).find(({ callerId }) => callerId === resting.callerId)).toMatchObject({ channels: 1, doubt: 0, reason: 'cleared with the carrier', stateBy: 'Test' })
  })
})

describe('which number a customer sees', () => {
  test('that of his place, and the same one again; another, and why, while that one rests', { timeout: 120_000 }, async () => {
    const texts = [{ number: present(numbers(1)[0]), region: '北京' }, { number: present(numbers(1, '755')[0]), region: '' }, { number: `+861380000${1_000 + (named += 1)}`, region: '广东广州' }]
    const { lineId, pool } = await lineWith(texts)
    const [person] = crowd(1, '广东深圳')
    world.voice.script = () => NO_ANSWER
    const numberOf = (area: string): CallerIdView => present(pool.find((one) => one.area === area))
    expect(await callOf(present(person), lineId)).toBe(numberOf('0755').number)
    expect((await attemptsOf(present(person)))[0]?.decision).toMatchObject({ callerId: { reason: 'same-area', instead: null } })

    // Another number of his very city, without any use: he sees the one he knows.
    await add({ numbers: numbers(1, '755').map((number) => ({ number })), lineIds: [lineId], groupId: UNLIMITED_GROUP, proof: 'letter' })
    expect(await callOf(present(person), lineId)).toBe(numberOf('0755').number)
    expect((await act({ act: 'rest', callerIds: [numberOf('0755').callerId], reason: 'complaints', hours: null })).body).toEqual({ changed: 1 })
    expect(await callOf(present(person), lineId)).not.toBe(numberOf('0755').number)
    const last = present((await attemptsOf(present(person)))[0])
    expect(last.decision).toMatchObject({ callerId: { reason: 'same-area', instead: { number: numberOf('0755').number, because: 'resting' } } })
  })

  test('whoever was called before it was kept what he saw, sees what he saw then', async () => {
    const { lineId, pool } = await lineWith(numbers(5))
    const [person] = crowd(1, 'nowhere')
    const first = await callOf(present(person), lineId)
    await world.database.db.sql`update dialer.person set caller_ids = null where customer_id = ${present(person).customerId}`
    const again = await callOf(present(person), lineId)
    expect(pool.map(({ number }) => number)).toEqual(expect.arrayContaining([first, again]))
    expect(await callOf(present(person), lineId)).toBe(again)
  })
})

const attemptsOf = async ({ customerId }: CustomerState): Promise<z.infer<typeof AttemptPage>['items']> => (await world.ask<z.infer<typeof AttemptPage>>(dialer.url, 'GET', `/attempts?limit=50&customerId=${customerId}`)).body.items

/** Calls him once, on this line, and says which number he saw. */
async function callOf(person: CustomerState, lineId: string): Promise<string> {
  const before = callsOf([person]).length
  world.voice.script = () => NO_ANSWER
  await world.database.db.sql`update dialer.person set attempts_that_day = 1 where customer_id = ${person.customerId}`
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(present(person.region)), lineIds: [lineId], retry: ONCE })
  const call = await until(() => callsOf([person])[before], 'he is called')
  await until(async () => (await attemptsOf(person)).every(({ endedAt }) => endedAt !== null), 'the call is over')
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
  return call.callerId
}

describe('how much a number may do', () => {
  test('its quota is kept, said, and kept over a restart; a greater one lets it go on', { timeout: 180_000 }, async () => {
    const groupId = await groupWith({ quotaHour: 3 })
    const { lineId, pool } = await lineWith(numbers(2), { groupId })
    const people = crowd(12, 'quota')
    world.voice.script = () => ({ answeredAt: null, ringingAt: Date.now(), evidence: { sipStatus: 486, endedBy: 'callee' } })
    const first = await world.forkDialer()
    await dialer.stop()
    const { campaignId } = await startCampaign(world, first.url, { audience: region('quota'), lineIds: [lineId], ratePerSecond: 50, retry: ONCE })
    const held = async (url: string): Promise<boolean> => (await world.ask<{ holdReason: string | null }>(url, 'GET', `/campaigns/${campaignId}/progress`)).body.holdReason === 'no-caller-id'
    await until(async () => callsOf(people).length >= 6 && held(first.url), 'the campaign says that no number may be used', 60_000)
    expect(callsOf(people)).toHaveLength(6)
    first.child.kill('SIGKILL')
    await first.gone

    dialer = await world.startDialer()
    await until(async () => held(dialer.url), 'the next one knows it', 60_000)
    expect(callsOf(people)).toHaveLength(6)
    for (const { number } of pool) expect(callsOf(people).filter(({ callerId }) => callerId === number)).toHaveLength(3)
    expect((await pageOf(`lineId=${lineId}`)).map(({ usedHour, usedDay, quotaHour }) => [usedHour, usedDay, quotaHour])).toEqual([[3, 3, 3], [3, 3, 3]])
    const waiting = present(people.find((one) => callsOf([one]).length === 0))
    const why = await world.ask<WhyNotNow>(dialer.url, 'GET', `/campaigns/${campaignId}/why-not/${waiting.customerId}`)
    expect(why.body.reasons).toEqual([{ reason: 'no-caller-id', until: expect.any(String) as string, detail: null }])
    const waitMs = Date.parse(present(why.body.reasons[0]?.until)) - Date.now()
    expect(waitMs).toBeGreaterThan(45 * 60_000)
    expect(waitMs).toBeLessThan(66 * 60_000)

    await act({ act: 'quota', callerIds: [present(pool[0]).callerId], quotaHour: 5, quotaDay: null })
    await until(() => callsOf(people).length === 8, 'two more calls, by the number that may', 60_000)
    await until(async () => held(dialer.url), 'and no more')
    expect(callsOf(people)).toHaveLength(8)
    await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
  })

  test('two processes never pass a quota together', { timeout: 180_000 }, async () => {
    const groupId = await groupWith({ quotaHour: 7 })
    const { lineId, pool } = await lineWith(numbers(3), { groupId })
    const people = crowd(80, 'shared')
    world.voice.script = () => ({ answeredAt: null, ringingAt: Date.now(), evidence: { sipStatus: 486, endedBy: 'callee' } })
    const other = await world.startDialer()
    await until(async () => (await world.database.db.sql`select from dialer.slot group by dialer_id having count(*) between 30 and 34`).length === 2, 'they share the slots', 60_000)
    const { campaignId } = await startCampaign(world, dialer.url, { audience: region('shared'), lineIds: [lineId], ratePerSecond: 100, retry: ONCE })
    await until(() => callsOf(people).length >= 21, 'what may be called is', 60_000)
    const usedAt = async (url: string): Promise<number[]> => (await pageOf(`lineId=${lineId}`, url)).map(({ usedHour }) => usedHour)
    for (const { url } of [dialer, other]) await until(async () => (await usedAt(url)).join() === '7,7,7', 'each learns what the other used')
    for (const { number } of pool) expect(callsOf(people).filter(({ callerId }) => callerId === number)).toHaveLength(7)
    const began = await world.database.db.sql<{ calls: number }>`select count(*)::integer as calls from dialer.attempt where quota_of = any(${pool.map(({ callerId }) => callerId)}::uuid[]) group by dialer_id`
    expect(began.map(({ calls }) => calls >= 6)).toEqual([true, true]) // about half each: the slots are divided, and the quota with them
    await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
    await other.stop()
  })

  test('one call at a time while it is new, and a pause after each', { timeout: 120_000 }, async () => {
    const groupId = await groupWith({ channelsStart: 1, channelsMax: 3, pauseSeconds: 1 })
    const { lineId } = await lineWith(numbers(1), { groupId })
    const people = crowd(3, 'channels')
    world.voice.script = () => null
    const { campaignId } = await startCampaign(world, dialer.url, { audience: region('channels'), lineIds: [lineId], ratePerSecond: 50 })
    const [first] = await until(() => callsOf(people).length === 1 && callsOf(people), 'the first is called')
    await until(async () => (await world.ask<{ holdReason: string | null }>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)).body.holdReason === 'line-full', 'the others wait for it')
    expect((await pageOf(`lineId=${lineId}`))[0]).toMatchObject({ inFlight: 1, channels: 1 })
    expect(callsOf(people)).toHaveLength(1)
    const endedAt = performance.now()
    world.voice.end(present(first), NO_ANSWER)
    await until(() => callsOf(people).length === 2, 'then the next one')
    expect(performance.now() - endedAt).toBeGreaterThan(990)
    world.voice.end(present(callsOf(people)[1]), NO_ANSWER)
    await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
  })
})

describe('the pool', () => {
  test('takes numbers and says which it cannot take', async () => {
    const [one, two] = numbers(2)
    const lineId = await addLine(world, dialer.url, { name: 'First', callerIds: [present(one)] })
    const elsewhere = await addLine(world, dialer.url, { name: 'Second', callerIds: [] })
    const answer = await add({ numbers: [{ number: present(two) }, { number: present(two).replace('+86', '0') }, { number: 'none' }, { number: present(one) }], lineIds: [lineId], proof: 'letter' })
    expect(answer).toEqual({ added: 1, refused: [{ number: present(two).replace('+86', '0'), reason: 'twice', until: null }, { number: 'none', reason: 'not-a-number', until: null }, { number: present(one), reason: 'known', until: null }] })
    const made = present((await pageOf(`lineId=${lineId}`)).find(({ number }) => number === two))
    expect(made).toMatchObject({ state: 'active', groupId: DEFAULT_GROUP, province: '北京', area: '010', quotaHour: 20, quotaDay: 60, channels: 1, proven: true, stateBy: 'Test' })
    const line = async (id: string): Promise<LineView> => present((await world.ask<{ items: LineView[] }>(dialer.url, 'GET', '/lines')).body.items.find((each) => each.lineId === id))
    expect(new Set((await line(lineId)).callerIds)).toEqual(new Set([one, two]))

    // Given back: held, nobody else's, and who calls it still reaches us.
    expect((await act({ act: 'release', callerIds: [made.callerId], reason: 'contract ended' })).body).toEqual({ changed: 1 })
    expect((await line(lineId)).callerIds).toEqual([one])
    expect(await add({ numbers: [{ number: present(two) }], lineIds: [elsewhere] })).toMatchObject({ added: 0, refused: [{ reason: 'held', until: expect.any(String) as string }] })
    const caller = world.voice.callIn({ lineId, from: null, to: present(two) })
    await until(() => world.voice.inboundOrders.find(({ attemptId, order }) => attemptId === caller && order === 'ring'), 'it rings')
    world.voice.callerLeaves(caller)
    const version = (await pageOf(`state=held&lineId=${lineId}`))[0]?.version
    await world.database.db.sql`update dialer.caller_id set until_at = now() - interval '1 second', updated_at = now() where caller_id = ${made.callerId}`
    await until(async () => (await pageOf(`state=retired&lineId=${lineId}`)).length === 1, 'its time is over')
    expect(await add({ numbers: [{ number: present(two) }], lineIds: [elsewhere] })).toEqual({ added: 1, refused: [] })
    expect((await pageOf(`lineId=${elsewhere}`))[0]).toMatchObject({ callerId: made.callerId, state: 'active', proven: true, proof: '' })
    expect(version).toBeGreaterThan(made.version)
  })

  test('numbers written into a line are those of the pool; one that is held elsewhere is refused and nothing is saved', async () => {
    const [one, two] = numbers(2)
    const lineId = await addLine(world, dialer.url, { name: 'Written', callerIds: [present(one), present(two)] })
    const edit = async (callerIds: string[], id = lineId): Promise<{ status: number; body: { error: { code?: string } } }> => {
      const { version } = present((await world.ask<{ items: LineView[] }>(dialer.url, 'GET', '/lines')).body.items.find((each) => each.lineId === id))
      return world.ask(dialer.url, 'PATCH', `/lines/${id}`, { version, callerIds })
    }
    expect((await edit([present(one)])).status).toBe(200)
    expect((await pageOf(`lineId=${lineId}&state=held`)).map(({ number, reason }) => [number, reason])).toEqual([[two, 'taken-off-its-line']])
    const other = await addLine(world, dialer.url, { name: 'Other', callerIds: [] })
    expect(await edit([present(two)], other)).toMatchObject({ status: 422, body: { error: { code: 'CALLER_ID_REFUSED' } } })
    expect((await edit([present(one), present(two)])).status).toBe(200) // back where it came from
    expect(await pageOf(`lineId=${lineId}&state=active`)).toHaveLength(2)
  })

  test('a real line shows only what is proven ours', async () => {
    const [one] = numbers(1)
    const lineId = await addLine(world, dialer.url, { name: 'Real', sandbox: false, callerIds: [present(one)] })
    const [number] = await pageOf(`lineId=${lineId}`)
    expect(number).toMatchObject({ proven: false, groupId: DEFAULT_GROUP, channels: 1 })
    const { customerId } = present(crowd(1, 'real')[0])
    world.crm.customers.set(customerId, { ...present(world.crm.customers.get(customerId)), sandbox: false })
    const call = (): Promise<{ status: number; body: { error: { details?: object } } }> => world.ask(dialer.url, 'POST', '/calls', { customerId })
    expect(await call()).toMatchObject({ status: 503, body: { error: { details: { reason: 'no-proven-caller-id' } } } })
    const { version, callerId } = present(number)
    expect((await world.ask(dialer.url, 'PATCH', `/caller-ids/${callerId}`, { version, proof: 'contract 7' })).status).toBe(200)
    world.voice.script = () => NO_ANSWER
    expect(await call()).toMatchObject({ status: 202 })
  })

  test('a rest that was given an end ends then; numbers of before there was a pool are in it, without quotas', { timeout: 60_000 }, async () => {
    const stored = present((await pageOf('text=1012345678'))[0])
    expect(stored).toMatchObject({ state: 'active', groupId: UNLIMITED_GROUP, proven: true, quotaHour: null, channels: null })
    await act({ act: 'rest', callerIds: [stored.callerId], reason: 'a moment', hours: 0.1 })
    expect((await pageOf('text=1012345678'))[0]).toMatchObject({ state: 'resting', reason: 'a moment', stateBy: 'Test' })
    await world.database.db.sql`update dialer.caller_id set until_at = now() - interval '1 second', updated_at = now() where caller_id = ${stored.callerId}`
    await until(async () => (await pageOf('text=1012345678'))[0]?.state === 'active', 'it is in use again')
  })

  test('who may, and what is refused', async () => {
    const [number] = await pageOf('text=1012345678')
    const { callerId, version } = present(number)
    const cases: { name: string; method: string; path: string; body?: object; who?: 'agent' | 'supervisor' | 'admin'; want: [number, string?] }[] = [
      { name: 'an agent may not look', method: 'GET', path: '/caller-ids', who: 'agent', want: [403, 'FORBIDDEN'] },
      { name: 'a lead may', method: 'GET', path: '/caller-ids', who: 'supervisor', want: [200] },
      { name: 'but not change', method: 'POST', path: '/caller-ids/changes', who: 'supervisor', body: { act: 'wake', callerIds: [callerId], reason: 'x' }, want: [403, 'FORBIDDEN'] },
      { name: 'an old version', method: 'PATCH', path: `/caller-ids/${callerId}`, body: { version: version - 1, note: 'x' }, want: [409, 'VERSION_CONFLICT'] },
      { name: 'no such place', method: 'PATCH', path: `/caller-ids/${callerId}`, body: { version, region: 'Atlantis' }, want: [422, 'REGION_UNKNOWN'] },
      { name: 'no such number', method: 'POST', path: '/caller-ids/changes', body: { act: 'wake', callerIds: [UNLIMITED_GROUP], reason: 'x' }, want: [404, 'CALLER_ID_NOT_FOUND'] },
      { name: 'no such group', method: 'POST', path: '/caller-ids/changes', body: { act: 'move', callerIds: [callerId], groupId: callerId }, want: [404, 'CALLER_ID_GROUP_NOT_FOUND'] },
      { name: 'no such line', method: 'POST', path: '/caller-ids', body: { numbers: [{ number: '02112345678' }], lineIds: [callerId] }, want: [404, 'LINE_NOT_FOUND'] },
      { name: 'a group in use', method: 'DELETE', path: `/caller-id-groups/${UNLIMITED_GROUP}`, want: [409, 'CALLER_ID_GROUP_IN_USE'] },
      { name: 'a rest without a reason', method: 'POST', path: '/caller-ids/changes', body: { act: 'rest', callerIds: [callerId], reason: ' ', hours: 1 }, want: [400] },
    ]
    for (const c of cases) {
      const { status, body } = await world.ask<{ error?: { code?: string } }>(dialer.url, c.method, c.path, c.body, c.who)
      expect({ status, code: c.want[1] === undefined ? undefined : body.error?.code }, c.name).toEqual({ status: c.want[0], code: c.want[1] })
    }
    world.auditFails = true
    expect((await act({ act: 'rest', callerIds: [callerId], reason: 'x', hours: 1 })).status).toBeGreaterThanOrEqual(500)
    world.auditFails = false
    expect((await pageOf('text=1012345678'))[0]?.state).toBe('active')
  })

  test('a group is edited over its version and removed when nothing is in it', async () => {
    const groupId = await groupWith({ quotaDay: 9 })
    const edit = (body: object): Promise<{ status: number; body: CallerIdGroupView }> => world.ask<CallerIdGroupView>(dialer.url, 'PATCH', `/caller-id-groups/${groupId}`, body)
    expect(await edit({ version: 1, quotaDay: 12 })).toMatchObject({ status: 200, body: { version: 2, quotaDay: 12, quotaHour: null, numbers: 0 } })
    expect((await edit({ version: 1, quotaDay: 13 })).status).toBe(409)
    expect((await world.ask(dialer.url, 'DELETE', `/caller-id-groups/${groupId}`)).status).toBe(200)
    expect((await edit({ version: 2, quotaDay: 13 })).status).toBe(404)
  })
})
