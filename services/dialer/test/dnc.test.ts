import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { signIdentity } from '@loopline/http/identity-token'
import { Phone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import type { PhoneId } from '@loopline/vocabulary/ids'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { DncImportView } from '@loopline/contracts/dnc'
import type { RunningDialer } from '../main.ts'
import { OWN_LIST } from '../dnc/list.sql.ts'
import { addLine, openWorld, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
  await addLine(world, dialer.url)
})
afterAll(() => world.close())

interface List { listId: string; kind: string; numbers: number; copiedOn: string | null }
const lists = async (): Promise<List[]> => (await world.ask<{ items: List[] }>(dialer.url, 'GET', '/dnc/lists')).body.items
const own = async (): Promise<List> => (await lists()).find((list) => list.listId === OWN_LIST) as List
const held = async (customerId: string): Promise<string | null | undefined> =>
  (await world.database.db.sql<{ reason: string | null }>`select hold_reason as reason from dialer.entry where customer_id = ${customerId} and state = 'waiting'`)[0]?.reason

let last = 0
/** A customer of this region with a number that the test knows. */
function known(inRegion: string): { state: CustomerState; number: E164 } {
  const number = `+8613700${String((last += 1)).padStart(6, '0')}` as E164
  const state = customer(world.keys, { region: inRegion })
  return { number, state: { ...state, phones: [{ phoneId: newId<PhoneId>(), position: 0, state: 'usable', sealed: world.keys.sealPhone(new Phone(number), state.customerId).toString('base64') }] } }
}

async function put(importId: string, offset: number, text: string, isLast: boolean): Promise<{ status: number; body: DncImportView & { error?: { code: string; details: unknown } } }> {
  const token = await signIdentity(world.keys.signingKey('identity'), { sub: '00000000-0000-7000-8000-0000000000aa', role: 'admin', name: 'Test', teamId: null })
  const response = await fetch(`${dialer.url}/dnc/imports/${importId}/piece?offset=${offset}&last=${isLast}`, { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' }, body: text })
  return { status: response.status, body: await response.json() as never }
}

test('who is on the company’s own list is called by nobody, and again when taken off it', async () => {
  const { state, number } = known('own')
  world.crm.add(state)
  const added = await world.ask<{ changed: boolean; numbers: number }>(dialer.url, 'POST', `/dnc/lists/${OWN_LIST}/numbers`, { phone: number, reason: 'asked us to stop' })
  expect(added).toMatchObject({ status: 200, body: { changed: true } })
  expect((await world.ask<{ changed: boolean }>(dialer.url, 'POST', `/dnc/lists/${OWN_LIST}/numbers`, { phone: number, reason: 'again' })).body.changed).toBe(false)
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('own') })
  await until(async () => (await held(state.customerId)) === 'do-not-call', 'the entry is put aside')
  const why = await world.ask<{ reasons: { reason: string }[] }>(dialer.url, 'GET', `/campaigns/${campaignId}/why-not/${state.customerId}`)
  expect(why.body.reasons.map(({ reason }) => reason)).toContain('do-not-call')
  expect(await world.ask(dialer.url, 'POST', '/dnc/search', { phone: number })).toMatchObject({ body: { items: [{ listId: OWN_LIST, reason: 'asked us to stop' }] } })
  expect(world.audits.filter(({ action }) => action === 'dnc:add').at(-1)?.details).toMatchObject({ phone: `+86 ••• ${number.slice(-4)}` })

  await world.ask(dialer.url, 'POST', `/dnc/lists/${OWN_LIST}/numbers/remove`, { phone: number, reason: 'changed his mind' })
  await until(async () => (await world.database.db.sql`select from dialer.attempt where customer_id = ${state.customerId}`).length > 0, 'the person is called')
})

test('a campaign’s own list holds for that campaign alone', async () => {
  const { state, number } = known('of-one')
  world.crm.add(state)
  const made = await world.ask<{ campaignId: string }>(dialer.url, 'POST', '/campaigns', { name: 'A', audience: region('of-one'), ratePerSecond: 50, maxConcurrent: 50 })
  const list = await world.ask<List>(dialer.url, 'POST', '/dnc/lists', { kind: 'campaign', name: 'A only', campaignId: made.body.campaignId })
  expect(list.status).toBe(201)
  await world.ask(dialer.url, 'POST', `/dnc/lists/${list.body.listId}/numbers`, { phone: number, reason: 'bought already' })
  await world.ask(dialer.url, 'POST', `/campaigns/${made.body.campaignId}/start`, {})
  await until(async () => (await held(state.customerId)) === 'do-not-call', 'the entry is put aside')
  await startCampaign(world, dialer.url, { audience: region('of-one') })
  await until(async () => (await world.database.db.sql`select from dialer.attempt where customer_id = ${state.customerId}`).length > 0, 'the other campaign calls')
})

