import { afterEach, expect, test } from 'vitest'
import type { UserId } from '@loopline/vocabulary/ids'
import type { TalkPlan } from '@loopline/contracts/voice-link'
import { DtmfDetector } from '@loopline/rtp/dtmf-detector'
import { decode } from '@loopline/rtp/g711'
import { EVENT_PAYLOAD_BYTES, writeEvent } from '@loopline/rtp/telephone-event'
import { RTP_HEADER_BYTES, writeRtpHeader } from '@loopline/rtp/packet.hot'
import { mediaOfTest, type CallOfTest, type MediaOfTest } from './media-of-test.ts'
import { powerShare, rtpPeer, shareOf, type Heard, type RtpPeer } from './rtp-peer.ts'

let media: MediaOfTest
const peers: RtpPeer[] = []

async function peer(law: 'PCMA' | 'PCMU' = 'PCMA', telephoneEvent: number | null = 101): Promise<RtpPeer> {
  const made = await rtpPeer(law, telephoneEvent)
  peers.push(made)
  return made
}

afterEach(async () => {
  for (const each of peers.splice(0)) each.close()
  await media.stop()
})

/** Sequence numbers rise by one and timestamps never go back, under one SSRC. */
function expectUnbroken(heard: readonly Heard[]): void {
  for (const [index, packet] of heard.entries()) {
    const before = heard[index - 1]
    if (before === undefined) continue
    expect(packet.ssrc).toBe(before.ssrc)
    expect((packet.sequence - before.sequence) & 0xffff).toBe(1)
    expect((packet.timestamp - before.timestamp) >>> 0).toBeLessThan(80_000)
  }
}

test('at the answer the person and the reserved agent hear each other at once', async () => {
  media = await mediaOfTest()
  const [customer, agent] = [await peer(), await peer()]
  const agentId = await media.desk(agent)
  const call = media.call(customer, { agentId })
  customer.keepSaying(440)
  agent.keepSaying(1_000)
  await agent.when((heard) => heard.length >= 5) // early media: what the line says before the answer
  expect(customer.heard).toEqual([]) // and nothing goes back
  call.answer()
  const connected = await media.event('connected', call.attemptId)
  expect(connected).toMatchObject({ agentId })
  expect(connected.afterAnswerMs).toBeLessThan(100)
  await Promise.all([customer.when((heard) => heard.length >= 25), agent.when((heard) => heard.length >= 30)])
  expect(shareOf(1_000, customer.heard)).toBeGreaterThan(0.9)
  expect(shareOf(440, agent.heard)).toBeGreaterThan(0.9)
  expectUnbroken(customer.heard)
  expectUnbroken(agent.heard)
  expect(agent.heard[0]?.ssrc).not.toBe(customer.ssrc)
  call.close()
  await media.first('call-closed')
})

test('A-law on one side and μ-law on the other are turned into each other', async () => {
  media = await mediaOfTest()
  const [customer, agent] = [await peer('PCMA'), await peer('PCMU')]
  const call = media.call(customer, { agentId: await media.desk(agent) })
  customer.keepSaying(440)
  agent.keepSaying(1_000)
  call.answer()
  await Promise.all([customer.when((heard) => heard.length >= 25), agent.when((heard) => heard.length >= 25)])
  expect(new Set(customer.heard.map(({ payloadType }) => payloadType))).toEqual(new Set([8]))
  expect(new Set(agent.heard.map(({ payloadType }) => payloadType))).toEqual(new Set([0]))
  expect(shareOf(1_000, customer.heard)).toBeGreaterThan(0.9)
  expect(shareOf(440, agent.heard)).toBeGreaterThan(0.9)
})

/** A person on 440 Hz and an agent on 1,000 Hz who hear each other. */
async function talking(plan: Partial<TalkPlan> = {}): Promise<{ customer: RtpPeer; agent: RtpPeer; agentId: UserId; call: CallOfTest }> {
  media = await mediaOfTest()
  const [customer, agent] = [await peer(), await peer()]
  const agentId = await media.desk(agent)
  const call = media.call(customer, { agentId, ...plan })
  customer.keepSaying(440)
  agent.keepSaying(1_000)
  call.answer()
  await media.event('connected', call.attemptId)
  return { customer, agent, agentId, call }
}

/** The next packets that a peer hears. */
async function next(heard: Heard[], count: number, of: RtpPeer): Promise<Heard[]> {
  const from = heard.length
  await of.when(() => heard.length >= from + count)
  return heard.slice(from, from + count)
}

