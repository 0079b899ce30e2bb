import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { chainHash } from '@loopline/keys/chain-hash'
import { openObjects } from '@loopline/objects/open-objects'
import type { ObjectStore } from '@loopline/objects/object-store'
import { chunkKey, folderOf, manifestKey } from '@loopline/recording/manifest'
import type { Manifest, StoredChunk } from '@loopline/recording/manifest'
import type { RecordingItem, RecordingView, RecordingEnd } from '@loopline/contracts/recording'
import type { DialCommand } from '@loopline/contracts/voice-link'
import type { Role } from '@loopline/vocabulary/roles'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { RunningDialer } from '../main.ts'
import { AgentDesk } from './agent-desk.ts'
import { addLine, openWorld, present, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

const folder = mkdtempSync(join(tmpdir(), 'dialer recordings '))
const objectsUrl = pathToFileURL(join(folder, 'objects')).href
/** As short as a round may be: what is due is done at once. */
const SETTINGS = { OBJECTS_URL: objectsUrl, RECORDING_ROUND_MS: 50 }

let world: World
let dialer: RunningDialer
let store: ObjectStore
beforeAll(async () => {
  store = await openObjects(objectsUrl)
  world = await openWorld()
  dialer = await world.startDialer(SETTINGS)
  await addLine(world, dialer.url)
  world.voice.script = () => null
})
afterEach(() => { world.auditFails = false })
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

const ask = <Answer>(method: string, path: string, body?: unknown, who: Role = 'admin') => world.ask<Answer>(dialer.url, method, path, body, who)
const view = async (attemptId: string): Promise<RecordingView> => (await ask<RecordingView>('GET', `/recordings/${attemptId}`)).body
const code = (answer: { body: unknown }): string => (answer.body as { error: { code: string } }).error.code
const audits = (action: string, subject: string) => world.audits.filter((entry) => entry.action === action && entry.subject === subject)
const rowOf = async (attemptId: string): Promise<Record<string, unknown> | undefined> => (await world.database.db.sql`select * from dialer.recording where attempt_id = ${attemptId}`)[0]
const row = async (attemptId: string): Promise<Record<string, unknown>> => present(await rowOf(attemptId))

interface VerifiedPage {
  checked: number
  damaged: { attemptId: string }[]
  next: string | null
}

let crowds = 0
/** A conversation of an agent with a customer, over by now; `campaignId` runs on without anybody. */
async function conversation(fields: Partial<CustomerState> = {}): Promise<{ call: DialCommand; seller: AgentDesk; campaignId: string }> {
  const name = `heard ${crowds += 1}`
  world.crm.add(customer(world.keys, { region: name, recordingConsent: 'granted', ...fields }))
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'progressive', wrapUpMs: 0 })
  const seller = new AgentDesk(world, dialer.url)
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  world.voice.hangUp(call)
  await until(async () => (await world.database.db.sql`select from dialer.attempt where id = ${call.attemptId} and ended_at is not null`).length === 1, 'the call is over')
  await seller.wish({ state: 'offline' })
  return { call, seller, campaignId }
}

/** As voice leaves it: chunks of silence, chained and sealed, and the manifest; then its end is told. */
async function recorded({ attemptId }: Pick<DialCommand, 'attemptId'>, { chunks = 3, startedAt = Date.now(), tell = true } = {}): Promise<RecordingEnd> {
  const stored: StoredChunk[] = []
  let head = ''
  for (let number = 0; number < chunks; number += 1) {
    const name = chunkKey(attemptId, number)
    const sealed = world.keys.sealBytes(new Uint8Array(32_000).fill(0xd5), name)
    await store.put(name, sealed)
    head = chainHash(head, sealed)
    stored.push({ number, at: 16_000 * number, samples: 16_000, hash: head })
  }
  const manifest: Manifest = { attemptId, startedAt, endedAt: startedAt + 2_000 * chunks, basis: 'granted', length: 16_000 * chunks, chunks: stored, gaps: [], peaks: { customer: [], seller: [] } }
  await store.put(manifestKey(attemptId), world.keys.sealBytes(Buffer.from(JSON.stringify(manifest)), manifestKey(attemptId)))
  const end: RecordingEnd = { startedAt, endedAt: manifest.endedAt, basis: 'granted', chunks, samples: 16_000 * chunks, complete: true, gaps: [], head }
  if (tell) world.voice.tell({ kind: 'recording-started', attemptId, at: startedAt, basis: 'granted' }, { kind: 'recording-ended', attemptId, at: end.endedAt, end })
  return end
}

