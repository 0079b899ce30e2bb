import { X509Certificate } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { CipherContext } from 'werift'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { header, headerList } from '@loopline/sip/message'
import { silentLogger } from '@loopline/telemetry/logger'
import type { UserId } from '@loopline/vocabulary/ids'
import { readConfig } from '../config.ts'
import { parseAddress } from '../line-socket.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, type TestDialer } from './dialer-of-test.ts'
import { deskPhoneOf, DeskOfTest, openWay, type Wire } from './desk-of-test.ts'
import { MediaOfTest, newAgentId } from './phone-of-test.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
const folder = mkdtempSync(join(tmpdir(), 'voice-'))
const certificate = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
const secret = { user: 'desk-17', password: 'Kq3_generated-and-long' }
let voice: Voice
let media: MediaOfTest
let dialer: TestDialer
let agentId: UserId
const phones: DeskOfTest[] = []

beforeAll(async () => {
  const { certPem, keyPem } = await CipherContext.createSelfSignedCertificateWithKey({ signature: 3, hash: 4 })
  writeFileSync(certificate.cert, certPem)
  writeFileSync(certificate.key, keyPem)
})
beforeEach(async () => {
  media = new MediaOfTest()
  const config = readConfig({
    VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice-')), LOG_LEVEL: 'silent', AGENT_SIP_LISTEN: '127.0.0.1:0',
    AGENT_TLS_LISTEN: '127.0.0.1:0', AGENT_TLS_CERT: certificate.cert, AGENT_TLS_KEY: certificate.key,
  })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger(), mediaOfPhones: media })
  media.ready()
  dialer = await connectDialer(voice.link, keys)
  agentId = newAgentId()
  dialer.send({ type: 'desk-phones', phones: [deskPhoneOf(keys, agentId, secret)] })
  await until(async () => (await gauge('known')) === 1)
})
afterEach(async () => {
  for (const phone of phones.splice(0)) phone.close()
  dialer.close()
  await voice.stop()
})

const until = (is: () => Promise<boolean>): Promise<void> => expect.poll(is).toBe(true) as unknown as Promise<void>

async function gauge(name: string): Promise<number> {
  const text = await (await fetch(`${voice.url}/metrics`)).text()
  return Number(new RegExp(`^loopline_voice_phones_${name}(?:\\{[^}]*\\})? (\\d+)`, 'm').exec(text)?.[1])
}

async function phoneOn(wire: Wire, who = secret): Promise<DeskOfTest> {
  const phone = await DeskOfTest.open(wire, voice.agentSip[wire] as string, who)
  phones.push(phone)
  return phone
}

const states = (): string[] =>
  dialer.messages.flatMap((each) => (each.type === 'agent-leg' && each.agentId === agentId ? [each.reason === null ? `${each.phone} ${each.state}` : `${each.phone} ${each.state}: ${each.reason}`] : []))
const told = (wanted: string[]): Promise<true> => dialer.first(() => (JSON.stringify(states()) === JSON.stringify(wanted) ? true : undefined))

test.each(['udp', 'tcp', 'tls'] as const)('a telephone registers over %s by digest and holds a leg to the desk', async (wire) => {
  const phone = await phoneOn(wire)
  const registered = await phone.register()
  expect(registered.status).toBe(200)
  expect(header(registered, 'contact')).toBe(`<${phone.contact}>;expires=600`)
  const { answer, callId, to } = await phone.callDesk()
  expect(answer).toContain('m=audio 41000 RTP/AVP 0 8 101')
  const { serial, ...opened } = await media.opened()
  expect(opened).toEqual({
    type: 'open-agent', agentId, audio: { codec: 'PCMU', telephoneEvent: 101, ptimeMs: 20, direction: 'sendrecv' },
    leg: { kind: 'desk', endpoint: 0, remote: { host: '127.0.0.1', port: 36_100, rtcpPort: 36_101, sourceHost: '127.0.0.1' }, srtp: null },
  })
  media.say({ type: 'agent-leg', agentId, serial, state: 'up', reason: null })
  phone.raw(phone.text({ method: 'INVITE', uri: 'sip:desk@loopline', to, callId, body: `${phone.sdp.replace('36100', '36200')}a=rtcp-mux\r\na=rtcp-xr:voip-metrics\r\n`, headers: ['Content-Type: application/sdp'] }))
  // One port for both, and how it sounds to us, are taken where they are offered (RFC 5761, 3611).
  const moved = await media.heard.first((items) => items.find((item) => item.type === 'agent-media' && item.remote?.port === 36_200))
  expect(moved).toMatchObject({ remote: { rtcpPort: 36_200 }, audio: { wantedReports: { voipMetrics: true, roundTrip: false } } })
  phone.raw(phone.text({ method: 'BYE', uri: 'sip:desk@loopline', to, callId }))
  await told(['desk registered', 'desk up', 'desk down: hung-up', 'desk registered: hung-up'])
})

