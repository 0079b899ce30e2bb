/** Fault F2 and promise P8 for recordings: the recorder dies alone, or with the whole process, while two people talk. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { formatSdp, readAudio } from '@loopline/sip/sdp'
import type { DialCommand, LineConfig } from '@loopline/contracts/voice-link'
import type { AttemptId } from '@loopline/vocabulary/ids'
import { connectDialer, lineTo, orderTo, type TestDialer } from './dialer-of-test.ts'
import { deskPhoneOf, DeskOfTest } from './desk-of-test.ts'
import { newAgentId } from './phone-of-test.ts'
import { startVoiceProcess, until, type VoiceProcess } from './processes.ts'
import { rawCarrier, type RawCarrier } from './raw-carrier.ts'
import { rtpPeer, type RtpPeer } from './rtp-peer.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
const keysText = JSON.stringify(keySet)
const SETTINGS = { MEDIA_CALLS: '2', MEDIA_DESK_PHONES: '1', AGENT_SIP_LISTEN: '127.0.0.1:0' }

let folder: string
let voice: VoiceProcess
let dialer: TestDialer
let carrier: RawCarrier
let customer: RtpPeer
let agent: RtpPeer
let phone: DeskOfTest
let line: LineConfig

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'voice recorder '))
  voice = await startVoiceProcess(folder, keysText, SETTINGS)
  dialer = await connectDialer(voice.link, keys)
  carrier = await rawCarrier()
  customer = await rtpPeer()
  agent = await rtpPeer()
})
afterEach(async () => {
  dialer.close()
  phone.close()
  await voice.kill()
  carrier.close()
  customer.close()
  agent.close()
})

/** An agent and a customer who talk, recorded. */
async function talking(): Promise<DialCommand> {
  const agentId = newAgentId()
  const secret = { user: 'desk-17', password: 'Kq3_generated-and-long' }
  dialer.send({ type: 'desk-phones', phones: [deskPhoneOf(keys, agentId, secret)] })
  line = lineTo(carrier.address)
  dialer.send({ type: 'lines', lines: [line] })
  await dialer.message('line-state')
  const desks = await dialer.first((messages) => messages.flatMap((message) => (message.type === 'hello' ? message.deskServers : [])).find(({ transport }) => transport === 'udp'))
  phone = await DeskOfTest.open('udp', desks.address, secret)
  phone.mediaPort = agent.remote.port
  await phone.register()
  agent.target = readAudio((await phone.callDesk()).answer)?.port ?? 0
  agent.keepSaying(1_000)
  await dialer.first((messages) => messages.find((message) => message.type === 'agent-leg' && message.state === 'up'))
  const order = orderTo(line, dialer.epoch, keys, { talk: { agentId, recording: { record: 'yes', basis: 'granted', required: true }, fallback: null } })
  dialer.send({ type: 'dial', calls: [order] })
  const invite = await carrier.request('INVITE')
  customer.target = readAudio(invite.body)?.port ?? 0
  carrier.answer(invite, 200, 'a', formatSdp({ address: '127.0.0.1', port: customer.remote.port, codecs: ['PCMA'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId: 1, version: 1 }))
  customer.keepSaying(440)
  await dialer.event('connected', order.attemptId)
  await chunks(dialer, order.attemptId, 1)
  return order
}

const chunks = (of: TestDialer, attemptId: AttemptId, count: number): Promise<true> => of.first((messages) =>
  (recorded(messages, attemptId).length >= count ? true : undefined))
const recorded = (messages: TestDialer['messages'], attemptId: AttemptId) =>
  messages.flatMap((message) => (message.type === 'calls' ? message.events : [])).filter((event) => event.kind === 'recorded' && event.attemptId === attemptId)
const recorderIs = (of: TestDialer, state: 'up' | 'down', times: number): Promise<true> => of.first((messages) =>
  (messages.filter((message) => message.type === 'recorder' && message.state === state).length >= times ? true : undefined))

test('f2 the recorder dies alone: the two go on talking, the recording goes on with its hole told, and meanwhile no call is made that must be recorded', async () => {
  const order = await talking()
  voice.breakRecorder()
  await recorderIs(dialer, 'down', 1)
  const must = orderTo(line, dialer.epoch, keys, { talk: { agentId: null, recording: { record: 'yes', basis: 'granted', required: true }, fallback: null } })
  const may = orderTo(line, dialer.epoch, keys, { talk: { agentId: null, recording: { record: 'yes', basis: 'granted' }, fallback: null } })
  dialer.send({ type: 'dial', calls: [must, may] })
  expect((await dialer.event('refused', must.attemptId)).refusal).toBe('recorder-down')
  await dialer.event('placed', may.attemptId)
  await recorderIs(dialer, 'up', 2)
  const heard = customer.heard.length
  await chunks(dialer, order.attemptId, 3)
  await customer.when((all) => all.length > heard + 50)
  dialer.send({ type: 'hang-up', attemptIds: [order.attemptId] })
  const { end } = await dialer.event('recording-ended', order.attemptId)
  expect(end.complete).toBe(false)
  expect(end.gaps.filter(({ why }) => why === 'lost').length).toBeGreaterThan(0)
  expect((await dialer.event('ended', order.attemptId)).result.evidence.endedBy).toBe('us')
}, 240_000)

test('f2 p8 voice is killed in a recorded conversation: whoever comes to its successor is told at once that the recording is cut', async () => {
  const order = await talking()
  await voice.kill()
  dialer.close()
  voice = await startVoiceProcess(folder, keysText, SETTINGS)
  dialer = await connectDialer(voice.link, keys)
  const { end } = await dialer.event('recording-ended', order.attemptId)
  expect(end).toMatchObject({ complete: false, basis: 'granted' })
  expect(end.chunks).toBeGreaterThan(0)
  expect(end.head).not.toBeNull()
  // Another dialer knows of a recording that no journal names: it asks, and hears the same.
  const another = await connectDialer(voice.link, keys)
  another.messages.length = 0
  another.send({ type: 'close-recordings', recordings: [{ attemptId: order.attemptId, basis: 'granted', startedAt: end.startedAt }] })
  await until('the end is told again', () => [...dialer.messages, ...another.messages].filter((message) => message.type === 'calls' && message.events.some((event) => event.kind === 'recording-ended')).length >= 2, 60_000)
  another.close()
}, 240_000)