/** Resolves when what is heard now is mostly this tone. */
const until = (of: RtpPeer, hz: number): Promise<void> => of.when((heard) => heard.length > 15 && shareOf(hz, heard.slice(-15)) > 0.8)

test('on hold the person hears music and not the agent, and the stream goes on without a break', async () => {
  const { customer, agent, call } = await talking()
  await until(customer, 1_000)
  call.tell({ order: 'hold', on: true })
  await customer.when((heard) => shareOf(1_000, heard.slice(-30)) < 0.1)
  const agentHeard = agent.heard.length
  await next(customer.heard, 20, customer)
  expect(agent.heard.length - agentHeard).toBeLessThan(3)
  call.tell({ order: 'hold', on: false })
  await Promise.all([until(customer, 1_000), until(agent, 440)])
  expectUnbroken(customer.heard)
  expectUnbroken(agent.heard)
})

test('a whisper is heard by the agent and never by the person; a listener is heard by nobody', async () => {
  const { customer, agent, call } = await talking()
  const supervisor = await peer()
  const supervisorId = await media.desk(supervisor)
  supervisor.keepSaying(1_700)
  call.tell({ order: 'attend', agentId: supervisorId, as: 'listen' })
  await supervisor.when((heard) => heard.length > 30 && shareOf(440, heard.slice(-25)) > 0.3 && shareOf(1_000, heard.slice(-25)) > 0.3)
  expect(shareOf(1_700, agent.heard)).toBeLessThan(0.01)
  call.tell({ order: 'attend', agentId: supervisorId, as: 'whisper' })
  await agent.when((heard) => shareOf(1_700, heard.slice(-20)) > 0.3 && shareOf(440, heard.slice(-20)) > 0.3)
  await next(customer.heard, 20, customer)
  expect(shareOf(1_700, customer.heard)).toBeLessThan(0.01)
  call.tell({ order: 'attend', agentId: supervisorId, as: 'barge' })
  await customer.when((heard) => shareOf(1_700, heard.slice(-20)) > 0.3)
  call.tell({ order: 'attend', agentId: supervisorId, as: 'off' })
  await customer.when((heard) => shareOf(1_700, heard.slice(-15)) < 0.01)
  expectUnbroken(customer.heard)
  expectUnbroken(agent.heard)
  expectUnbroken(supervisor.heard)
})

test('a call that is handed over goes on in the other leg without a break', async () => {
  const { customer, agent, call } = await talking()
  await until(customer, 1_000)
  const other = await peer('PCMU')
  const otherId = await media.desk(other)
  other.keepSaying(1_700)
  call.tell({ order: 'hand-over', agentId: otherId })
  await Promise.all([until(customer, 1_700), until(other, 440)])
  const before = agent.heard.length
  await next(customer.heard, 10, customer)
  expect(agent.heard.length).toBe(before)
  expectUnbroken(customer.heard)
})

test("a stranger's packets are neither relayed nor recorded", async () => {
  const { agent, call } = await talking({ recording: { record: 'yes', basis: 'granted' } })
  await until(agent, 440)
  const stranger = await peer()
  stranger.target = call.endpoint.port
  stranger.keepSaying(2_500)
  await agent.when((heard) => heard.length > 120)
  expect(shareOf(2_500, agent.heard)).toBeLessThan(0.01)
  expect(stranger.heard).toEqual([])
  expectUnbroken(agent.heard)
  await media.recorder((messages) => messages.filter(({ type }) => type === 'block').length >= 5)
  const customerSide = media.recorded.flatMap((message) => (message.type === 'block' ? [...message.customer] : []))
  expect(powerShare(2_500, customerSide)).toBeLessThan(0.01)
  expect(powerShare(440, customerSide)).toBeGreaterThan(0.8)
  const sellerSide = media.recorded.flatMap((message) => (message.type === 'block' ? [...message.seller] : []))
  expect(powerShare(1_000, sellerSide)).toBeGreaterThan(0.8)
})