test.each(['udp', 'tcp', 'tls'] as const)('a telephone over %s is called when its agent signs on, asked to answer by itself, and hung up on by drop-leg', async (wire) => {
  const phone = await phoneOn(wire)
  await phone.register()
  await told(['desk registered'])
  dialer.send({ type: 'talk', orders: [{ order: 'call-desk', agentId }] })
  const invite = await phone.request('INVITE')
  expect(invite.uri).toBe(phone.contact)
  expect(headerList(invite, 'via')[0]).toMatch(new RegExp(`^SIP/2.0/${wire.toUpperCase()} `))
  expect([header(invite, 'alert-info'), header(invite, 'call-info')]).toEqual(['<http://loopline>;info=alert-autoanswer', '<sip:desk@loopline>;answer-after=0'])
  phone.reply(invite, '200 OK', phone.sdp)
  const { serial } = await media.opened()
  await phone.request('ACK')
  media.say({ type: 'agent-leg', agentId, serial, state: 'up', reason: null })
  await told(['desk registered', 'desk up'])
  dialer.send({ type: 'talk', orders: [{ order: 'call-desk', agentId }, { order: 'hold', attemptId: 'none' as never, on: true }, { order: 'drop-leg', agentId, reason: 'signed off' }] })
  expect(header(await phone.request('BYE'), 'reason')).toBe('SIP;cause=480;text="signed off"')
  await media.heard.first((items) => items.find((item) => item.type === 'talk' && item.orders.length === 1))
  expect(phone.inbox.items.filter((item) => item.kind === 'request' && item.method === 'INVITE')).toHaveLength(1)
})

test.each([
  { name: 'refuses', status: '486 Busy Here', reason: 'desk down: refused: 486' },
  { name: 'takes it without audio', status: '200 OK', reason: 'desk down: no-audio-agreed' },
])('a telephone that $name is no leg, and the endpoint comes back', async ({ status, reason }) => {
  const phone = await phoneOn('tcp')
  await phone.register()
  dialer.send({ type: 'talk', orders: [{ order: 'call-desk', agentId }] })
  phone.reply(await phone.request('INVITE'), status, status.startsWith('200') ? phone.sdp.replace('RTP/AVP 0 8', 'RTP/AVP 9') : '')
  await told(['desk registered', reason, reason.replace('down', 'registered')])
  expect((await phone.callDesk()).answer).toContain('m=audio 41000 ')
})

test('an agent whose telephone is not there is told so', async () => {
  dialer.send({ type: 'talk', orders: [{ order: 'call-desk', agentId }] })
  await told(['desk down: not-registered'])
})

test('a call from a customer-facing number is nowhere in what a telephone is told', async () => {
  const phone = await phoneOn('udp')
  await phone.register()
  await phone.callDesk()
  dialer.send({ type: 'talk', orders: [{ order: 'drop-leg', agentId, reason: 'call +8613900001234 ended' }] })
  await phone.request('BYE')
  expect(phone.heard.items.slice(0, -1).join('')).not.toMatch(/\+?86139/)
})

