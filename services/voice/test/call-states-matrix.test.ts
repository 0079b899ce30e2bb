/**
 * Every state of a call with voice against everything that may befall it there: ringing, announcing, talking, on hold, fallback
 * message × BYE from either side, hold and a changed address by re-INVITE, a lost ACK, RTP that stops, an agent's leg that is gone.
 * (CANCEL crossing 200: f20-crossed-answers, call-states; voice killed: f2-voice-dies; notes after a call: services/dialer/test.)
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import type { SipRequest } from '@loopline/sip/message'
import { formatSdp, readAudio, type Direction } from '@loopline/sip/sdp'
import { silentLogger } from '@loopline/telemetry/logger'
import type { CallResult, DialCommand, TalkPlan } from '@loopline/contracts/voice-link'
import type { UserId } from '@loopline/vocabulary/ids'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, orderTo, type TestDialer } from './dialer-of-test.ts'
import { deskPhoneOf, DeskOfTest } from './desk-of-test.ts'
import { NOT_RECORDED } from './media-of-test.ts'
import { newAgentId } from './phone-of-test.ts'
import { rawCarrier, type RawCarrier } from './raw-carrier.ts'
import { rtpPeer, type RtpPeer } from './rtp-peer.ts'

/** A port rests after its call: more of them than calls here in three seconds. */
const MEDIA_CALLS = 40
const keySet = newKeySet()
const keys = createKeyring(keySet)
const secret = { user: 'desk-17', password: 'Kq3_generated-and-long' }
let voice: Voice
let dialer: TestDialer
const open: { close(): void }[] = []

async function start(silenceMaxMs: number): Promise<void> {
  const config = readConfig({
    VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice-')), LOG_LEVEL: 'silent', AGENT_SIP_LISTEN: '127.0.0.1:0', MEDIA_CALLS: String(MEDIA_CALLS), MEDIA_DESK_PHONES: '3', MEDIA_SILENCE_MAX_MS: String(silenceMaxMs),
  })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
}
async function stop(): Promise<void> {
  closeDesk()
  dialer.close()
  await voice.stop()
}
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

const metric = async (name: string): Promise<number> =>
  Number(new RegExp(`^loopline_voice_${name}\\{[^}]*\\} (\\S+)`, 'm').exec(await (await fetch(`${voice.url}/metrics`)).text())?.[1])

const sdp = (of: RtpPeer, version: number, direction: Direction = 'sendrecv', address = '127.0.0.1'): string =>
  formatSdp({ address, port: of.remote.port, codecs: ['PCMA'], telephoneEvent: 101, direction, ptimeMs: 20, sessionId: 1, version })

async function peer(host?: string): Promise<RtpPeer> {
  const made = await rtpPeer('PCMA', 101, host)
  open.push(made)
  return made
}

interface Desk {
  agentId: UserId
  /** The agent's telephone is gone. */
  lose(): Promise<void>
  close(): void
}

/** One agent at his telephone as long as it stands: how often a source may call the desk is limited. */
let standing: Desk | null = null
function closeDesk(): void {
  standing?.close()
  standing = null
}
const agentUp = async (): Promise<Desk> => (standing ??= await newDesk())

async function newDesk(): Promise<Desk> {
  const [media, agentId] = [await rtpPeer(), newAgentId()]
  const known = await metric('phones_known')
  dialer.send({ type: 'desk-phones', phones: [deskPhoneOf(keys, agentId, secret)] })
  if (known === 0) await expect.poll(() => metric('phones_known')).toBe(1)
  const phone = await DeskOfTest.open('udp', voice.agentSip.udp as string, secret)
  phone.mediaPort = media.remote.port
  await expect.poll(async () => (await phone.register()).status).toBe(200)
  let called = await phone.callDesk()
  await expect.poll(async () => {
    if (called.answer === '') called = await phone.callDesk() // too often from one source
    return called.answer
  }, { interval: 1_000, timeout: 30_000 }).not.toBe('')
  const { answer, callId, to } = called
  media.target = readAudio(answer)?.port ?? 0
  media.keepSaying(1_000)
  const legIs = (state: string): Promise<unknown> => dialer.first((messages) => messages.findLast((each) => each.type === 'agent-leg' && each.agentId === agentId && each.state === state))
  await legIs('up')
  const close = (): void => {
    media.close()
    phone.close()
  }
  return {
    agentId, close,
    async lose() {
      await phone.ask('BYE', { callId, to, uri: 'sip:desk@loopline' })
      await legIs('registered')
      closeDesk()
    },
  }
}

