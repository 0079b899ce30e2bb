/** Each state of a call with voice survives what its carrier does to it: held, moved, silent, gone, answered while it is cancelled. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { header, headerList, type SipRequest } from '@loopline/sip/message'
import { formatSdp, readAudio, type Direction } from '@loopline/sip/sdp'
import { silentLogger } from '@loopline/telemetry/logger'
import type { DialCommand, TalkPlan } from '@loopline/contracts/voice-link'
import type { UserId } from '@loopline/vocabulary/ids'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, orderTo, type TestDialer } from './dialer-of-test.ts'
import { deskPhoneOf, DeskOfTest } from './desk-of-test.ts'
import { NOT_RECORDED } from './media-of-test.ts'
import { newAgentId } from './phone-of-test.ts'
import { rawCarrier, type RawCarrier } from './raw-carrier.ts'
import { rtpPeer, shareOf, type RtpPeer } from './rtp-peer.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
const secret = { user: 'desk-17', password: 'Kq3_generated-and-long' }
let voice: Voice
let dialer: TestDialer
let carrier: RawCarrier
let agentId: UserId
const open: { close(): void }[] = []

/** Nobody here speaks without a pause on a busy machine: only who tests silence may be hung up on for it. */
const SILENCE_MS = { tested: '2500', otherwise: '60000' }

beforeEach(async ({ task }) => {
  const config = readConfig({
    VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice-')), LOG_LEVEL: 'silent', AGENT_SIP_LISTEN: '127.0.0.1:0', MEDIA_CALLS: '2', MEDIA_DESK_PHONES: '1', MEDIA_SILENCE_MAX_MS: task.name.startsWith('f22') ? SILENCE_MS.tested : SILENCE_MS.otherwise,
  })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
  carrier = await rawCarrier()
  agentId = newAgentId()
})
afterEach(async () => {
  for (const each of open.splice(0)) each.close()
  dialer.close()
  await voice.stop()
  carrier.close()
})

const sdp = (of: RtpPeer, version: number, direction: Direction = 'sendrecv', address = '127.0.0.1'): string =>
  formatSdp({ address, port: of.remote.port, codecs: ['PCMA'], telephoneEvent: 101, direction, ptimeMs: 20, sessionId: 1, version })

async function peer(host?: string): Promise<RtpPeer> {
  const made = await rtpPeer('PCMA', 101, host)
  open.push(made)
  return made
}

/** An agent at a desk telephone, its leg standing. */
async function agentUp(): Promise<RtpPeer> {
  const media = await peer()
  dialer.send({ type: 'desk-phones', phones: [deskPhoneOf(keys, agentId, secret)] })
  await expect.poll(async () => (await (await fetch(`${voice.url}/metrics`)).text()).includes('loopline_voice_phones_known{service="voice"} 1')).toBe(true)
  const phone = await DeskOfTest.open('udp', voice.agentSip.udp as string, secret)
  open.push(phone)
  phone.mediaPort = media.remote.port
  expect((await phone.register()).status).toBe(200)
  const { answer } = await phone.callDesk()
  media.target = readAudio(answer)?.port ?? 0
  await dialer.first((messages) => messages.find((each) => each.type === 'agent-leg' && each.state === 'up'))
  return media
}

async function dial(talk: Partial<TalkPlan> | null): Promise<{ order: DialCommand; invite: SipRequest }> {
  const line = lineTo(carrier.address)
  dialer.send({ type: 'lines', lines: [line] })
  await dialer.first((messages) => messages.find((each) => each.type === 'line-state' && each.lineId === line.lineId))
  const order = orderTo(line, dialer.epoch, keys, talk === null ? {} : { talk: { ...NOT_RECORDED, ...talk } })
  dialer.send({ type: 'dial', calls: [order] })
  await expect.poll(() => inviteOf(order), { timeout: 1_000 }).toBeDefined() // a refused order has none, and whoever asked may ask again
  return { order, invite: inviteOf(order) as SipRequest }
}

const inviteOf = (order: DialCommand): SipRequest | undefined =>
  carrier.heard.find((each): each is SipRequest => each.kind === 'request' && each.method === 'INVITE' && each.callId.startsWith(order.attemptId))

/** A person on 440 Hz and an agent on 1,000 Hz who hear each other through voice. */
async function talking(): Promise<{ order: DialCommand; invite: SipRequest; customer: RtpPeer; agent: RtpPeer }> {
  const agent = await agentUp()
  const customer = await peer()
  const { order, invite } = await dial({ agentId })
  customer.target = readAudio(invite.body)?.port ?? 0
  carrier.answer(invite, 200, 'a', sdp(customer, 1))
  await dialer.event('connected', order.attemptId)
  customer.keepSaying(440)
  agent.keepSaying(1_000)
  await Promise.all([until(customer, 1_000), until(agent, 440)])
  return { order, invite, customer, agent }
}