test.each([
  { name: 'a wrong password', who: { ...secret, password: 'guess' } },
  { name: 'a user that nobody knows', who: { user: 'desk-99', password: 'guess' } },
])('$name is challenged again, with nothing to tell the two apart (threat 1)', async ({ who }) => {
  const phone = await phoneOn('udp', who)
  const answer = await phone.register()
  expect(answer.status).toBe(401)
  const names = [...new Set(answer.names)]
  expect(names).toEqual(['via', 'from', 'to', 'call-id', 'cseq', 'www-authenticate', 'content-length'])
  expect(headerList(answer, 'www-authenticate').join()).not.toContain('stale')
  expect(states()).toEqual([])
})

test.each([
  { name: 'From', asked: { from: '<sip:desk-18@loopline>' } },
  { name: 'To', asked: { to: '<sip:desk-18@loopline>' } },
])('who proves himself and names another in $name is refused with 403 (threat 3)', async ({ asked }) => {
  const phone = await phoneOn('tcp')
  expect((await phone.ask('REGISTER', asked)).status).toBe(403)
  expect(states()).toEqual([])
})

test('a registered telephone calls the desk and nothing else (threat 2)', async () => {
  const phone = await phoneOn('udp')
  await phone.register()
  const call = (uri: string): Promise<number> => phone.ask('INVITE', { uri, to: `<${uri}>`, body: phone.sdp, headers: ['Content-Type: application/sdp'] }).then(({ status }) => status)
  expect(await call('sip:0085212345678@loopline')).toBe(403)
  expect(await call('sip:desk-18@loopline')).toBe(403)
  expect((await phone.ask('MESSAGE')).status).toBe(405)
  expect((await phone.ask('SUBSCRIBE')).status).toBe(405)
  expect((await phone.ask('REFER')).status).toBe(405)
  expect((await phone.ask('OPTIONS')).status).toBe(200)
  expect(media.heard.items).toEqual([])
})

test('strangers over UDP hear nothing, whatever they say; only a REGISTER is asked for a proof', async () => {
  const stranger = await phoneOn('udp', { user: '100', password: '' })
  const before = await gauge('strangers')
  for (const method of ['OPTIONS', 'INVITE', 'SUBSCRIBE', 'MESSAGE', 'BYE', 'ACK', 'NOTIFY']) stranger.raw(stranger.text({ method, callId: method, body: method === 'INVITE' ? stranger.sdp : '' }))
  stranger.raw('INVITE sip:desk@loopline SIP/2.0\r\n\r\n')
  stranger.raw('\0\x01\0\0STUN')
  stranger.raw(stranger.text({ method: 'REGISTER', callId: 'last' }))
  expect((await stranger.response('last')).status).toBe(401)
  expect(stranger.heard.items).toHaveLength(1)
  expect(await gauge('strangers')).toBe(before + 8)
})

test('where no desk telephone is known not even a REGISTER is answered', async () => {
  const phone = await phoneOn('udp')
  await phone.register()
  dialer.send({ type: 'desk-phones', phones: [] })
  await told(['desk registered', 'desk down: not-registered-any-more'])
  const stranger = await phoneOn('udp')
  const before = await gauge('strangers')
  stranger.raw(stranger.text({ method: 'REGISTER', callId: 'none' }))
  await until(async () => (await gauge('strangers')) === before + 1)
  expect(stranger.heard.items).toEqual([])
})

test('who guesses is not listened to after ten failures; the telephone that registered from there works on (threat 1)', async () => {
  const phone = await phoneOn('udp')
  await phone.register()
  const guesser = await phoneOn('udp', { ...secret, password: 'guess' })
  for (let guess = 0; guess < 10; guess += 1) expect((await guesser.register()).status).toBe(401)
  const before = await gauge('strangers')
  guesser.raw(guesser.text({ method: 'REGISTER', callId: 'eleventh' }))
  await until(async () => (await gauge('strangers')) === before + 1)
  expect(guesser.inbox.items.some((item) => item.callId === 'eleventh')).toBe(false)
  expect((await phone.register()).status).toBe(200)
  expect((await phone.callDesk()).answer).toContain('m=audio')
})