test('the announcement is played to its end before anything is recorded', async () => {
  const plan: TalkPlan['recording'] = { record: 'after-announcement', basis: 'announced', announcement: 'recording-announcement-en' }
  const { customer, agent, call } = await talking({ recording: plan })
  await customer.when((heard) => heard.length >= 60)
  expect(shareOf(1_000, customer.heard.slice(0, 60))).toBeLessThan(0.1) // nobody speaks over it
  expect(shareOf(440, agent.heard.slice(0, 60))).toBeGreaterThan(0.1) // and the agent hears both
  expect(media.recorded).toEqual([])
  const started = await media.event('recording-started', call.attemptId)
  expect(started.basis).toBe('announced')
  expect(started.at - (await media.event('connected', call.attemptId)).at).toBeGreaterThan(2_100) // its length is 2.24 s
  await media.recorder((messages) => messages.some(({ type }) => type === 'block'))
  call.close()
  await media.recorder((messages) => messages.at(-1)?.type === 'end')
})

test('where the plan says no, no frame leaves the leg for the recorder', async () => {
  const { customer, call } = await talking()
  call.tell({ order: 'record', on: true })
  expect((await media.event('talk-refused', call.attemptId)).refusal).toBe('recording-not-allowed')
  await customer.when((heard) => heard.length >= 60)
  call.close()
  await media.event('talk-ended', call.attemptId)
  expect(media.recorded).toEqual([])
})

test('a pause of the recording leaves a gap on its axis', async () => {
  const { call } = await talking({ recording: { record: 'yes', basis: 'granted' } })
  await media.recorder((messages) => messages.filter(({ type }) => type === 'block').length >= 2)
  call.tell({ order: 'record', on: false })
  await media.recorder((messages) => messages.at(-1)?.type === 'pause')
  const until = media.recorded.length
  await media.first('quality')
  call.tell({ order: 'record', on: true })
  await media.recorder((messages) => messages.filter(({ type }) => type === 'block').length >= 5)
  expect(media.recorded.slice(until)[0]?.type).toBe('resume')
  const blocks = media.recorded.flatMap((message) => (message.type === 'block' ? [message] : []))
  for (const [index, block] of blocks.entries()) {
    const before = blocks[index - 1]
    if (before) expect(block.at).toBeGreaterThanOrEqual(before.at + before.customer.length)
  }
  const covered = blocks.reduce((sum, { customer }) => sum + customer.length, 0)
  expect(covered).toBeLessThan((blocks.at(-1)?.at ?? 0) + 1_600)
})

test('nobody comes: the person hears the message in time, and the call is to be ended after it', async () => {
  media = await mediaOfTest()
  const customer = await peer()
  const call = media.call(customer, { fallback: { afterMs: 300, play: 'please-wait-en', then: 'hang-up' } })
  customer.keepSaying(440)
  const answeredAt = performance.now()
  call.answer()
  await customer.when((heard) => heard.length >= 1)
  expect((customer.heard[0]?.at ?? 0) - answeredAt).toBeLessThan(600)
  await media.event('fallback', call.attemptId)
  const { why } = await media.first('hang-up')
  expect(why).toBe('fallback-played')
  expect(customer.heard.length).toBeGreaterThan(100) // 2.27 s
  expectUnbroken(customer.heard)
})

test("a company's own message is played once voice holds it; before that the built-in one in its place", async () => {
  media = await mediaOfTest()
  const fallback: TalkPlan['fallback'] = { afterMs: 50, play: 'audio/ours.wav', otherwise: 'no-agent-en', then: 'hang-up' }
  const heardOf = async (until: (heard: RtpPeer['heard']) => boolean): Promise<RtpPeer> => {
    const customer = await peer()
    const call = media.call(customer, { fallback })
    customer.keepSaying(440)
    call.answer()
    await customer.when(until)
    await media.event('fallback', call.attemptId)
    call.close()
    return customer
  }
  const loud = (heard: RtpPeer['heard']): boolean => heard.length >= 60
  expect(shareOf(600, (await heardOf(loud)).heard)).toBeLessThan(0.2)
  media.media.post({ type: 'sound', name: 'audio/ours.wav', samples: Int16Array.from({ length: 16_000 }, (_, at) => 8_000 * Math.sin((2 * Math.PI * 600 * at) / 8_000)) })
  expect(shareOf(600, (await heardOf(loud)).heard)).toBeGreaterThan(0.8)
})

test('silence on the wire names the side, and quality is told each second', async () => {
  const { agent, call } = await talking()
  const { calls } = await media.first('quality', ({ calls: [each] }) => (each?.customer.packetsReceived ?? 0) > 40)
  expect(calls[0]?.customer.mos).toBeGreaterThan(4)
  expect(calls[0]?.customer.loss).toBe(0)
  agent.silent()
  expect(await media.event('no-audio', call.attemptId)).toMatchObject({ leg: 'agent' })
})

