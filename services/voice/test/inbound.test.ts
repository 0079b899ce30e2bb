/** Calls that come in: offered, decided by the dialer, and from the answer on a call like every other. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { silentLogger } from '@loopline/telemetry/logger'
import { formatSdp, readAudio } from '@loopline/sip/sdp'
import { parseCryptoLines } from '@loopline/rtp/srtp/sdes'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { InboundOffer } from '@loopline/contracts/inbound'
import type { LineConfig, VoiceCallEvent } from '@loopline/contracts/voice-link'
import { randomUUID } from 'node:crypto'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { callerOfTest, type CallerOfTest, type Inward } from './caller-of-test.ts'
import { connectDialer, lineTo, type TestDialer } from './dialer-of-test.ts'
import { deskPhoneOf, DeskOfTest } from './desk-of-test.ts'
import { NOT_RECORDED } from './media-of-test.ts'
import { newAgentId } from './phone-of-test.ts'
import { startVoiceProcess } from './processes.ts'
import { rtpPeer, type RtpPeer } from './rtp-peer.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
const SECRET = { user: 'desk-17', password: 'Kq3_generated-and-long' }
const OURS = '+862012345678'
let voice: Voice
let dialer: TestDialer
let carrier: CallerOfTest
let customer: RtpPeer
let at: string
let line: LineConfig
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'voice-'))
  const config = readConfig({ VOICE_DIR: folder, LOG_LEVEL: 'silent', MEDIA_CALLS: '2', MEDIA_DESK_PHONES: '1', AGENT_SIP_LISTEN: '127.0.0.1:0' })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
  carrier = await callerOfTest()
  customer = await rtpPeer()
  line = lineTo(carrier.address, { maxConcurrent: 2 })
  at = await openLine(dialer, line)
})
afterEach(async () => {
  dialer.close()
  await voice.stop()
  carrier.close()
  customer.close()
})

async function openLine(by: TestDialer, config: LineConfig): Promise<string> {
  by.send({ type: 'lines', lines: [config] })
  const { localPort } = await by.first((messages) => messages.find((message) => message.type === 'line-state' && message.lineId === config.lineId && message.localPort > 0)) as { localPort: number }
  return `127.0.0.1:${localPort}`
}

const offer = (by: TestDialer, number = 0): Promise<InboundOffer> => by.first((messages) =>
  messages.flatMap((each) => (each.type === 'calls' ? each.events : [])).filter((event): event is Extract<VoiceCallEvent, { kind: 'offered' }> => event.kind === 'offered')[number]?.offer)

const sdp = (): string => formatSdp({ address: '127.0.0.1', port: customer.remote.port, codecs: ['PCMU', 'PCMA'], telephoneEvent: 96, direction: 'sendrecv', ptimeMs: 20, sessionId: 1, version: 1 })

const ring = (from = '13900001234', change: { sdp?: string; headers?: string } = {}): Inward => carrier.call(at, { from, called: '02012345678', sdp: sdp(), ...change })

async function agentAtDesk(): Promise<{ agentId: ReturnType<typeof newAgentId>; agent: RtpPeer; close(): void }> {
  const agentId = newAgentId()
  dialer.send({ type: 'desk-phones', phones: [deskPhoneOf(keys, agentId, SECRET)] })
  const agent = await rtpPeer('PCMU')
  const phone = await DeskOfTest.open('udp', voice.agentSip.udp as string, SECRET)
  phone.mediaPort = agent.remote.port
  await registered(phone)
  agent.target = readAudio((await phone.callDesk()).answer)?.port ?? 0
  agent.keepSaying(400)
  await dialer.first((messages) => messages.find((message) => message.type === 'agent-leg' && message.state === 'up'))
  return { agentId, agent, close: () => { phone.close(); agent.close() } }
}

/** The telephones are told before the orders that follow; a line-state answers them in order. */
async function registered(phone: DeskOfTest): Promise<void> {
  at = await openLine(dialer, { ...line, version: 2 })
  await phone.register()
}