const verified = (attemptId: string): Promise<RecordingView> => until(async () => {
  const shown = await view(attemptId)
  return shown.verifiedAt !== null && shown
}, 'the recording is verified')

test('a recording is held against the store when it ends: whole it stays complete, each kind of damage makes it incomplete and is audited once', async () => {
  const [whole, missing, changed, short, headless] = await Promise.all(Array.from({ length: 5 }, () => conversation()))
  await recorded(present(whole).call)
  expect(await verified(present(whole).call.attemptId)).toMatchObject({ state: 'complete', findings: [] })
  const damage = async (one: { call: DialCommand } | undefined, harm: (attemptId: string) => Promise<void>): Promise<RecordingView> => {
    const { attemptId } = present(one).call
    const end = await recorded({ attemptId }, { tell: false })
    await harm(attemptId)
    world.voice.tell({ kind: 'recording-ended', attemptId, at: end.endedAt, end })
    return verified(attemptId)
  }
  expect(await damage(missing, (id) => store.remove(chunkKey(id, 1)))).toMatchObject({ state: 'incomplete', findings: [{ kind: 'missing', number: 1 }] })
  expect(await damage(changed, async (id) => {
    const bytes = Uint8Array.from(present(await store.get(chunkKey(id, 2))))
    bytes[5_000] = 1 ^ present(bytes[5_000])
    await store.put(chunkKey(id, 2), bytes)
  })).toMatchObject({ state: 'incomplete', findings: [{ kind: 'changed', number: 2 }] })
  expect(await damage(short, async (id) => store.put(chunkKey(id, 0), present(await store.get(chunkKey(id, 0))).subarray(0, 9_000)))).toMatchObject({ state: 'incomplete', findings: [{ kind: 'short', number: 0 }] })
  expect(await damage(headless, (id) => store.remove(manifestKey(id)))).toMatchObject({ state: 'incomplete', findings: [{ kind: 'manifest-missing' }] })
  expect(audits('recording:damaged', present(missing).call.attemptId)).toMatchObject([{ actorId: 'service:dialer', details: { count: 1, findings: [{ kind: 'missing', number: 1 }] } }])

  // By hand, all of them again, whenever they were looked at last: nothing is audited twice.
  const pages: VerifiedPage[] = []
  for (let cursor: string | null = null, more = true; more;) {
    const answer: { status: number; body: VerifiedPage } = await ask<VerifiedPage>('POST', '/recordings/verify', { cursor, limit: 2 }, 'auditor')
    expect(answer.status).toBe(200)
    pages.push(answer.body)
    cursor = answer.body.next
    more = cursor !== null
  }
  expect(pages.reduce((sum, { checked }) => sum + checked, 0)).toBe(5)
  expect(pages.flatMap(({ damaged }) => damaged)).toHaveLength(4)
  expect(audits('recording:damaged', present(missing).call.attemptId)).toHaveLength(1)
  expect(audits('recording:verify', 'recordings')).toHaveLength(1)
  expect((await ask('POST', '/recordings/verify', {}, 'agent')).status).toBe(403)
  // An end that is told again does not make whole what is not.
  const { attemptId } = present(missing).call
  const told = await row(attemptId)
  world.voice.tell({ kind: 'recording-ended', attemptId, at: Date.now(), end: { startedAt: Date.now(), endedAt: Date.now(), basis: 'granted', chunks: 3, samples: 48_000, complete: true, gaps: [], head: String(told['head']) } })
  const other = await conversation()
  await recorded(other.call)
  await verified(other.call.attemptId)
  expect(await view(attemptId)).toMatchObject({ state: 'incomplete' })
}, 180_000)