test('digits go to the person as telephone-events, and those of the person are told once', async () => {
  const { customer, call } = await talking()
  await until(customer, 1_000)
  call.tell({ order: 'digits', digits: '4#' })
  await customer.when((heard) => new Set(heard.filter(({ payloadType }) => payloadType === 101).map(({ timestamp }) => timestamp)).size === 2)
  const events = customer.heard.filter(({ payloadType }) => payloadType === 101)
  expect([...new Set(events.map(({ payload }) => payload[0]))]).toEqual([4, 11])
  const from = customer.heard.length
  await customer.when((heard) => heard.slice(from).some(({ payloadType }) => payloadType === 8))
  expectUnbroken(customer.heard)

  customer.silent()
  for (let update = 1; update <= 3; update += 1) customer.send(pressed({ customer, event: 7, durationTicks: 160 * update, isEnd: update === 3 }))
  expect(await media.event('digits', call.attemptId)).toMatchObject({ digits: '7' })
})

/** A packet of a telephone-event behind the voice of this peer. */
function pressed({ customer, event, durationTicks, isEnd }: { customer: RtpPeer; event: number; durationTicks: number; isEnd: boolean }): Uint8Array {
  const datagram = new Uint8Array(RTP_HEADER_BYTES + EVENT_PAYLOAD_BYTES)
  const { sequence, timestamp } = customer.position()
  writeRtpHeader(datagram, 0, {
    hasPadding: false, hasExtension: false, marker: durationTicks === 160, payloadType: 101, sequence: (sequence + durationTicks / 160) & 0xffff,
    timestamp: (timestamp + 160) >>> 0, ssrc: customer.ssrc, payloadOffset: RTP_HEADER_BYTES, payloadEnd: datagram.length,
  })
  writeEvent(datagram, RTP_HEADER_BYTES, { event, isEnd, volume: 10, durationTicks })
  return datagram
}

test('digits in the sound itself are heard where no telephone-events were agreed', async () => {
  media = await mediaOfTest()
  const customer = await peer('PCMA', null)
  const call = media.call(customer, {})
  call.answer()
  customer.keepSaying([770, 1_336])
  expect(await media.event('digits', call.attemptId)).toMatchObject({ digits: '5' })
})

test.each(['PCMA', 'PCMU'] as const)('digits go in the sound itself where no telephone-events were agreed, in %s, and the voices wait meanwhile', async (law) => {
  media = await mediaOfTest()
  const [customer, agent] = [await peer(law, null), await peer()]
  const call = media.call(customer, { agentId: await media.desk(agent) })
  call.answer()
  await media.event('connected', call.attemptId)
  agent.keepSaying(1_000)
  await until(customer, 1_000)
  const from = customer.heard.length
  call.tell({ order: 'digits', digits: '42#0' })
  const digits = (): string => digitsIn(customer.heard.slice(from), law)
  await customer.when(() => digits().length >= 4)
  await until(customer, 1_000)
  expect(digits()).toBe('42#0')
  expectUnbroken(customer.heard)
  expect(new Set(customer.heard.map(({ payloadType }) => payloadType))).toEqual(new Set([law === 'PCMA' ? 8 : 0]))
})

function digitsIn(heard: readonly Heard[], law: 'PCMA' | 'PCMU'): string {
  const detector = new DtmfDetector()
  return heard.flatMap(({ payload }) => {
    const frame = new Int16Array(payload.length)
    decode(law, payload, 0, payload.length, frame)
    return detector.listen(frame).flatMap((event) => (event.kind === 'began' ? [event.digit] : []))
  }).join('')
}

test('f2: a media thread that dies ends its port, and another one takes its place', async () => {
  media = await mediaOfTest()
  await media.first('ready')
  media.media.post({ type: 'talk', orders: null as unknown as [] }) // a bug, as good as any
  await media.lost
  const isReady = (): boolean => media.told.filter(({ type }) => type === 'ready').length > 2
  await media.first('ready', isReady)
})

test('f25: ten times as many broken calls as ports give every port back', async () => {
  media = await mediaOfTest({ calls: 4 })
  const customer = await peer()
  for (let round = 0; round < 10; round += 1) {
    const calls = Array.from({ length: 4 }, () => media.call(customer, {}))
    expect(media.caller.take()).toBeNull()
    calls.forEach((call, index) => {
      if (index % 2 === 0) call.answer() // some are broken before their answer, some after
      call.close()
    })
    await media.first('endpoints', () => media.caller.free === 4)
  }
})
