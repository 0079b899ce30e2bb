import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { silentLogger } from '@loopline/telemetry/logger'
import { formatSdp, readAudio } from '@loopline/sip/sdp'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, orderTo, type TestDialer } from './dialer-of-test.ts'
import { deskPhoneOf, DeskOfTest } from './desk-of-test.ts'
import { NOT_RECORDED } from './media-of-test.ts'
import { newAgentId } from './phone-of-test.ts'
import { rawCarrier, type RawCarrier } from './raw-carrier.ts'
import { rtpPeer, type RtpPeer } from './rtp-peer.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
let voice: Voice
let dialer: TestDialer
let carrier: RawCarrier
let customer: RtpPeer

beforeEach(async () => {
  const config = readConfig({ VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice-')), LOG_LEVEL: 'silent', MEDIA_CALLS: '1', MEDIA_DESK_PHONES: '1', AGENT_SIP_LISTEN: '127.0.0.1:0' })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
  carrier = await rawCarrier()
  customer = await rtpPeer()
})
afterEach(async () => {
  dialer.close()
  await voice.stop()
  carrier.close()
  customer.close()
})

const sdp = (port: number, change: { direction?: 'sendrecv' | 'sendonly'; version?: number } = {}): string =>
  formatSdp({ address: '127.0.0.1', port, codecs: ['PCMA'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId: 1, version: 1, ...change })

async function lineUp(): Promise<ReturnType<typeof lineTo>> {
  const line = lineTo(carrier.address)
  dialer.send({ type: 'lines', lines: [line] })
  await dialer.message('line-state')
  return line
}

test('a call with a talk plan names a port that is ours, and without a free one it is refused before any INVITE', async () => {
  const line = await lineUp()
  const first = orderTo(line, dialer.epoch, keys, { talk: NOT_RECORDED })
  const second = orderTo(line, dialer.epoch, keys, { talk: NOT_RECORDED })
  const agentless = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [first, second, agentless] })
  expect((await dialer.event('refused', second.attemptId)).refusal).toBe('no-media')
  await dialer.event('placed', agentless.attemptId)
  const invite = await carrier.request('INVITE')
  expect(invite.callId).toBe(`${first.attemptId}@loopline`)
  expect(readAudio(invite.body)).toMatchObject({ address: '127.0.0.1', direction: 'sendrecv' })
})

test('who came and whether nobody came in time stands in the result', async () => {
  const line = await lineUp()
  const order = orderTo(line, dialer.epoch, keys, { talk: { ...NOT_RECORDED, fallback: { afterMs: 50, play: 'no-agent-en', then: 'hang-up' } } })
  dialer.send({ type: 'dial', calls: [order] })
  carrier.answer(await carrier.request('INVITE'), 200, 'a', sdp(customer.remote.port))
  const fallback = await dialer.event('fallback', order.attemptId)
  const { result } = await dialer.event('ended', order.attemptId)
  expect(result.evidence.endedBy).toBe('us')
  expect(result.talk).toEqual({ agentId: null, connectedAt: null, fallbackAt: fallback.at })
  expect(fallback.at - (result.answeredAt ?? 0)).toBeLessThan(2_000)
})

test('an answer without audio that we speak is ended with its reason', async () => {
  const line = await lineUp()
  const order = orderTo(line, dialer.epoch, keys, { talk: NOT_RECORDED })
  dialer.send({ type: 'dial', calls: [order] })
  carrier.answer(await carrier.request('INVITE'), 200, 'a', sdp(customer.remote.port).replace('RTP/AVP 8 101', 'RTP/AVP 111'))
  const bye = await carrier.request('BYE')
  expect(bye.values.some((value) => value.includes('cause=88'))).toBe(true)
  expect((await dialer.event('ended', order.attemptId)).result.talk).toEqual({ agentId: null, connectedAt: null, fallbackAt: null })
})

test('a dialer that was away is told who talks with whom, of the calls it asks for', async () => {
  const agentId = newAgentId()
  const secret = { user: 'desk-17', password: 'Kq3_generated-and-long' }
  dialer.send({ type: 'desk-phones', phones: [deskPhoneOf(keys, agentId, secret)] })
  const line = await lineUp() // after the telephones: they are known by now
  const agent = await rtpPeer('PCMU')
  const phone = await DeskOfTest.open('udp', voice.agentSip.udp as string, secret)
  phone.mediaPort = agent.remote.port
  await phone.register()
  agent.target = readAudio((await phone.callDesk()).answer)?.port ?? 0
  agent.keepSaying(400)
  await dialer.first((messages) => messages.find((message) => message.type === 'agent-leg' && message.state === 'up'))
  const order = orderTo(line, dialer.epoch, keys, { talk: { ...NOT_RECORDED, agentId } })
  const known = async (by: TestDialer): Promise<unknown> => {
    by.send({ type: 'query', attemptIds: [order.attemptId] })
    return by.message('known')
  }
  dialer.send({ type: 'dial', calls: [order] })
  const invite = await carrier.request('INVITE')
  const early = await connectDialer(voice.link, keys)
  expect(await known(early)).toEqual({ type: 'known', alive: [order.attemptId], neverSeen: [], talks: [] })
  early.close()
  dialer.close()
  const joined = firstSoundAt(customer)
  carrier.answer(invite, 200, 'a', sdp(customer.remote.port))
  await joined
  const successor = await connectDialer(voice.link, keys)
  expect(await known(successor)).toEqual({ type: 'known', alive: [order.attemptId], neverSeen: [], talks: [{ attemptId: order.attemptId, agentId, connectedAt: expect.any(Number) }] })
  successor.close()
  agent.close()
  phone.close()
})

/** The first sound of the agent that the person hears: the two are joined. */
const firstSoundAt = ({ when }: RtpPeer): Promise<void> => when((heard) => heard.length > 0)