test('what was kept long enough is deleted, proved gone in the store and told in the record; under legal hold it stays until it is released', async () => {
  const old = Date.now() - 200 * 86_400_000
  const { call } = await conversation()
  const held = await conversation()
  await recorded(held.call)
  await verified(held.call.attemptId)
  const hold = (attemptId: string, body: object, who: Role = 'auditor') => ask<RecordingView>('PUT', `/recordings/${attemptId}/hold`, body, who)
  expect((await hold(held.call.attemptId, { on: true, reason: 'x' })).status).toBe(400)
  expect((await hold(held.call.attemptId, { on: true, reason: '投诉 2026-11' }, 'supervisor')).status).toBe(403)
  world.auditFails = true
  expect((await hold(held.call.attemptId, { on: true, reason: '投诉 2026-11' })).status).toBeGreaterThanOrEqual(500)
  world.auditFails = false
  expect(await view(held.call.attemptId)).toMatchObject({ legalHold: false })
  expect(await hold(held.call.attemptId, { on: true, reason: '投诉 2026-11' })).toMatchObject({ status: 200, body: { legalHold: true, hold: { reason: '投诉 2026-11', by: 'Test' } } })
  await world.database.db.sql`update dialer.recording set kept_until = now() - interval '1 day' where attempt_id = ${held.call.attemptId}`

  await recorded(call, { startedAt: old })
  const gone = await until(async () => { const shown = await view(call.attemptId); return shown.deletedAt !== null && shown }, 'the recording is deleted')
  expect(gone).toMatchObject({ state: 'deleted', peaks: { customer: [] } })
  expect(await store.list(folderOf(call.attemptId))).toEqual([])
  expect(audits('recording:delete', call.attemptId)).toMatchObject([{ actorId: 'service:dialer', details: { because: 'retention' } }])
  const heard = await ask('GET', `/recordings/${call.attemptId}/audio.wav`)
  expect([heard.status, code(heard)]).toEqual([410, 'RECORDING_DELETED'])
  expect(code(await hold(call.attemptId, { on: true, reason: 'too late' }))).toBe('RECORDING_DELETED')

  expect((await store.list(folderOf(held.call.attemptId))).length).toBe(4)
  expect(await view(held.call.attemptId)).toMatchObject({ state: 'complete', legalHold: true })
  expect(await hold(held.call.attemptId, { on: false, reason: '结案' })).toMatchObject({ status: 200, body: { legalHold: false, hold: null } })
  await until(async () => (await view(held.call.attemptId)).deletedAt !== null, 'what was released is deleted')
  expect(await store.list(folderOf(held.call.attemptId))).toEqual([])
  expect([...audits('recording:hold', held.call.attemptId), ...audits('recording:release', held.call.attemptId)].map(({ details }) => details['reason'])).toEqual(['投诉 2026-11', '结案'])
})

/** The time has passed after which a deletion that did not end is gone on with by another process. */
const brokenOff = (attemptId: string): Promise<unknown> => world.database.db.sql`update dialer.recording set deleting_at = now() - interval '5 minutes' where attempt_id = ${attemptId}`

test('killed between the store and the row, the deletion is made good by the next process; nothing is deleted that is not audited', async () => {
  const { call } = await conversation()
  world.auditFails = true
  await recorded(call, { startedAt: Date.now() - 200 * 86_400_000 })
  await until(async () => (await rowOf(call.attemptId))?.['deleting_at'], 'its deletion has begun')
  expect((await store.list(folderOf(call.attemptId))).length).toBe(4)
  await dialer.stop()
  await brokenOff(call.attemptId)
  // It may die before it has said that it is there.
  await world.forkDialer({ OBJECTS_URL: objectsUrl, RECORDING_ROUND_MS: '50', CRASH_AT: 'after-recording-removed' }).then(({ gone }) => gone, () => undefined)
  expect(await store.list(folderOf(call.attemptId))).toEqual([])
  expect(await row(call.attemptId)).toMatchObject({ deleted_at: null })
  world.auditFails = false
  await brokenOff(call.attemptId)
  dialer = await world.startDialer(SETTINGS)
  expect(await view(call.attemptId)).toMatchObject({ state: 'deleted' })
  await until(async () => (await view(call.attemptId)).deletedAt !== null, 'the deletion is told')
})

test('f2 p8 a voice that died is asked for its recordings as soon as its successor is there, and what that cannot close is not told as whole', async () => {
  const { call } = await conversation()
  const { attemptId } = call
  world.voice.tell({ kind: 'recording-started', attemptId, at: Date.now(), basis: 'granted' }, { kind: 'recorded', attemptId, at: Date.now(), chunk: { number: 0, at: 0, samples: 16_000, bytes: 32_029, hash: 'ab' } })
  await until(async () => (await view(attemptId)).state === 'recording', 'the recording is known')
  world.voice.received.length = 0
  world.voice.restart(() => ({}))
  const asked = await until(() => world.voice.received.flatMap((message) => (message.type === 'close-recordings' ? message.recordings : [])).find((one) => one.attemptId === attemptId), 'voice is asked')
  expect(asked).toMatchObject({ basis: 'granted', startedAt: expect.any(Number) })
  const end: RecordingEnd = { startedAt: present(asked.startedAt), endedAt: Date.now(), basis: 'granted', chunks: 1, samples: 16_000, complete: false, gaps: [], head: 'ab' }
  world.voice.tell({ kind: 'recording-ended', attemptId, at: end.endedAt, end })
  await until(async () => (await view(attemptId)).state === 'incomplete', 'the cut recording is flagged')

  // Nobody answers for this one: a minute after its call it is flagged without voice.
  const silent = await conversation()
  world.voice.tell({ kind: 'recording-started', attemptId: silent.call.attemptId, at: Date.now(), basis: 'granted' })
  await until(async () => (await view(silent.call.attemptId)).state === 'recording', 'the recording is known')
  await world.database.db.sql`update dialer.attempt set ended_at = ended_at - interval '2 minutes' where id = ${silent.call.attemptId}`
  await world.database.db.sql`update dialer.recording set started_at = started_at - interval '3 minutes' where attempt_id = ${silent.call.attemptId}`
  await until(async () => (await view(silent.call.attemptId)).state === 'incomplete', 'the forgotten recording is flagged')
})