test('a call that comes in is offered with who calls sealed, rings, and its answer joins it with the agent', async () => {
  const { agentId, agent, close } = await agentAtDesk()
  const call = ring()
  const offered = await offer(dialer)
  expect(offered).toMatchObject({ lineId: line.lineId, to: OURS })
  expect(keys.open(Buffer.from(offered.from?.sealed ?? '', 'base64'), offered.attemptId)).toBe('+8613900001234')
  expect(offered.from?.blindIndex).toBe(keys.blindIndex('+8613900001234').toString('base64'))
  expect(JSON.stringify(dialer.messages)).not.toContain('13900001234')
  const { attemptId } = offered
  dialer.send({ type: 'inbound', orders: [{ order: 'ring', attemptId, forMs: 30_000 }] })
  await carrier.when(() => call.statuses.includes(180))
  dialer.send({ type: 'inbound', orders: [{ order: 'answer', attemptId, customerId: randomUUID() as CustomerId, talk: { ...NOT_RECORDED, agentId, recording: { record: 'yes', basis: 'granted' } } }] })
  await carrier.when(() => call.answerSdp() !== null)
  expect(call.statuses).toEqual([100, 180, 200])
  const ours = readAudio(call.answerSdp() ?? '')
  expect(ours).toMatchObject({ address: '127.0.0.1', codecs: ['PCMU', 'PCMA'], telephoneEvent: 96 })
  expect(await dialer.event('connected', attemptId)).toMatchObject({ agentId })
  customer.target = ours?.port ?? 0
  customer.keepSaying(1_000)
  await Promise.all([customer.when((heard) => heard.length > 5), agent.when((heard) => heard.length > 5)])
  expect(await dialer.event('recording-started', attemptId)).toMatchObject({ basis: 'granted' })
  await dialer.event('recorded', attemptId)
  dialer.send({ type: 'talk', orders: [{ order: 'hold', attemptId, on: true }] })
  customer.silent()
  const before = customer.heard.length
  await customer.when((heard) => heard.length > before + 5) // music
  dialer.send({ type: 'query', attemptIds: [attemptId] })
  expect(await dialer.message('known')).toMatchObject({ alive: [attemptId], talks: [{ attemptId, agentId }] })
  call.hangUp()
  const { result } = await dialer.event('ended', attemptId)
  expect(result).toMatchObject({ ringingAt: expect.any(Number), answeredAt: expect.any(Number), evidence: { sipStatus: 200, endedBy: 'callee' }, talk: { agentId, fallbackAt: null } })
  expect((await dialer.event('recording-ended', attemptId)).end.samples).toBeGreaterThan(0)
  close()
})

test('we hang up on it by BYE, and a second word about it changes nothing', async () => {
  const call = ring()
  const { attemptId } = await offer(dialer)
  const answer = { order: 'answer' as const, attemptId, customerId: randomUUID() as CustomerId, talk: NOT_RECORDED }
  dialer.send({ type: 'inbound', orders: [answer, answer, { order: 'refuse', attemptId, status: 603 }, { order: 'ring', attemptId, forMs: 1 }] })
  await carrier.when(() => call.answerSdp() !== null)
  dialer.send({ type: 'hang-up', attemptIds: [attemptId] })
  expect((await dialer.event('ended', attemptId)).result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'us' })
  await carrier.when(() => call.ended() !== null)
  expect(call.ended()).toMatchObject({ by: 'remote', cause: 'bye-received' })
  expect(call.statuses.filter((status) => status >= 180)).toEqual([200])
})

test('nobody comes: the fallback is played to its end and the call ended', async () => {
  const call = ring()
  const { attemptId } = await offer(dialer)
  dialer.send({ type: 'inbound', orders: [{ order: 'answer', attemptId, customerId: randomUUID() as CustomerId, talk: { ...NOT_RECORDED, fallback: { afterMs: 0, play: 'no-agent-en', then: 'hang-up' } } }] })
  await customer.when((heard) => heard.length > 10)
  const fallback = await dialer.event('fallback', attemptId)
  const { result } = await dialer.event('ended', attemptId)
  expect(result).toMatchObject({ evidence: { endedBy: 'us' }, talk: { agentId: null, connectedAt: null, fallbackAt: fallback.at } })
  await carrier.when(() => call.ended() !== null)
}, 30_000)

test('the caller gives up while it rings: 487, and the dialer is told', async () => {
  const call = ring()
  const { attemptId } = await offer(dialer)
  dialer.send({ type: 'inbound', orders: [{ order: 'ring', attemptId, forMs: 30_000 }] })
  await carrier.when(() => call.statuses.includes(180))
  call.hangUp()
  expect((await dialer.event('ended', attemptId)).result).toMatchObject({ answeredAt: null, ringingAt: expect.any(Number), evidence: { sipStatus: 487, endedBy: 'callee' } })
  expect(call.statuses.at(-1)).toBe(487)
})

