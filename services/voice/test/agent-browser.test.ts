import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { header, headerList } from '@loopline/sip/message'
import { silentLogger } from '@loopline/telemetry/logger'
import type { UserId } from '@loopline/vocabulary/ids'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, type TestDialer } from './dialer-of-test.ts'
import { BROWSER_OFFER, MediaOfTest, newAgentId, tokenOf, WebPhone } from './phone-of-test.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
let voice: Voice
let media: MediaOfTest
let dialer: TestDialer
let agentId: UserId
/** Set by the test that stops voice itself. */
let stopped: Promise<void> | null

beforeEach(async () => {
  media = new MediaOfTest()
  const config = readConfig({ VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice-')), LOG_LEVEL: 'silent', MEDIA_ADDRESS: '192.0.2.7', MEDIA_BIND: '127.0.0.1' })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger(), mediaOfPhones: media })
  media.ready()
  dialer = await connectDialer(voice.link, keys)
  agentId = newAgentId()
  stopped = null
})
afterEach(async () => {
  dialer.close()
  await (stopped ?? voice.stop())
})

async function pageOf(agent: string, same?: WebPhone): Promise<WebPhone> {
  return WebPhone.open(`${voice.url}/sip`, { headers: { authorization: `Bearer ${await tokenOf(keys, agent)}` }, agentId: agent, ...(same ? { same } : {}) })
}

const states = (messages: TestDialer['messages'], agent = agentId): string[] =>
  messages.flatMap((each) => (each.type === 'agent-leg' && each.agentId === agent ? [each.reason === null ? each.state : `${each.state}: ${each.reason}`] : []))
const told = (wanted: string[]): Promise<true> => dialer.first((messages) => (JSON.stringify(states(messages)) === JSON.stringify(wanted) ? true : undefined))

test('a page registers as JsSIP does and finds itself in the answer', async () => {
  const page = await pageOf(agentId)
  const answer = await page.register()
  expect(answer.status).toBe(200)
  expect(header(answer, 'contact')).toBe(`<${page.contact}>;+sip.instance="<${page.instance}>";reg-id=1;expires=600`)
  expect(headerList(answer, 'via')).toHaveLength(1)
  await told(['registered'])
  expect((await page.register(0)).status).toBe(200)
  await told(['registered', 'down: unregistered'])
})

test('the desk answers a browser, the media thread gets what the answer says, and dialers hear when media flows', async () => {
  const page = await pageOf(agentId)
  await page.register()
  const { answer } = await page.callDesk()
  const opened = await media.opened()
  expect(opened).toMatchObject({ agentId, audio: { codec: 'PCMA', telephoneEvent: 126, ptimeMs: 20, direction: 'sendrecv' }, leg: { kind: 'browser', remoteUfrag: 'Xy1z' } })
  if (opened.leg.kind !== 'browser') throw new Error('a browser leg')
  const { ufrag, password, ssrc } = opened.leg
  for (const said of ['a=ice-lite', 'm=audio 40000 UDP/TLS/RTP/SAVPF 8 0 126', 'a=setup:passive', `a=ice-ufrag:${ufrag}`, `a=ice-pwd:${password}`, `a=ssrc:${ssrc} cname:`, 'a=candidate:1 1 udp 2130706431 192.0.2.7 40000 typ host', 'a=group:BUNDLE 0', 'a=rtcp-mux', 'a=end-of-candidates']) {
    expect(answer).toContain(said)
  }
  expect(states(dialer.messages)).toEqual(['registered'])
  media.say({ type: 'agent-leg', agentId, serial: opened.serial, state: 'up', reason: null })
  await told(['registered', 'up'])

  const late = await connectDialer(voice.link, keys)
  await late.first((messages) => (states(messages).join() === 'up' ? true : undefined))
  late.close()
})

test('the agent hangs up: the leg is down, the telephone still registered', async () => {
  const page = await pageOf(agentId)
  await page.register()
  const { callId, to } = await page.callDesk()
  const { serial } = await media.opened()
  media.say({ type: 'agent-leg', agentId, serial, state: 'up', reason: null })
  page.ask({ method: 'BYE', uri: 'sip:desk@loopline', to, callId })
  expect((await page.response(callId, 'BYE')).status).toBe(200)
  await told(['registered', 'up', 'down: hung-up', 'registered: hung-up'])
  expect(media.heard.items.at(-1)).toEqual({ type: 'close-agent', agentId, serial, reason: 'hung-up' })
})

test('a second page takes the leg over: the first is told why, the media thread replaces, nobody hears of an end', async () => {
  const [first, second] = [await pageOf(agentId), await pageOf(agentId)]
  await first.register()
  const { callId } = await first.callDesk()
  const { serial } = await media.opened()
  media.say({ type: 'agent-leg', agentId, serial, state: 'up', reason: null })
  await second.register()
  await second.callDesk()
  expect((await media.opened(2)).serial).toBeGreaterThan(serial)
  expect(header(await first.request('BYE', callId), 'reason')).toContain('Taken over')
  media.say({ type: 'agent-leg', agentId, serial, state: 'lost', reason: 'of the former leg' })
  media.say({ type: 'agent-leg', agentId, serial: serial + 1, state: 'up', reason: null })
  await told(['registered', 'up', 'up'])
  expect(media.heard.items.map(({ type }) => type)).toEqual(['open-agent', 'open-agent'])
})

test('a page whose socket breaks comes back by another and keeps its leg; one that does not loses it', async () => {
  const page = await pageOf(agentId)
  await page.register()
  const { callId, to } = await page.callDesk()
  const { serial } = await media.opened()
  media.say({ type: 'agent-leg', agentId, serial, state: 'up', reason: null })
  page.socket.terminate()
  const back = await pageOf(agentId, page)
  await back.register()
  dialer.send({ type: 'talk', orders: [{ order: 'drop-leg', agentId, reason: 'forced by 李伟' }] })
  expect(header(await back.request('BYE', callId), 'reason')).toBe('SIP;cause=480;text="forced by   "')
  expect(to).toContain('tag=')
  await told(['registered', 'up', 'down: forced by 李伟', 'registered: forced by 李伟'])

  await back.callDesk()
  const { serial: next } = await media.opened(2)
  media.say({ type: 'agent-leg', agentId, serial: next, state: 'up', reason: null })
  const began = performance.now()
  back.socket.terminate()
  await told(['registered', 'up', 'down: forced by 李伟', 'registered: forced by 李伟', 'up', 'down: socket-closed'])
  expect(performance.now() - began).toBeLessThan(5_000)      // F24: not ready within five seconds
})

test('media that is lost ends the leg, and the page is told', async () => {
  const page = await pageOf(agentId)
  await page.register()
  const { callId } = await page.callDesk()
  const { serial } = await media.opened()
  media.say({ type: 'agent-leg', agentId, serial, state: 'lost', reason: 'no consent' })
  expect(header(await page.request('BYE', callId), 'reason')).toContain('No media')
  await told(['registered', 'down: media-lost: no consent', 'registered: media-lost: no consent'])
})

test('hold and resume by re-INVITE reach the media thread; new ICE credentials are refused and leave the leg as it is', async () => {
  const page = await pageOf(agentId)
  const { callId, to } = await page.callDesk()
  const again = async (offer: string, status: number): Promise<string> => {
    page.ask({ method: 'INVITE', uri: 'sip:desk@loopline', to, callId, body: offer, headers: [`Contact: <${page.contact};ob>`, 'Content-Type: application/sdp'] })
    const cseq = page.inbox.items.length
    const answer = await page.inbox.first((items) => items.slice(cseq).find((item) => item.kind === 'response' && item.cseqMethod === 'INVITE' && item.status === status))
    page.ask({ method: 'ACK', uri: 'sip:desk@loopline', to, callId, cseq: answer.cseq })
    return answer.body
  }
  expect(await again(BROWSER_OFFER.replace('a=sendrecv', 'a=sendonly'), 200)).toContain('a=recvonly')
  await media.heard.first((items) => items.find((item) => item.type === 'agent-media' && item.audio.direction === 'recvonly' && item.remote === null))
  await again(BROWSER_OFFER.replace('Xy1z', 'Zzzz'), 488)
  expect(await again(BROWSER_OFFER, 200)).toContain('a=sendrecv')
  await media.heard.first((items) => items.find((item) => item.type === 'agent-media' && item.audio.direction === 'sendrecv'))
})

test('a session timer of 90 seconds is kept by UPDATE', async () => {
  const page = await pageOf(agentId)
  const { callId, to } = await page.callDesk()
  const ok = await page.response(callId, 'INVITE', 200)
  expect(header(ok, 'session-expires')).toMatch(/^90;refresher=/)
  page.ask({ method: 'UPDATE', uri: 'sip:desk@loopline', to, callId, headers: [`Contact: <${page.contact};ob>`, 'Session-Expires: 90;refresher=uac'] })
  expect((await page.response(callId, 'UPDATE')).status).toBe(200)
})

test.each([
  { name: 'REGISTER of another', method: 'REGISTER', who: 'from', status: 403 },
  { name: 'REGISTER for another', method: 'REGISTER', who: 'to', status: 403 },
  { name: 'INVITE as another', method: 'INVITE', who: 'from', status: 403 },
  { name: 'MESSAGE as another', method: 'MESSAGE', who: 'from', status: 403 },
  { name: 'MESSAGE', method: 'MESSAGE', who: '', status: 405 },
  { name: 'SUBSCRIBE', method: 'SUBSCRIBE', who: '', status: 405 },
  { name: 'REFER', method: 'REFER', who: '', status: 405 },
  { name: 'INVITE to a number', method: 'INVITE', uri: 'sip:+8613900001234@loopline', who: '', status: 403 },
  { name: 'INVITE to a colleague', method: 'INVITE', uri: `sip:${newAgentId()}@loopline`, who: '', status: 403 },
  { name: 'BYE of no call', method: 'BYE', who: '', status: 481 },
  { name: 'an unknown method', method: 'MAKECOFFEE', who: '', status: 501 },
])('$name is refused with $status (threats 2 and 3)', async ({ method, who, status, uri }) => {
  const page = await pageOf(agentId)
  const other = `<sip:${newAgentId()}@loopline>`
  const callId = page.ask({ method, uri: uri ?? 'sip:loopline', headers: [`Contact: <${page.contact}>`], ...(who === 'from' ? { from: other } : {}), ...(who === 'to' ? { to: other } : {}) })
  expect((await page.response(callId, method)).status).toBe(status)
  expect(media.heard.items).toEqual([])
  expect(states(dialer.messages)).toEqual([])
})

test('nobody hangs up the leg of a colleague, though he knows its Call-ID and tags', async () => {
  const [page, thief] = [await pageOf(agentId), await pageOf(newAgentId())]
  const { callId, to } = await page.callDesk()
  thief.ask({ method: 'BYE', uri: 'sip:desk@loopline', to, callId, from: `<sip:${agentId}@loopline>` })
  expect((await thief.response(callId, 'BYE')).status).toBe(481)
  expect(media.heard.items.filter(({ type }) => type === 'close-agent')).toEqual([])
})

test.each([
  { name: 'no token', headers: {}, protocol: 'sip', status: 401 },
  { name: 'a forged token', headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }, protocol: 'sip', status: 401 },
  { name: 'a role without a telephone', role: 'auditor' as const, protocol: 'sip', status: 403 },
  { name: 'another sub-protocol', role: 'agent' as const, protocol: 'chat', status: 400 },
])('the socket is refused with $status for $name', async ({ headers, protocol, role, status }) => {
  const proof = role === undefined ? headers : { authorization: `Bearer ${await tokenOf(keys, agentId, role)}` }
  const socket = new WebSocket(`${voice.url.replace('http', 'ws')}/sip`, protocol, { headers: proof ?? {} })
  await expect(new Promise((_resolve, reject) => socket.once('error', reject))).rejects.toThrow(`${status}`)
})

test.each([
  { name: 'no SIP', frame: 'GET / HTTP/1.1\r\n\r\n' },
  { name: 'an empty frame', frame: '' },
  { name: 'half a message', frame: 'REGISTER sip:loopline SIP/2.0\r\nVia: SIP/2.0/WS x' },
  { name: 'headers without end', frame: `REGISTER sip:loopline SIP/2.0\r\n${'X: y\r\n'.repeat(3_000)}\r\n` },
  { name: 'bytes that are no text', frame: Buffer.from([0, 255, 254, 13, 10, 13, 10]) },
])('a frame with $name harms nobody', async ({ frame }) => {
  const page = await pageOf(agentId)
  page.socket.send(frame)
  expect((await page.register()).status).toBe(200)
})

test('a frame above the limit, or too many of them, closes the socket', async () => {
  const [long, fast] = [await pageOf(agentId), await pageOf(agentId)]
  long.socket.send('x'.repeat(40_000))
  expect(await long.closed).toBe(1009)
  for (let count = 0; count < 400; count += 1) fast.socket.send('x')
  expect(await fast.closed).toBe(1008)
})

test('calls to the desk are limited: each costs a handshake', async () => {
  const page = await pageOf(agentId)
  const statuses: number[] = []
  for (let count = 0; count < 8; count += 1) {
    const callId = page.ask({ method: 'INVITE', uri: 'sip:desk@loopline', to: '<sip:desk@loopline>', body: 'v=0\r\n', headers: [`Contact: <${page.contact}>`, 'Content-Type: application/sdp'] })
    statuses.push((await page.response(callId, 'INVITE')).status)
  }
  expect(statuses).toEqual([488, 488, 488, 488, 488, 488, 503, 503])
})

test('voice that stops says BYE with a reason, then closes', async () => {
  const page = await pageOf(agentId)
  const { callId } = await page.callDesk()
  stopped = voice.stop()
  expect(header(await page.request('BYE', callId), 'reason')).toContain('Voice stops')
  expect(await page.closed).toBe(1001)
})