test('f1 a recording that was told to a process which died before it kept it is asked for when voice is linked again', async () => {
  const { call } = await conversation()
  const end = await recorded(call, { chunks: 1, tell: false })
  const refused = await conversation({ recordingConsent: 'refused' })
  world.voice.received.length = 0
  world.voice.restart(() => ({}))
  const asked = await until(() => world.voice.received.flatMap((message) => (message.type === 'close-recordings' ? [message.recordings] : [])).find((all) => all.some(({ attemptId }) => attemptId === call.attemptId)), 'voice is asked')
  expect(asked.find(({ attemptId }) => attemptId === call.attemptId)).toEqual({ attemptId: call.attemptId, basis: null, startedAt: null })
  expect(asked.map(({ attemptId }) => attemptId)).not.toContain(refused.call.attemptId)
  world.voice.tell({ kind: 'recording-ended', attemptId: call.attemptId, at: end.endedAt, end })
  expect(await verified(call.attemptId)).toMatchObject({ attemptId: call.attemptId })
})

test('recordings are listed by customer, agent, campaign, date and state, for whoever may hear them', async () => {
  const teamId = newId()
  const mine = await conversation({ teamId: teamId as never })
  const refused = await conversation({ recordingConsent: 'refused' })
  await recorded(mine.call)
  await verified(mine.call.attemptId)
  const list = async (query: string, who: Role | { sub: string; role: Role; name: string; teamId: string | null } = 'auditor'): Promise<RecordingItem[]> => {
    const { status, body } = await world.ask<{ items: RecordingItem[] }>(dialer.url, 'GET', `/recordings?${query}`, undefined, who)
    expect(status).toBe(200)
    return body.items
  }
  const ids = async (...asked: Parameters<typeof list>): Promise<string[]> => (await list(...asked)).map(({ attemptId }) => attemptId)
  const [a, b] = [mine.call.attemptId as string, refused.call.attemptId as string]
  expect(await list(`customerId=${mine.call.customerId}`)).toMatchObject([{ attemptId: a, state: 'complete', because: 'granted', durationMs: 6_000, agentId: mine.seller.agentId, campaignId: mine.campaignId, campaignName: 'Test', legalHold: false }])
  expect(await ids(`agentId=${refused.seller.agentId}`)).toEqual([b])
  expect(await list(`campaignId=${refused.campaignId}&state=not-recorded`)).toMatchObject([{ attemptId: b, because: 'consent-refused', keptUntil: null }])
  expect(await ids(`campaignId=${refused.campaignId}&state=complete`)).toEqual([])
  const all = await ids('limit=200')
  expect(all.indexOf(b)).toBeLessThan(all.indexOf(a))
  expect(await ids('state=deleted')).toHaveLength(3)
  expect((await list('state=incomplete')).length).toBeGreaterThanOrEqual(4)
  const at = (await list(`customerId=${mine.call.customerId}`))[0]?.startedAt ?? ''
  expect(await ids(`from=${at}&to=${new Date(Date.parse(at) + 1).toISOString()}`)).toContain(a)
  expect(await ids(`to=${at}`)).not.toContain(a)
  expect(await ids(`from=${new Date(Date.parse(at) + 1).toISOString()}`)).not.toContain(a)
  const first = await world.ask<{ items: RecordingItem[]; next: string }>(dialer.url, 'GET', '/recordings?limit=1', undefined, 'admin')
  expect(await ids(`limit=1&cursor=${first.body.next}`)).toEqual([all[1]])
  // P18: one's own conversations, those of one's team, and nobody else's.
  expect(await ids('limit=200', mine.seller.identity)).toEqual([a])
  expect(await ids('limit=200', { sub: newId(), role: 'supervisor', name: '李', teamId })).toEqual([a])
  expect(await ids('limit=200', { sub: newId(), role: 'agent', name: '李', teamId })).toEqual([])
})
