/** A carrier that knows us by an account: a registrar of digests (RFC 7616) on a real socket, which also answers OPTIONS. */
import { createHash, createHmac } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { challengeLines, checkProof, newDigestServer } from '@loopline/sip/digest-server'
import { parseMessage, type SipRequest } from '@loopline/sip/message'
import { bindingsOf, newRegistrar, register } from '@loopline/sip/registrar'
import { formatResponse } from '@loopline/sip/serialise'
import { silentLogger } from '@loopline/telemetry/logger'
import type { FromVoice, LineConfig } from '@loopline/contracts/voice-link'
import { digestHash } from '../call-table.ts'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, type TestDialer } from './dialer-of-test.ts'

const LIMIT = { timeout: 60_000 }
const [USER, PASSWORD, REALM] = ['trunk', 'secret of the trunk', '127.0.0.1']
const keySet = newKeySet()
const keys = createKeyring(keySet)
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const ha1 = { md5: digestHash('MD5', `${USER}:${REALM}:${PASSWORD}`), sha256: sha256(`${USER}:${REALM}:${PASSWORD}`) }

let voice: Voice
let dialer: TestDialer
let socket: Socket
let address: string
const registrar = newRegistrar()
const digests = newDigestServer({ realm: REALM, hash: digestHash, nonceHash: (text) => createHmac('sha256', 'test').update(text).digest('hex') })
const isBound = (): boolean => bindingsOf(registrar, USER, performance.now()).length > 0

function answerTo(request: SipRequest, now: number): string {
  if (request.method !== 'REGISTER') return formatResponse(request, 200, { toTag: 'c', headers: 'Server: carrier of the test\r\nAllow: INVITE, ACK\r\n' })
  const verdict = checkProof(digests, { request, scope: 'test', ha1Of: (user) => (user === USER ? ha1 : null) }, now)
  if (verdict.kind === 'challenge') return formatResponse(request, 401, { toTag: 'c', headers: challengeLines(digests, { scope: 'test', isStale: verdict.because === 'stale' }, now) })
  const { status, headers } = register(registrar, USER, { request, flow: 'udp' }, now)
  return formatResponse(request, status, { toTag: 'c', headers })
}

beforeAll(async () => {
  socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${socket.address().port}`
  socket.on('message', (datagram, from) => {
    const message = parseMessage(datagram.toString('latin1'))
    if (message.kind === 'request') socket.send(Buffer.from(answerTo(message, performance.now()), 'latin1'), from.port, from.address)
  })
  voice = await startVoice(readConfig({ VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice reg ')), LOG_LEVEL: 'silent' }), { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
})
afterAll(async () => {
  dialer.close()
  await voice.stop()
  socket.close()
})

const lineWith = (password: string, change: Partial<LineConfig> = {}): LineConfig => {
  const line = lineTo(address, { registers: true, authUser: USER, ...change })
  return { ...line, authPasswordSealed: keys.seal(password, line.lineId).toString('base64') }
}
const told = (lineId: string, fits: (news: Extract<FromVoice, { type: 'line-state' }>) => boolean): Promise<Extract<FromVoice, { type: 'line-state' }>> =>
  dialer.first((messages) => messages.find((each): each is Extract<FromVoice, { type: 'line-state' }> => each.type === 'line-state' && each.lineId === lineId && fits(each)))

test('a line registers by its account, says when it cannot, and takes its binding back', LIMIT, async () => {
  const wrong = lineWith('not it')
  dialer.send({ type: 'lines', lines: [wrong] })
  expect(await told(wrong.lineId, ({ reason }) => reason?.startsWith('registration-refused') ?? false)).toMatchObject({ state: 'down', reason: 'registration-refused: 401' })
  expect(isBound()).toBe(false)

  const right = { ...lineWith(PASSWORD), lineId: wrong.lineId, version: 2, authPasswordSealed: keys.seal(PASSWORD, wrong.lineId).toString('base64') }
  dialer.send({ type: 'lines', lines: [right] })
  await told(wrong.lineId, ({ state, reason }) => state === 'up' && reason === null)
  expect(isBound()).toBe(true)

  dialer.send({ type: 'probe-line', lineId: right.lineId, probeId: 'one' })
  const { probe } = await dialer.message('line-probed')
  expect(probe).toMatchObject({ failure: null, status: 200, server: 'carrier of the test', allow: 'INVITE, ACK', asked: `udp ${address}` })

  const gone = new Promise<void>((resolve) => socket.on('message', () => { if (!isBound()) resolve() }))
  dialer.send({ type: 'lines', lines: [] })
  await gone
})

test('a carrier that answers nothing is told as such within the time of a probe', LIMIT, async () => {
  const deaf = createSocket('udp4')
  await new Promise<void>((resolve) => deaf.bind(0, '127.0.0.1', resolve))
  const line = lineTo(`127.0.0.1:${deaf.address().port}`)
  dialer.send({ type: 'lines', lines: [line] })
  await told(line.lineId, () => true)
  dialer.send({ type: 'probe-line', lineId: line.lineId, probeId: 'two' })
  const { probe } = await dialer.first((messages) => messages.find((each): each is Extract<FromVoice, { type: 'line-probed' }> => each.type === 'line-probed' && each.probeId === 'two'))
  expect(probe).toMatchObject({ failure: 'no-answer', status: null })
  deaf.close()
})