/** Resolves when what is heard now is mostly this tone. */
const until = (of: RtpPeer, hz: number): Promise<void> => of.when((heard) => heard.length >= 10 && shareOf(hz, heard.slice(-10)) > 0.8)

/** The far end changes the session; resolves with our answer, which is acknowledged. */
async function reinvite(invite: SipRequest, cseq: number, body: string): Promise<string> {
  carrier.ask(invite, 'INVITE', { cseq, toTag: 'a', sdp: body })
  const { status, body: answer } = await carrier.response('INVITE', cseq)
  expect(status).toBe(200)
  carrier.ask(invite, 'ACK', { cseq, toTag: 'a' })
  return answer
}

test('a re-INVITE that holds stops our sound, and one that resumes brings it back', async () => {
  const { invite, customer, agent } = await talking()
  expect(readAudio(await reinvite(invite, 1, sdp(customer, 2, 'inactive')))?.direction).toBe('inactive')
  const heard = customer.heard.length
  const agentHeard = agent.heard.length
  agent.keepSaying(1_000)
  expect(readAudio(await reinvite(invite, 2, sdp(customer, 3)))?.direction).toBe('sendrecv')
  await customer.when(() => customer.heard.length > heard + 20)
  await until(agent, 440)
  expect(agent.heard.length).toBeGreaterThan(agentHeard)
  expect(customer.heard.at(-1)?.ssrc).toBe(customer.heard[0]?.ssrc)
})

test.each([
  ['as RFC 3264 §8.4 says it', (of: RtpPeer) => sdp(of, 2, 'sendonly')],
  ['by the old address of zeros', (of: RtpPeer) => sdp(of, 2, 'sendrecv', '0.0.0.0')],
])('on hold %s nothing of ours is sent, for as long as it lasts', async (_, hold) => {
  const { invite, customer, agent } = await talking()
  await reinvite(invite, 1, hold(customer))
  const heard = customer.heard.length
  let said = 0
  for (; said < 25; said += 1) agent.say(1_000) // what would have been relayed at once
  await reinvite(invite, 2, sdp(customer, 3))
  await customer.when(() => customer.heard.length > heard + 5)
  // What was under way when the answer to the hold was read may still have come, the 25 may not.
  const first = customer.heard[heard + 2]
  const last = customer.heard[heard - 1]
  expect(((first?.sequence ?? 0) - (last?.sequence ?? 0)) & 0xffff).toBeLessThan(10)
})

test('a re-INVITE with a changed address moves the sound there and only there (threat 9)', async () => {
  const { invite, customer, agent } = await talking()
  const moved = await peer('127.0.0.3')
  moved.target = customer.target
  await reinvite(invite, 1, sdp(moved, 2, 'sendrecv', '127.0.0.3'))
  moved.keepSaying(1_700)
  await until(moved, 1_000)
  const left = customer.heard.length
  await until(agent, 1_700) // while the old place goes on speaking
  await moved.when((heard) => heard.length >= 30)
  expect(customer.heard.length - left).toBe(0)
  expect(shareOf(440, agent.heard.slice(-10))).toBeLessThan(0.01)
})

test('f22: a line from which nothing comes any more is hung up, and the result says that nobody wished it', async () => {
  const { order, customer } = await talking()
  customer.silent()
  expect(await dialer.event('no-audio', order.attemptId)).toMatchObject({ leg: 'customer' })
  const bye = await carrier.request('BYE')
  expect(header(bye, 'reason')).toBe('Q.850;cause=31;text="No media"')
  const { result } = await dialer.event('ended', order.attemptId)
  expect(result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'timeout' })
})

test('f22: a carrier that answers neither voice nor BYE holds nobody: the call is over within two seconds, dated to the BYE, and said again', async () => {
  const { order, customer } = await talking()
  carrier.isDead = true
  customer.silent()
  const byes = (): number => carrier.heard.filter((each) => each.kind === 'request' && each.method === 'BYE').length
  await carrier.request('BYE')
  const hungUpAt = Date.now()
  await dialer.event('talk-ended', order.attemptId)
  const { result } = await dialer.event('ended', order.attemptId)
  expect(result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'timeout' })
  expect(result.endedAt).toBeLessThan(hungUpAt + 1_000)
  const before = byes()
  await expect.poll(byes, { timeout: 30_000 }).toBeGreaterThan(before)
})

