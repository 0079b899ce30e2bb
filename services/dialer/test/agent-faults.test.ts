import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RecordingView } from '@loopline/contracts/recording'
import type { RecordingEnd } from '@loopline/contracts/recording'
import type { DialCommand } from '@loopline/contracts/voice-link'
import { AgentDesk } from './agent-desk.ts'
import { openWorld, present, region, startCampaign, storeLine, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await storeLine(world)
})
afterAll(() => world.close())
beforeEach(() => { world.voice.script = () => null })

async function campaign(url: string, name: string, size: number): Promise<string> {
  world.crm.add(...Array.from({ length: size }, () => customer(world.keys, { region: name, recordingConsent: 'granted' })))
  return (await startCampaign(world, url, { audience: region(name), mode: 'progressive', wrapUpMs: 60_000 })).campaignId
}

test('a dialer killed in the middle of calls: its successor knows within 3 s who talks with whom, also what happened in between', { timeout: 120_000 }, async () => {
  const doomed = await world.forkDialer()
  const [talking, ringing, leaving] = [new AgentDesk(world, doomed.url), new AgentDesk(world, doomed.url), new AgentDesk(world, doomed.url)]
  const campaignId = await campaign(doomed.url, 'kill', 3)
  for (const seller of [talking, ringing, leaving]) await seller.begin(campaignId)
  const [first, second, third] = [await talking.call(), await ringing.call(), await leaving.call()]
  world.voice.answer(first)
  world.voice.answer(third)
  await talking.inState('talking')
  await leaving.inState('talking')
  world.voice.ring(second)
  await ringing.inState('ringing')
  doomed.child.kill('SIGKILL')
  await doomed.gone
  world.voice.answer(second)
  world.voice.hangUp(third)
  const startedAt = Date.now()
  const successor = await world.startDialer()
  for (const seller of [talking, ringing, leaving]) seller.url = successor.url
  expect((await talking.me()).call).toMatchObject({ attemptId: first.attemptId, phase: 'talking' })
  expect((await ringing.inState('talking')).call).toMatchObject({ attemptId: second.attemptId })
  expect(Date.now() - startedAt).toBeLessThan(3_000)
  await leaving.inState('wrap-up', 15_000)
  world.voice.hangUp(first)
  expect((await talking.inState('wrap-up', 15_000)).call).toMatchObject({ attemptId: first.attemptId, outcome: 'connected' })
  expect((await talking.ask('POST', '/agents/me/wrap-up', { attemptId: first.attemptId, note: '好' })).status).toBe(200)
  world.voice.hangUp(second)
  await ringing.inState('wrap-up', 15_000)
  await successor.stop()
})

test('p7: agents of a dead voice are free within 10 s', { timeout: 60_000 }, async () => {
  const dialer = await world.startDialer()
  const seller = new AgentDesk(world, dialer.url)
  await seller.begin(await campaign(dialer.url, 'dead voice', 1))
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  world.voice.leg(seller.agentId, 'down')
  world.voice.restart(() => ({ evidence: { endedBy: 'crash', sipStatus: 200 } }))
  expect((await seller.inState('wrap-up', 10_000)).call).toMatchObject({ attemptId: call.attemptId, phase: 'ended' })
  expect((await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId })).body).toMatchObject({ state: 'paused', reason: 'leg-lost' })
  await dialer.stop()
})

test('in the notes after a call nothing that befalls telephone, page, voice or dialer takes them away', { timeout: 60_000 }, async () => {
  const dialer = await world.startDialer()
  const seller = new AgentDesk(world, dialer.url)
  const campaignId = await campaign(dialer.url, 'notes', 1)
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  world.voice.hangUp(call)
  const notes = await seller.inState('wrap-up')
  world.voice.leg(seller.agentId, 'down')
  await seller.is(({ leg }) => leg === 'down', 'the telephone is gone')
  world.voice.restart(() => ({ evidence: { endedBy: 'crash', sipStatus: 200 } }))
  await seller.ask('POST', '/agents/me/sign-on', { pageId: 'page-anew', campaignIds: [campaignId] })
  world.voice.hangUp(call) // told once more, as after a broken link
  await dialer.stop()
  const successor = await world.startDialer()
  seller.url = successor.url
  expect(await seller.me()).toMatchObject({ state: 'wrap-up', since: notes.since, pageId: 'page-anew', call: { attemptId: call.attemptId, phase: 'ended', outcome: 'connected' } })
  expect((await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId, note: '改天再打' })).body).toMatchObject({ state: 'paused', reason: 'leg-lost' })
  await successor.stop()
})