/** A call in some state, with both of its ends. */
interface Scene {
  order: DialCommand
  invite: SipRequest
  carrier: RawCarrier
  customer: RtpPeer
  desk: Desk | null
  answered: boolean
}

async function ringing(talk: Partial<TalkPlan>, desk: Desk | null): Promise<Scene> {
  const carrier = await rawCarrier()
  open.push(carrier)
  const line = lineTo(carrier.address)
  dialer.send({ type: 'lines', lines: [line] })
  await dialer.first((messages) => messages.find((each) => each.type === 'line-state' && each.lineId === line.lineId))
  const order = orderTo(line, dialer.epoch, keys, { talk: { ...NOT_RECORDED, agentId: desk?.agentId ?? null, ...talk }, dialBy: Date.now() + 60_000 })
  dialer.send({ type: 'dial', calls: [order] })
  const refused = dialer.event('refused', order.attemptId).then(({ refusal }) => { throw new Error(`voice refused the order: ${refusal}`) })
  const invite = await Promise.race([carrier.request('INVITE'), refused])
  carrier.answer(invite, 180, 'a', '')
  await dialer.event('ringing', order.attemptId)
  return { order, invite, carrier, customer: await peer(), desk, answered: false }
}

async function answered(talk: Partial<TalkPlan>, desk: Desk | null): Promise<Scene> {
  const scene = await ringing(talk, desk)
  const { carrier, invite, customer, order } = scene
  customer.target = readAudio(invite.body)?.port ?? 0
  carrier.answer(invite, 200, 'a', sdp(customer, 1))
  customer.keepSaying(440)
  await dialer.event(desk === null ? 'fallback' : 'connected', order.attemptId)
  await hears(customer)
  return { ...scene, answered: true }
}

/** A sound that lasts longer than any of these tests, whoever plays it. */
const LASTING = 'hold-music'
const STATES: Record<string, () => Promise<Scene>> = {
  ringing: async () => ringing({}, await agentUp()),
  announcing: async () => answered({ recording: { record: 'after-announcement', basis: 'announced', announcement: LASTING } }, await agentUp()),
  talking: async () => answered({}, await agentUp()),
  'on hold': async () => {
    const scene = await answered({}, await agentUp())
    dialer.send({ type: 'talk', orders: [{ order: 'hold', attemptId: scene.order.attemptId, on: true }] })
    return scene
  },
  'fallback message': () => answered({ fallback: { afterMs: 0, play: LASTING, then: 'hang-up' } }, null),
}
const ANSWERED = Object.keys(STATES).filter((state) => state !== 'ringing')
const SERVED = ANSWERED.filter((state) => state !== 'fallback message')

/** From now on sound comes to this peer, in one unbroken stream. */
async function hears(of: RtpPeer): Promise<void> {
  const before = of.heard.length
  await of.when((heard) => heard.length > before + 10)
  expect(new Set(of.heard.map(({ ssrc }) => ssrc)).size).toBe(1)
}

async function resultOf({ order }: Scene): Promise<CallResult> {
  return (await dialer.event('ended', order.attemptId)).result
}

/** All calls are over: no port is missing, and no call is open. */
async function nothingIsLeft(): Promise<void> {
  await expect.poll(() => metric('media_ports_free'), { timeout: 30_000 }).toBe(MEDIA_CALLS)
  await expect.poll(() => metric('calls_open')).toBe(0)
}

async function hangUp(scene: Scene): Promise<void> {
  dialer.send({ type: 'hang-up', attemptIds: [scene.order.attemptId] })
  expect(await resultOf(scene)).toMatchObject({ evidence: { endedBy: 'us' } })
}

async function reinvite({ carrier, invite }: Scene, cseq: number, body: string): Promise<Direction | undefined> {
  carrier.ask(invite, 'INVITE', { cseq, toTag: 'a', sdp: body })
  const response = await carrier.response('INVITE', cseq)
  expect(response.status).toBe(200)
  carrier.ask(invite, 'ACK', { cseq, toTag: 'a' })
  return readAudio(response.body)?.direction
}