test('a lost ACK: the answer that comes again is acknowledged again, and the two go on hearing each other', async () => {
  const { order, invite, customer, agent } = await talking()
  const acknowledged = (): number => carrier.heard.filter((each) => each.kind === 'request' && each.method === 'ACK').length
  await expect.poll(acknowledged).toBe(1) // the first may still be on its way when the two hear each other already
  const before = acknowledged()
  for (let time = 0; time < 3; time += 1) carrier.answer(invite, 200, 'a', sdp(customer, 1))
  await expect.poll(acknowledged).toBe(before + 3)
  const [person, seller] = [customer.heard.length, agent.heard.length]
  await Promise.all([customer.when((heard) => heard.length > person + 10), agent.when((heard) => heard.length > seller + 10)])
  expect(dialer.messages.flatMap((each) => (each.type === 'calls' ? each.events : [])).filter(({ kind }) => kind === 'connected')).toHaveLength(1)
  expect(customer.heard.map(({ ssrc }) => ssrc)).toEqual(customer.heard.map(() => customer.heard[0]?.ssrc))
  expect(order.attemptId).toBeDefined()
})

test('whose ring time is ended by the dialer ends as when it runs out, and who has answered meanwhile goes on talking', async () => {
  const ringing = await dial({})
  carrier.answer(ringing.invite, 180, 'r', '')
  await dialer.event('ringing', ringing.order.attemptId)
  const talking = await dial({})
  carrier.answer(talking.invite, 200, 't', sdp(await peer(), 1))
  await dialer.event('answered', talking.order.attemptId)
  dialer.send({ type: 'stop-ringing', attemptIds: [ringing.order.attemptId, talking.order.attemptId] })
  await expect.poll(() => carrier.heard.some((each) => each.kind === 'request' && each.method === 'CANCEL' && each.callId === ringing.invite.callId)).toBe(true)
  carrier.answer(ringing.invite, 487, 'r', '')
  expect((await dialer.event('ended', ringing.order.attemptId)).result.evidence).toMatchObject({ sipStatus: 487, endedBy: 'timeout' })
  expect(carrier.heard.some((each) => each.kind === 'request' && each.method === 'BYE')).toBe(false)
})

test('f25: a CANCEL that crosses a 200 gives the media port back', async () => {
  const crossed = async (toTag: string): Promise<void> => {
    const { order, invite } = await dial({})
    carrier.answer(invite, 180, toTag, '')
    await dialer.event('ringing', order.attemptId)
    dialer.send({ type: 'hang-up', attemptIds: [order.attemptId] })
    await expect.poll(() => carrier.heard.some((each) => each.kind === 'request' && each.method === 'CANCEL' && each.callId === invite.callId)).toBe(true)
    carrier.answer(invite, 200, toTag, sdp(await peer(), 1))
    await carrier.request('ACK', toTag)
    await carrier.request('BYE', toTag)
    expect((await dialer.event('ended', order.attemptId)).result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'us' })
  }
  await crossed('first')
  await crossed('second') // that was the last port, and both rest now
  const line = lineTo(carrier.address)
  dialer.send({ type: 'lines', lines: [line] })
  const isPlaced = async (): Promise<boolean> => {
    const order = orderTo(line, dialer.epoch, keys, { talk: NOT_RECORDED })
    dialer.send({ type: 'dial', calls: [order] })
    return await dialer.first((messages) => messages.flatMap((each) => (each.type === 'calls' ? each.events : []))
      .find((event) => event.attemptId === order.attemptId)?.kind) === 'placed'
  }
  expect(await isPlaced()).toBe(false)
  await expect.poll(isPlaced, { timeout: 10_000 }).toBe(true)
  await expect.poll(isPlaced, { timeout: 10_000 }).toBe(true)
})

test('f2: a media thread that dies ends exactly its calls, with BYE and cause 41; agents are told, and it is there again', async () => {
  const { order, invite } = await talking()
  const agentless = await dial(null)
  carrier.answer(agentless.invite, 200, 'b')
  await dialer.event('answered', agentless.order.attemptId)
  const broken = { ...NOT_RECORDED, recording: null } as unknown as TalkPlan // a bug, as good as any
  const { order: fatal } = await dial(broken)
  dialer.send({ type: 'talk', orders: [{ order: 'record', attemptId: fatal.attemptId, on: true }] })
  const bye = await carrier.request('BYE', 'a')
  expect(bye.callId).toBe(invite.callId)
  expect(headerList(bye, 'reason')[0]).toContain('Q.850;cause=41')
  await dialer.event('ended', order.attemptId)
  await dialer.first((messages) => messages.find((each) => each.type === 'agent-leg' && each.agentId === agentId && each.state === 'down'))
  await expect.poll(async () => (await dial({})).invite, { timeout: 10_000 }).toBeDefined()
  const ended = dialer.messages.flatMap((each) => (each.type === 'calls' ? each.events : [])).filter(({ kind }) => kind === 'ended').map(({ attemptId }) => attemptId)
  expect(ended).not.toContain(agentless.order.attemptId)
})
