/** Extended reports (RFC 3611): told to whoever asked for them in his SDP, and to nobody else. */
import { afterEach, expect, test } from 'vitest'
import { parseRtcp, type ExtendedReport } from '@loopline/rtp/rtcp'
import { buildRtcp } from '@loopline/rtp/rtcp-build'
import { middleOf, ntpOf } from '@loopline/rtp/rtcp-timing'
import { mediaOfTest, type MediaOfTest } from './media-of-test.ts'
import { rtpPeer, type RtpPeer } from './rtp-peer.ts'

let media: MediaOfTest
const open: { close(): void }[] = []

afterEach(async () => {
  for (const each of open.splice(0)) each.close()
  await media.stop()
})

async function talking(wantedReports?: { voipMetrics: boolean; roundTrip: boolean }): Promise<{ customer: RtpPeer; agent: RtpPeer }> {
  media = await mediaOfTest()
  const [customer, agent] = [await rtpPeer(), await rtpPeer()]
  open.push(customer, agent)
  if (wantedReports !== undefined) Object.assign(customer.audio, { wantedReports })
  const call = media.call(customer, { agentId: await media.desk(agent) })
  call.answer()
  await media.event('connected', call.attemptId)
  agent.keepSaying(1_000)
  customer.keepSaying(440)
  return { customer, agent }
}

const told = ({ control }: RtpPeer): ExtendedReport[] => control.flatMap((bytes) => parseRtcp(bytes, bytes.length)).filter((packet) => packet.kind === 'extended-report')
const blocks = (peer: RtpPeer) => told(peer).flatMap((report) => report.blocks)

test('who asks how he sounds is told with each report, and his reference time is answered', async () => {
  const { customer } = await talking({ voipMetrics: true, roundTrip: true })
  await customer.when(() => blocks(customer).some(({ kind }) => kind === 'voip-metrics'))
  const metrics = blocks(customer).find((block) => block.kind === 'voip-metrics')
  expect(metrics).toMatchObject({ ssrc: customer.ssrc, gapMin: 16, discardRate: 0, signalDbm0: 127, residualEchoLossDb: 127 })
  expect(metrics?.kind === 'voip-metrics' && metrics.mosListeningX10).toBeGreaterThan(10)
  expect(told(customer)[0]?.ssrc).toBe(customer.heard[0]?.ssrc)

  const time = ntpOf(performance.timeOrigin + performance.now())
  const asked = buildRtcp([{ kind: 'receiver-report', ssrc: customer.ssrc, reports: [] }, { kind: 'extended-report', ssrc: customer.ssrc, blocks: [{ kind: 'reference-time', ntp: time }] }])
  customer.send(asked)
  await customer.when(() => blocks(customer).some(({ kind }) => kind === 'dlrr'))
  expect(blocks(customer).find((block) => block.kind === 'dlrr')).toMatchObject({ echoes: [{ ssrc: customer.ssrc, lastReport: middleOf(time) }] })
})

test('who asks for nothing hears of none, whatever he sends', async () => {
  const { customer, agent } = await talking()
  customer.send(buildRtcp([{ kind: 'extended-report', ssrc: customer.ssrc, blocks: [{ kind: 'reference-time', ntp: ntpOf(1) }] }]))
  await customer.when(() => customer.control.length >= 2)
  expect([told(customer), told(agent)]).toEqual([[], []])
})