describe('nobody is silent', () => {
  beforeAll(() => start(600_000))
  afterAll(stop)

  test.each(ANSWERED)('%s: the person hangs up', async (state) => {
    const scene = await (STATES[state] as () => Promise<Scene>)()
    scene.carrier.ask(scene.invite, 'BYE', { cseq: 1, toTag: 'a' })
    expect((await scene.carrier.response('BYE', 1)).status).toBe(200)
    expect(await resultOf(scene)).toMatchObject({ evidence: { sipStatus: 200, endedBy: 'callee' } })
  })

  test.each(Object.keys(STATES))('%s: we hang up', async (state) => {
    const scene = await (STATES[state] as () => Promise<Scene>)()
    dialer.send({ type: 'hang-up', attemptIds: [scene.order.attemptId] })
    const asked = await scene.carrier.request(scene.answered ? 'BYE' : 'CANCEL')
    expect(asked.callId).toBe(scene.invite.callId)
    if (!scene.answered) scene.carrier.answer(scene.invite, 487, 'a', '')
    expect(await resultOf(scene)).toMatchObject({ evidence: { sipStatus: scene.answered ? 200 : 487, endedBy: 'us' } })
  })

  test.each(ANSWERED)('%s: the far end holds, and resumes', async (state) => {
    const scene = await (STATES[state] as () => Promise<Scene>)()
    expect(await reinvite(scene, 1, sdp(scene.customer, 2, 'inactive'))).toBe('inactive')
    expect(await reinvite(scene, 2, sdp(scene.customer, 3))).toBe('sendrecv')
    await hears(scene.customer)
    await hangUp(scene)
  })

  test.each(ANSWERED)('%s: the far end moves to another address', async (state) => {
    const scene = await (STATES[state] as () => Promise<Scene>)()
    const moved = await peer('127.0.0.3')
    moved.target = scene.customer.target
    expect(await reinvite(scene, 1, sdp(moved, 2, 'sendrecv', '127.0.0.3'))).toBe('sendrecv')
    moved.keepSaying(440)
    await hears(moved)
    const left = scene.customer.heard.length
    await hears(moved)
    expect(scene.customer.heard.length).toBe(left)
    await hangUp(scene)
  })

  test.each(ANSWERED)('%s: our ACK was lost', async (state) => {
    const scene = await (STATES[state] as () => Promise<Scene>)()
    const { carrier, invite, customer } = scene
    const acknowledged = (): number => carrier.heard.filter((each) => each.kind === 'request' && each.method === 'ACK').length
    await expect.poll(acknowledged).toBe(1)
    for (let time = 0; time < 2; time += 1) carrier.answer(invite, 200, 'a', sdp(customer, 1))
    await expect.poll(acknowledged).toBe(3)
    await hears(customer)
    await hangUp(scene)
  })

  test.each(SERVED)('f24: %s: the agent’s telephone is gone, and the person hears sound, not silence', async (state) => {
    const scene = await (STATES[state] as () => Promise<Scene>)()
    await scene.desk?.lose()
    await hears(scene.customer)
    await hangUp(scene)
  })

  test('f24: ringing: the agent’s telephone is gone, and who answers gets the fallback', async () => {
    const scene = await ringing({ fallback: { afterMs: 200, play: LASTING, then: 'hang-up' } }, await agentUp())
    await scene.desk?.lose()
    scene.customer.target = readAudio(scene.invite.body)?.port ?? 0
    scene.carrier.answer(scene.invite, 200, 'a', sdp(scene.customer, 1))
    await dialer.event('fallback', scene.order.attemptId)
    await hears(scene.customer)
    dialer.send({ type: 'hang-up', attemptIds: [scene.order.attemptId] })
    expect(await resultOf(scene)).toMatchObject({ talk: { agentId: null, connectedAt: null, fallbackAt: expect.any(Number) } })
  })

  test('f25: no port and no call is left of all these', nothingIsLeft)
})

describe('f22: RTP stops', () => {
  beforeAll(() => start(2_000))
  afterAll(stop)

  test.each(ANSWERED)('%s: the call is ended, and nobody wished it', async (state) => {
    const scene = await (STATES[state] as () => Promise<Scene>)()
    scene.customer.silent()
    await scene.carrier.request('BYE')
    expect(await resultOf(scene)).toMatchObject({ evidence: { sipStatus: 200, endedBy: 'timeout' } })
  })

  test('f25: no port and no call is left of all these', nothingIsLeft)
})