test('a recording is kept as it grows, with its gaps at the end; a call that is not recorded says why', { timeout: 60_000 }, async () => {
  const dialer = await world.startDialer()
  const seller = new AgentDesk(world, dialer.url)
  const campaignId = await campaign(dialer.url, 'tape', 1)
  await seller.begin(campaignId)
  const { attemptId } = await seller.call()
  const call = present(world.voice.dialled.find((one) => one.attemptId === attemptId))
  const view = async (): Promise<RecordingView> => (await seller.ask<RecordingView>('GET', `/recordings/${attemptId}`)).body
  expect(await view()).toMatchObject({ state: 'not-recorded', because: 'not-answered' })
  world.voice.answer(call)
  await seller.inState('talking')
  world.voice.tell({ kind: 'recording-started', attemptId, at: Date.now(), basis: 'granted' }, { kind: 'recorded', attemptId, at: Date.now(), chunk: { number: 0, samples: 16_000, at: 0, bytes: 64_028, hash: 'aa' } })
  await until(async () => (await view()).durationMs === 2_000, 'two seconds are kept')
  expect(await view()).toMatchObject({ state: 'recording', because: 'granted', gaps: [] })
  const end: RecordingEnd = { startedAt: Date.now() - 5_000, endedAt: Date.now(), basis: 'granted', chunks: 2, samples: 40_000, complete: false, gaps: [{ from: 16_000, to: 24_000, why: 'lost' }], head: 'bb' }
  world.voice.tell({ kind: 'recording-ended', attemptId, at: Date.now(), end })
  await until(async () => (await view()).state === 'incomplete', 'the end is kept')
  expect(await view()).toMatchObject({ durationMs: 5_000, gaps: [{ fromMs: 2_000, toMs: 3_000, why: 'lost' }], legalHold: false })
  const quality = { packetsReceived: 100, packetsSent: 100, loss: 0.02, lossFar: null, jitterMs: 3, roundTripMs: 20, mos: 4.2 }
  world.voice.tell({ kind: 'talk-ended', attemptId, at: Date.now(), customer: quality, agent: { ...quality, mos: 3.9 }, agentId: seller.agentId })
  world.voice.hangUp(call)
  const [kept] = await until(async () => {
    const rows = await world.database.db.sql<{ quality: object }>`select quality from dialer.attempt where id = ${attemptId} and quality is not null`
    return rows.length === 1 && rows
  }, 'the quality is kept')
  expect(kept).toEqual({ quality: { customer: quality, agent: { ...quality, mos: 3.9 } } })
  expect(await world.database.db.sql`select quality->>'mos' as mos from dialer.call_part where attempt_id = ${attemptId}`).toEqual([{ mos: '3.9' }])
  const { items } = (await world.ask<{ items: { lineId: string; soundLastHour: object | null }[] }>(dialer.url, 'GET', '/lines')).body
  expect(items.find(({ lineId }) => lineId === call.lineId)?.soundLastHour).toMatchObject({ calls: 1, mos: 4.2, loss: 0.02, jitterMs: 3, roundTripMs: 20 })
  const stranger = new AgentDesk(world, dialer.url)
  expect((await stranger.ask('GET', `/recordings/${attemptId}`)).status).toBe(404)
  await dialer.stop()
})

test('two dialers share the agents: never two calls for one, each session changed by whoever is first', { timeout: 120_000 }, async () => {
  const [one, two] = await Promise.all([world.startDialer(), world.startDialer()])
  await until(async () => {
    const rows = await world.database.db.sql<{ owners: number }>`select count(distinct dialer_id) as owners from dialer.slot s where dialer_id in (select dialer_id from dialer.instance where seen_at > now() - interval '2 seconds')`
    return rows[0]?.owners === 2
  }, 'both own slots', 15_000)
  const sellers = [one.url, two.url, one.url].map((url) => new AgentDesk(world, url))
  const campaignId = await campaign(one.url, 'shared', 40)
  const busy = new Map<string, string>()
  let doubled = 0
  world.voice.script = (call) => {
    const agentId = call.talk?.agentId
    if (call.campaignId !== campaignId || !agentId) return null
    if (busy.has(agentId)) doubled += 1
    busy.set(agentId, call.attemptId)
    return null
  }
  for (const seller of sellers) await seller.begin(campaignId)
  const calls = (): DialCommand[] => world.voice.dialled.filter((call) => call.campaignId === campaignId)
  await until(() => {
    for (const call of calls().filter(({ attemptId }) => [...busy.values()].includes(attemptId))) {
      busy.delete(call.talk?.agentId as string)
      world.voice.end(call, { answeredAt: null, evidence: { sipStatus: 486 } })
    }
    return calls().length === 40 && busy.size === 0
  }, 'everybody is called', 60_000)
  expect(doubled).toBe(0)
  expect(new Set(calls().map(({ customerId }) => customerId)).size).toBe(40)
  const by = await world.database.db.sql`select distinct dialer_id from dialer.attempt where campaign_id = ${campaignId}`
  expect(by).toHaveLength(2)
  for (const seller of sellers) await seller.inState('ready')
  await two.stop()
  await one.stop()
})

test('p7: with the voice process gone and nobody to tell of the end, agents are free within 10 s all the same', { timeout: 60_000 }, async () => {
  const dialer = await world.startDialer()
  const seller = new AgentDesk(world, dialer.url)
  await seller.begin(await campaign(dialer.url, 'voice away', 1))
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  await world.voice.close()
  expect(await seller.inState('paused', 10_000)).toMatchObject({ reason: 'leg-lost', call: null })
  await dialer.stop()
})