test.each([404, 486, 603] as const)('refused with %i by the dialer', async (status) => {
  const call = ring()
  const { attemptId } = await offer(dialer)
  dialer.send({ type: 'inbound', orders: [{ order: 'refuse', attemptId, status }] })
  expect((await dialer.event('ended', attemptId)).result.evidence).toMatchObject({ sipStatus: status, endedBy: 'us' })
  await carrier.when(() => call.statuses.includes(status))
})

test('without a word from any dialer it ends with 480; one that links meanwhile is offered it', async () => {
  const call = ring()
  const { attemptId } = await offer(dialer)
  const other = await connectDialer(voice.link, keys)
  expect((await offer(other)).attemptId).toBe(attemptId)
  await carrier.when(() => call.ended() !== null)
  expect(call.ended()).toMatchObject({ status: 480, q850: 18 })
  other.close()
}, 30_000)

test('every dialer is asked, so that a frozen one keeps nobody waiting; whoever speaks first has the call', async () => {
  const other = await connectDialer(voice.link, keys)
  const call = ring()
  const { attemptId } = await offer(dialer)
  expect((await offer(other)).attemptId).toBe(attemptId)
  other.send({ type: 'inbound', orders: [{ order: 'ring', attemptId, forMs: 30_000 }] })
  await other.event('ringing', attemptId)
  call.hangUp()
  await other.event('ended', attemptId)
  dialer.send({ type: 'query', attemptIds: [] })
  await dialer.message('known') // in order: what follows was told before
  expect(dialer.messages.flatMap((each) => (each.type === 'calls' ? each.events : [])).map(({ kind }) => kind)).toEqual(['offered'])
  other.close()
})

test('the dialer that had it ring dies: the next one is offered it while it rings on', async () => {
  const call = ring()
  const { attemptId } = await offer(dialer)
  dialer.send({ type: 'inbound', orders: [{ order: 'ring', attemptId, forMs: 30_000 }] })
  await carrier.when(() => call.statuses.includes(180))
  dialer.close()
  const next = await connectDialer(voice.link, keys)
  expect((await offer(next)).attemptId).toBe(attemptId)
  next.send({ type: 'inbound', orders: [{ order: 'refuse', attemptId, status: 486 }] })
  await carrier.when(() => call.statuses.includes(486))
  next.close()
})

test('a line that is full says 486 at once, a withheld number is offered without one, and an asserted one counts more than From', async () => {
  ring('anonymous', { headers: 'Privacy: id\r\nP-Asserted-Identity: <sip:+8613900001234@carrier>\r\n' })
  expect((await offer(dialer)).from).toBeNull()
  ring('02111112222', { headers: 'P-Asserted-Identity: <tel:+8613900009999>\r\n' })
  expect((await offer(dialer, 1)).from?.blindIndex).toBe(keys.blindIndex('+8613900009999').toString('base64'))
  const third = ring()
  await carrier.when(() => third.statuses.includes(486))
  expect(third.statuses).toEqual([486])
})

test('an offer without audio that we speak is answered 488', async () => {
  const foreign = ring('13900001234', { sdp: sdp().replaceAll('RTP/AVP 0 8 96', 'RTP/AVP 111') })
  const { attemptId } = await offer(dialer)
  dialer.send({ type: 'inbound', orders: [{ order: 'answer', attemptId, customerId: randomUUID() as CustomerId, talk: NOT_RECORDED }] })
  await carrier.when(() => foreign.statuses.includes(488))
})

