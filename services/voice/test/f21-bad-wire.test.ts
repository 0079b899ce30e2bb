/** Fault F21: what a bad wire does to the sound of a line. The recording stays on the axis of time, the quality says what was heard. */
import { afterEach, expect, test } from 'vitest'
import { buildRtcp } from '@loopline/rtp/rtcp-build'
import { parseRtcp } from '@loopline/rtp/rtcp'
import { dlsrOf, middleOf } from '@loopline/rtp/rtcp-timing'
import { mediaOfTest, type MediaOfTest } from './media-of-test.ts'
import { startWire, type Wire } from './processes.ts'
import { powerShare, rtpPeer, shareOf, type RtpPeer } from './rtp-peer.ts'

let media: MediaOfTest
const open: { close(): void }[] = []
const wires: Wire[] = []

afterEach(async () => {
  taped = null
  for (const each of open.splice(0)) each.close()
  await Promise.all([media.stop(), ...wires.splice(0).map((wire) => wire.kill())])
})

async function peer(): Promise<RtpPeer> {
  const made = await rtpPeer()
  open.push(made)
  return made
}

/** A recorded call of a person on 440 Hz with a silent agent. */
async function recorded(): Promise<{ customer: RtpPeer; agent: RtpPeer; call: ReturnType<MediaOfTest['call']> }> {
  media = await mediaOfTest()
  const [customer, agent] = [await peer(), await peer()]
  const agentId = await media.desk(agent)
  const call = media.call(customer, { agentId, recording: { record: 'yes', basis: 'granted' } })
  call.answer()
  await media.event('connected', call.attemptId)
  agent.keepSaying(1_000)
  return { customer, agent, call }
}

/** Whose recording is looked at, where a test has two calls; null: whichever there is. */
let taped: string | null = null
/** The person's side of the recording, block by block on its axis. */
const tape = (): { at: number; samples: number[] }[] => media.recorded.flatMap((message) => (message.type === 'block' && (taped === null || message.attemptId === taped) ? [{ at: message.at, samples: [...message.customer] }] : []))
const between = (from: number, to: number): number[] => tape().filter(({ at }) => at >= from && at < to).flatMap(({ samples }) => samples)
const end = (): number => tape().reduce((_, { at, samples }) => at + samples.length, 0)
const loudness = (samples: readonly number[]): number => Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length))
const reached = (at: number): Promise<void> => media.recorder(() => end() >= at)

test('f21: a tenth lost, 60 ms of jitter, doubled and overtaken, then three seconds of nothing: the recording stays on its axis and the MOS falls', async () => {
  const { customer, agent, call } = await recorded()
  customer.keepSaying(440)
  const good = await media.first('quality', ({ calls: [each] }) => (each?.customer.packetsReceived ?? 0) > 40)
  expect(good.calls[0]?.customer.mos).toBeGreaterThan(4)
  customer.silent()
  call.close()
  await media.first('call-closed')
  media.recorded.length = 0

  const second = media.call(await peer(), { recording: { record: 'yes', basis: 'granted' } })
  taped = second.attemptId
  const bad = await startWire('udp', { target: `127.0.0.1:${second.endpoint.port}`, seed: 21, faults: { lossPercent: 10, duplicatePercent: 5, reorderPercent: 30, reorderMs: 60 } })
  wires.push(bad)
  customer.target = Number(bad.address.split(':')[1])
  second.answer()
  const agentId = await media.desk(await peer())
  second.tell({ order: 'connect', agentId })
  await media.event('connected', second.attemptId)
  customer.keepSaying(440)
  await reached(32_000)
  const worse = await media.first('quality', ({ calls }) => calls.some(({ attemptId, customer: side }) => attemptId === second.attemptId && side.packetsReceived > 30 && side.loss > 0))
  const of = worse.calls.find(({ attemptId }) => attemptId === second.attemptId)?.customer
  expect(of?.loss).toBeGreaterThan(0)
  expect(of?.mos).toBeLessThan(good.calls[0]?.customer.mos as number)
  customer.silent()
  const silentFrom = end() + 3_200
  await reached(silentFrom + 24_000)
  const silentUntil = end()
  customer.keepSaying(880)
  await reached(silentUntil + 24_000)

  for (const [index, { at }] of tape().entries()) {
    const before = tape()[index - 1]
    if (before !== undefined) expect(at).toBe(before.at + before.samples.length) // no hole, nothing twice
  }
  expect(powerShare(440, between(8_000, 32_000))).toBeGreaterThan(0.6)
  expect(loudness(between(silentFrom, silentUntil - 1_600))).toBeLessThan(50)
  expect(powerShare(880, between(silentUntil + 8_000, silentUntil + 24_000))).toBeGreaterThan(0.6)
  expect((await bad.counts())['lost']).toBeGreaterThan(0)
  expect(agent.heard.length).toBeGreaterThan(0)
})

test('f21: another SSRC from the same place is believed after a pause; another port never is, while nothing else speaks', async () => {
  const { customer, agent } = await recorded()
  customer.keepSaying(440)
  await agent.when((heard) => heard.length >= 20 && shareOf(440, heard.slice(-15)) > 0.8)
  customer.silent()
  const other = await peer()
  other.target = customer.target
  const heard = agent.heard.length
  other.keepSaying(2_500)
  await reached(end() + 8_000)
  expect(agent.heard.length - heard).toBeLessThan(3)
  expect(powerShare(2_500, between(end() - 4_800, end()))).toBeLessThan(0.01)
  customer.restart()
  customer.keepSaying(1_700)
  await agent.when((all) => all.length > heard + 15 && shareOf(1_700, all.slice(-10)) > 0.8)
  expect(shareOf(2_500, agent.heard)).toBeLessThan(0.01)
  expect(new Set(agent.heard.map(({ ssrc }) => ssrc)).size).toBe(1)
})

test('the round trip and the loss at the far end are those that its reports tell (RFC 3550 §6.4.1)', async () => {
  const { customer, call } = await recorded()
  customer.keepSaying(440)
  await customer.when(() => customer.control.length > 0)
  const report = customer.control[0] as Buffer
  const [sent] = parseRtcp(report, report.length)
  expect(sent?.kind).toBe('sender-report')
  if (sent?.kind !== 'sender-report') return
  expect(sent.ssrc).toBe(customer.heard[0]?.ssrc)
  // Half a second in the past, of which it says to have held the report 300 ms: 200 ms and a little are the wire's.
  const answer = buildRtcp([{
    kind: 'receiver-report', ssrc: customer.ssrc,
    reports: [{ ssrc: sent.ssrc, fractionLost: 64, cumulativeLost: 12, highestSequence: 100, jitter: 40, lsr: (middleOf(sent.ntp) - dlsrOf(500)) >>> 0, dlsr: dlsrOf(300) }],
  }])
  customer.send(answer)
  const { calls } = await media.first('quality', ({ calls: [each] }) => (each?.customer.roundTripMs ?? null) !== null)
  const of = calls.find(({ attemptId }) => attemptId === call.attemptId)?.customer
  expect(of?.lossFar).toBe(0.25)
  expect(of?.roundTripMs).toBeGreaterThan(199)
  expect(of?.roundTripMs).toBeLessThan(400)
})