test('a REGISTER that comes twice over UDP is obeyed once and answered twice; its proof serves nobody else', async () => {
  const phone = await phoneOn('udp')
  phone.raw(phone.text({ method: 'REGISTER', callId: 'r' }))
  const proof = phone.proofFor(await phone.response('r', 401), 'REGISTER', 'sip:loopline')
  const text = phone.text({ method: 'REGISTER', callId: 'r', headers: [`Authorization: ${proof}`, 'Expires: 300'] })
  phone.raw(text)
  phone.raw(text)
  const answers = await phone.heard.first((items) => { const ok = items.filter((item) => item.startsWith('SIP/2.0 200')); return ok.length === 2 ? ok : undefined })
  expect(answers[0]).toBe(answers[1])
  const thief = await phoneOn('udp')
  thief.raw(thief.text({ method: 'REGISTER', callId: 'replayed', headers: [`Authorization: ${proof}`] }))
  expect(headerList(await thief.response('replayed'), 'www-authenticate').join()).toContain('stale=true')
})

test('messages over TCP may come in pieces and together, with pings between', async () => {
  const phone = await phoneOn('tcp')
  const one = phone.text({ method: 'REGISTER', callId: 'one' })
  const two = phone.text({ method: 'REGISTER', callId: 'two' })
  for (const part of [one.slice(0, 10), one.slice(10, 200), `${one.slice(200)}\r\n\r\n${two.slice(0, 50)}`, two.slice(50)]) phone.raw(part)
  expect((await phone.response('one')).status).toBe(401)
  expect((await phone.response('two')).status).toBe(401)
})

test.each([
  { name: 'no length', text: 'REGISTER sip:loopline SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\n\r\n' },
  { name: 'an endless header', text: `REGISTER sip:loopline SIP/2.0\r\nX: ${'y'.repeat(20_000)}` },
  { name: 'a giant body', text: 'REGISTER sip:loopline SIP/2.0\r\nContent-Length: 40000\r\n\r\n' },
  { name: 'HTTP', text: 'GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n' },
  { name: 'an INVITE of a stranger', text: 'INVITE sip:desk@loopline SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:desk@loopline>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n' },
])('a connection that sends $name is closed', async ({ text }) => {
  const phone = await phoneOn('tcp')
  phone.raw(text)
  await phone.closed
  expect(phone.heard.items).toEqual([])
})

test('silent connections of one source are bounded and do not keep a telephone out (threat 8)', async () => {
  const closed: Promise<void>[] = []
  const ways = await Promise.all(Array.from({ length: 110 }, async () => {
    let onClosed: () => void = () => undefined
    closed.push(new Promise<void>((resolve) => { onClosed = resolve }))
    return openWay('tcp', voice.agentSip.tcp as string, () => undefined, () => onClosed())
  }))
  await until(async () => (await gauge('connections')) === 100)
  const udp = await phoneOn('udp')
  expect((await udp.register()).status).toBe(200)
  for (const way of ways) way.close()
  await Promise.all(closed)
  await until(async () => (await gauge('connections')) === 0)
  expect((await (await phoneOn('tcp')).register()).status).toBe(200)
})

test('what a connection registered goes with it', async () => {
  const phone = await phoneOn('tcp')
  await phone.register()
  await told(['desk registered'])
  phone.close()
  await told(['desk registered', 'desk down: socket-closed'])
})

/** What a telephone that connects now is shown. */
async function shown(): Promise<string> {
  const { host, port } = parseAddress(voice.agentSip.tls as string)
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host, port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '')
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

test('f29: a certificate that is replaced is shown to whoever connects next; a telephone that is there stays, and half a replacement is none', async () => {
  const phone = await phoneOn('tls')
  expect((await phone.register()).status).toBe(200)
  const before = await shown()
  const { certPem, keyPem } = await CipherContext.createSelfSignedCertificateWithKey({ signature: 3, hash: 4 })
  const { fingerprint256 } = new X509Certificate(certPem)
  writeFileSync(certificate.cert, certPem)
  expect(await shown(), 'a certificate without its key').toBe(before)
  writeFileSync(certificate.key, keyPem)
  await expect.poll(shown, { timeout: 50_000 }).toBe(fingerprint256)
  expect((await phone.register()).status).toBe(200)
})