test.each([['offer', 'RTP/AVP'], ['required', 'RTP/SAVP']] as const)('a line that wishes SRTP by %s takes the key that is offered with %s, and keeps none', async (wish, protocol) => {
  at = await openLine(dialer, { ...line, version: 3, srtp: wish })
  const theirs = Buffer.alloc(30, 0x21).toString('base64')
  const call = ring('13900001234', { sdp: sdp().replace('RTP/AVP', protocol).replace('a=sendrecv', `a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:${theirs}\r\na=sendrecv`) })
  const { attemptId } = await offer(dialer)
  dialer.send({ type: 'inbound', orders: [{ order: 'answer', attemptId, customerId: randomUUID() as CustomerId, talk: { ...NOT_RECORDED, fallback: { afterMs: 300, play: 'no-agent-en', then: 'hang-up' } } }] })
  await carrier.when(() => call.answerSdp() !== null)
  const answer = readAudio(call.answerSdp() ?? '', 'any')
  const [ours] = parseCryptoLines(answer?.crypto ?? [])
  expect([answer?.protocol, ours?.tag, ours?.profile]).toEqual([protocol, 7, 'AES_CM_128_HMAC_SHA1_80'])
  customer.secure({ profile: 'AES_CM_128_HMAC_SHA1_80', send: ours?.key ?? '', receive: theirs })
  await customer.when((heard) => heard.length > 20)
  expect(customer.unopened()).toBe(0)
  const placed = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile() && each.name.includes('journal')).flatMap((each) => readFileSync(join(each.parentPath, each.name), 'utf8').split('\n'))
    .flatMap((text) => /"inviteSealed":"([^"]+)"/.exec(text)?.[1] ?? [])
  expect(placed).toHaveLength(1)
  const kept = keys.open(Buffer.from(placed[0] ?? '', 'base64'), attemptId)
  expect(kept).toContain('INVITE ')
  expect(kept).not.toContain('crypto')
  call.hangUp()
})

test('a line that requires SRTP answers an offer in clear with 488', async () => {
  at = await openLine(dialer, { ...line, version: 3, srtp: 'required' })
  const call = ring()
  const { attemptId } = await offer(dialer)
  dialer.send({ type: 'inbound', orders: [{ order: 'answer', attemptId, customerId: randomUUID() as CustomerId, talk: NOT_RECORDED }] })
  await carrier.when(() => call.statuses.includes(488))
})

test('a stranger gets no answer and no dialer hears of him', async () => {
  const stranger = await callerOfTest()
  stranger.call(at, { from: '13900001234', called: '02012345678', sdp: sdp() })
  ring()
  await offer(dialer)
  await carrier.when(() => carrier.heard.length > 0)
  expect(stranger.heard).toEqual([])
  expect(dialer.messages.flatMap((each) => (each.type === 'calls' ? each.events : [])).filter(({ kind }) => kind === 'offered')).toHaveLength(1)
  stranger.close()
})

test('after kill -9 a caller who rang is told 480 and one who talked is hung up on, and both are told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'voice killed '))
  const first = await startVoiceProcess(folder, JSON.stringify(keySet))
  const before = await connectDialer(first.link, keys)
  const mine = lineTo(carrier.address)
  const there = await openLine(before, mine)
  const [ringing, talking] = ['13900001111', '13900002222'].map((from) => carrier.call(there, { from, called: '02012345678', sdp: sdp() })) as [Inward, Inward]
  const [one, two] = [await offer(before, 0), await offer(before, 1)]
  const [unanswered, answered] = one.from?.blindIndex === keys.blindIndex('+8613900001111').toString('base64') ? [one, two] : [two, one]
  before.send({ type: 'inbound', orders: [{ order: 'ring', attemptId: unanswered.attemptId, forMs: 60_000 }, { order: 'answer', attemptId: answered.attemptId, customerId: randomUUID() as CustomerId, talk: NOT_RECORDED }] })
  await carrier.when(() => ringing.statuses.includes(180) && talking.answerSdp() !== null)
  await first.kill()
  const second = await startVoiceProcess(folder, JSON.stringify(keySet))
  await carrier.when(() => ringing.ended() !== null && talking.ended() !== null)
  expect(ringing.ended()).toMatchObject({ status: 480, q850: 41 })
  expect(talking.ended()).toMatchObject({ by: 'remote', cause: 'bye-received', q850: 41 })
  const after = await connectDialer(second.link, keys)
  expect(await after.message('recovered')).toMatchObject({ orphans: 2, whole: true })
  expect((await after.event('ended', unanswered.attemptId)).result).toMatchObject({ answeredAt: null, evidence: { endedBy: 'crash', sipStatus: null } })
  expect((await after.event('ended', answered.attemptId)).result).toMatchObject({ answeredAt: expect.any(Number), evidence: { endedBy: 'crash', sipStatus: 200 } })
  before.close()
  after.close()
  await second.kill()
}, 60_000)