test('a file comes in pieces cut anywhere; a piece told twice changes nothing; a copy replaces the former as a whole', async () => {
  const { body: list } = await world.ask<List>(dialer.url, 'POST', '/dnc/lists', { kind: 'registry', name: 'TPS', registry: 'uk-tps' })
  const noDay = await world.ask<{ error: { code: string } }>(dialer.url, 'POST', `/dnc/lists/${list.listId}/imports`, { fileName: 'a.csv', mode: 'replace' })
  expect(noDay.body.error.code).toBe('DNC_COPY_DAY_MISSING')
  const text = `number\n${Array.from({ length: 25_000 }, (_, index) => `0207${String(1_000_000 + index)}`).join('\n')}\nnonsense\n02071000000\n02079999999`
  const begin = async (): Promise<DncImportView> =>
    (await world.ask<DncImportView>(dialer.url, 'POST', `/dnc/lists/${list.listId}/imports`, { fileName: 'a.csv', mode: 'replace', copiedOn: '2026-11-01', callingCode: '44' })).body
  const first = await begin()
  const cut = 100_001
  const one = await put(first.importId, 0, text.slice(0, cut), false)
  expect(one.status).toBe(200)
  expect(one.body.offset).toBe(text.lastIndexOf('\n', cut - 1) + 1)
  expect((await lists()).find((other) => other.listId === list.listId)).toMatchObject({ numbers: 0, copiedOn: null })
  const again = await put(first.importId, 0, text.slice(0, cut), false)
  expect(again).toMatchObject({ status: 409, body: { error: { code: 'DNC_IMPORT_OFFSET', details: { offset: one.body.offset } } } })
  const end = await put(first.importId, one.body.offset, text.slice(one.body.offset), true)
  expect(end.body).toMatchObject({ state: 'done', rows: 25_004, added: 25_001, known: 1, invalid: 1, offset: text.length })
  expect((await lists()).find((other) => other.listId === list.listId)).toMatchObject({ numbers: 25_001, copiedOn: '2026-11-01' })
  expect((await put(first.importId, text.length, '', true)).body.error?.code).toBe('DNC_IMPORT_OVER')

  const second = await begin()
  await put(second.importId, 0, '02071000001\n', true)
  expect((await world.ask<{ items: unknown[] }>(dialer.url, 'POST', '/dnc/search', { phone: '+442079999999' })).body.items).toHaveLength(0)
  expect((await world.ask<{ items: unknown[] }>(dialer.url, 'POST', '/dnc/search', { phone: '+442071000001' })).body.items).toHaveLength(1)
  const third = await begin()
  expect((await put(third.importId, 0, 'no number here\n', true)).body.error?.code).toBe('DNC_FILE_EMPTY')
})

test('"never call" goes onto the company’s own list, stays there when the record is erased, and leaves it when taken back', async () => {
  const kept = known('refusal')
  const erased = known('refusal')
  world.crm.add(kept.state, erased.state)
  await startCampaign(world, dialer.url, { audience: region('refusal') })
  const before = (await own()).numbers
  for (const { state } of [kept, erased]) await world.crm.edit(state.customerId, { neverCall: true })
  await until(async () => (await own()).numbers === before + 2, 'both numbers are on the list')
  await world.crm.edit(erased.state.customerId, { deleted: true, phones: [] })
  await world.crm.edit(kept.state.customerId, { neverCall: false })
  await until(async () => (await own()).numbers === before + 1, 'one is taken off')
  expect((await world.ask<{ items: unknown[] }>(dialer.url, 'POST', '/dnc/search', { phone: erased.number })).body.items).toHaveLength(1)
})

test('what cannot be done is refused by code, and who may not is refused', async () => {
  const ask = async (path: string, body: object, who: 'admin' | 'agent' = 'admin'): Promise<string> => (await world.ask<{ error: { code: string } }>(dialer.url, 'POST', path, body, who)).body.error.code
  expect(await ask(`/dnc/lists/${OWN_LIST}/numbers`, { phone: 'nonsense', reason: 'x' })).toBe('PHONE_INVALID')
  expect(await ask(`/dnc/lists/${newId()}/numbers`, { phone: '+8613800000000', reason: 'x' })).toBe('DNC_LIST_NOT_FOUND')
  expect(await ask(`/dnc/lists/${OWN_LIST}/remove`, { reason: 'x' })).toBe('DNC_LIST_KEPT')
  expect(await ask(`/dnc/lists/${OWN_LIST}/imports`, { fileName: 'a', mode: 'replace' })).toBe('DNC_LIST_NOT_REPLACEABLE')
  expect(await ask(`/dnc/lists/${OWN_LIST}/numbers`, { phone: '+8613800000000', reason: 'x' }, 'agent')).toBe('FORBIDDEN')
})
