import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { silentLogger } from '@loopline/telemetry/logger'
import { header } from '@loopline/sip/message'
import { formatSdp, parseSdp, readAudio } from '@loopline/sip/sdp'
import { parseCryptoLines } from '@loopline/rtp/srtp/sdes'
import type { LineConfig } from '@loopline/contracts/voice-link'
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
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'voice-'))
  const config = readConfig({ VOICE_DIR: folder, LOG_LEVEL: 'silent', MEDIA_CALLS: '1', MEDIA_DESK_PHONES: '1', AGENT_SIP_LISTEN: '127.0.0.1:0' })
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

async function lineUp(change: Partial<LineConfig> = {}): Promise<LineConfig> {
  const line = lineTo(carrier.address, change)
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
  const { result } = await dialer.event('ended', order.attemptId)
  expect(result.talk).toEqual({ agentId: null, connectedAt: null, fallbackAt: null })
  expect(result.evidence.mediaFailure).toBe('no-common-audio')
})

describe('a line whose voices are encrypted', () => {
  const theirKey = Buffer.alloc(30, 0x5a).toString('base64')
  const encrypted = (protocol: string, crypto: string): string =>
    formatSdp({ address: '127.0.0.1', port: customer.remote.port, codecs: ['PCMA'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId: 1, version: 1 }, { protocol, crypto: [crypto] })
  const message = { afterMs: 20, play: 'no-agent-en', then: 'wait' } as const
  const journalText = (): string => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => readFileSync(join(each.parentPath, each.name), 'latin1')).join('')

  async function dial(srtp: LineConfig['srtp']) {
    const order = orderTo(await lineUp({ srtp: srtp ?? 'off' }), dialer.epoch, keys, { talk: { ...NOT_RECORDED, fallback: message } })
    dialer.send({ type: 'dial', calls: [order] })
    const invite = await carrier.request('INVITE')
    const offered = readAudio(invite.body, 'any')
    return { order, invite, protocol: offered?.protocol, lines: parseCryptoLines(offered?.crypto ?? []) }
  }

  test.each([['offer', 'RTP/AVP'], ['required', 'RTP/SAVP']] as const)('%s: what the person hears is sealed by the key of the INVITE, which stands in no file and no message', async (wish, protocol) => {
    const { invite, lines, ...offered } = await dial(wish)
    expect(offered.protocol).toBe(protocol)
    const [ours] = lines
    customer.secure({ profile: 'AES_CM_128_HMAC_SHA1_80', send: ours?.key ?? '', receive: theirKey })
    carrier.answer(invite, 200, 'a', encrypted(protocol, `1 AES_CM_128_HMAC_SHA1_80 inline:${theirKey}`))
    await customer.when((heard) => heard.length >= 20)
    expect(customer.unopened()).toBe(0)
    const told = JSON.stringify(dialer.messages) + journalText()
    for (const { key } of lines) expect(told).not.toContain(key.slice(0, 16))
    expect(told).not.toContain(theirKey.slice(0, 16))
  })

  test('offer: a carrier that passes the keys over is spoken to in clear', async () => {
    const { invite } = await dial('offer')
    carrier.answer(invite, 200, 'a', sdp(customer.remote.port))
    await customer.when((heard) => heard.length >= 20)
  })

  test('required: an answer in clear is ended with its reason, before anything is said', async () => {
    const { order, invite } = await dial('required')
    carrier.answer(invite, 200, 'a', sdp(customer.remote.port))
    expect(header(await carrier.request('BYE'), 'reason')).toBe('SIP;cause=488;text="SRTP is required"')
    const { result } = await dialer.event('ended', order.attemptId)
    expect(result.evidence).toMatchObject({ mediaFailure: 'not-encrypted', endedBy: 'us' })
    expect(customer.heard).toEqual([])
  })

  test('required: early media in clear is not heard, and an answer that confirms it is ended', async () => {
    const { order, invite } = await dial('required')
    carrier.answer(invite, 183, 'a', sdp(customer.remote.port))
    carrier.answer(invite, 200, 'a', '')
    expect(header(await carrier.request('BYE'), 'reason')).toContain('cause=488')
    expect((await dialer.event('ended', order.attemptId)).result.evidence.mediaFailure).toBe('not-encrypted')
  })

  test.each([488, 415, 606])('required: refused by %i, the result says why', async (status) => {
    const { order, invite } = await dial('required')
    carrier.answer(invite, status, 'a', '')
    expect((await dialer.event('ended', order.attemptId)).result.evidence).toMatchObject({ sipStatus: status, mediaFailure: 'not-encrypted', endedBy: status >= 600 ? 'callee' : 'carrier' })
  })

  test('re-INVITEs with a new key and another address, in clear, and without an offer: our key goes on, what is in clear is refused', async () => {
    const { invite, lines } = await dial('required')
    const ours = { profile: 'AES_CM_128_HMAC_SHA1_80', send: lines[0]?.key ?? '' } as const
    customer.secure({ ...ours, receive: theirKey })
    carrier.answer(invite, 200, 'a', encrypted('RTP/SAVP', `1 AES_CM_128_HMAC_SHA1_80 inline:${theirKey}`))
    await customer.when((heard) => heard.length >= 10)
    const nextKey = Buffer.alloc(30, 0x33).toString('base64')
    const moved = await rtpPeer()
    moved.secure({ ...ours, receive: nextKey })
    const offer = encrypted('RTP/SAVP', `4 AES_CM_128_HMAC_SHA1_80 inline:${nextKey}`).replace(`m=audio ${customer.remote.port}`, `m=audio ${moved.remote.port}`)
    carrier.ask(invite, 'INVITE', { cseq: 1, toTag: 'a', sdp: offer })
    const answer = parseSdp((await carrier.response('INVITE', 1)).body)?.media[0]
    expect(answer?.crypto).toEqual([`4 AES_CM_128_HMAC_SHA1_80 inline:${ours.send}`])
    await moved.when((heard) => heard.length >= 20)
    expect(moved.unopened()).toBe(0)
    carrier.ask(invite, 'ACK', { cseq: 1, toTag: 'a' })
    carrier.ask(invite, 'INVITE', { cseq: 2, toTag: 'a', sdp: sdp(customer.remote.port, { version: 3 }) })
    expect((await carrier.response('INVITE', 2)).status).toBe(488)
    // Without an offer of theirs ours is made, with the same keys; their answer comes in the ACK (RFC 3261 §14.2).
    carrier.ask(invite, 'INVITE', { cseq: 3, toTag: 'a' })
    expect(parseCryptoLines(readAudio((await carrier.response('INVITE', 3)).body, 'any')?.crypto ?? [])).toEqual(lines)
    const lastKey = Buffer.alloc(30, 0x44).toString('base64')
    carrier.ask(invite, 'ACK', { cseq: 3, toTag: 'a', sdp: encrypted('RTP/SAVP', `1 AES_CM_128_HMAC_SHA1_80 inline:${lastKey}`).replace(`m=audio ${customer.remote.port}`, `m=audio ${moved.remote.port}`) })
    const since = moved.heard.length
    await moved.when((heard) => heard.length >= since + 10)
    moved.close()
  })
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
