/** Carriers that are spoken to by TCP and TLS: real connections, certificates and loss. */
import { mkdtempSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { header, parseMessage, type SipRequest } from '@loopline/sip/message'
import { formatResponse } from '@loopline/sip/serialise'
import { feed, newFraming } from '@loopline/sip/stream-framing'
import { silentLogger } from '@loopline/telemetry/logger'
import { createAuthority, issue } from '@loopline/tls/certificate-authority'
import type { FromVoice } from '@loopline/contracts/voice-link'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, orderTo, type TestDialer } from './dialer-of-test.ts'
import { SDP } from './scripted-carrier.ts'

const LIMIT = { timeout: 60_000 }
const keySet = newKeySet()
const keys = createKeyring(keySet)
const folder = mkdtempSync(join(tmpdir(), 'voice stream '))

let voice: Voice
let dialer: TestDialer
beforeAll(async () => {
  voice = await startVoice(readConfig({ VOICE_DIR: folder, LOG_LEVEL: 'silent' }), { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
})
afterAll(async () => {
  dialer.close()
  await voice.stop()
})

/** Answers everything with 200, an INVITE with voice; counts what came. */
class StreamCarrier {
  readonly heard: SipRequest[] = []
  readonly sockets = new Set<Socket>()
  readonly server: Server
  constructor(tls: { key: string; cert: string } | null) {
    this.server = tls === null ? createServer((socket) => this.#speak(socket)) : createTlsServer(tls, (socket) => this.#speak(socket))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  #speak(socket: Socket): void {
    this.sockets.add(socket)
    const framing = newFraming()
    socket.setEncoding('latin1')
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('data', (chunk: string) => {
      for (const frame of feed(framing, chunk)) {
        const message = frame.kind === 'message' ? parseMessage(frame.text) : null
        if (message?.kind !== 'request') continue
        this.heard.push(message)
        if (message.method === 'ACK') continue
        const isInvite = message.method === 'INVITE'
        socket.write(formatResponse(message, 200, { toTag: 'c', headers: isInvite ? 'Contact: <sip:them@127.0.0.1;transport=tcp>\r\nContent-Type: application/sdp\r\n' : '', body: isInvite ? SDP : '' }), 'latin1')
      }
    })
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
  }
}

type LineNews = Extract<FromVoice, { type: 'line-state' }>
const told = (fits: (news: LineNews) => boolean): Promise<LineNews> => dialer.first((messages) => messages.find((each): each is LineNews => each.type === 'line-state' && fits(each)))

test('a call over TCP: one connection, nothing repeated, and a lost connection is made again', LIMIT, async () => {
  const carrier = new StreamCarrier(null)
  const line = lineTo(await carrier.listen(), { transport: 'tcp' })
  dialer.send({ type: 'lines', lines: [line] })
  await told(({ lineId, state }) => lineId === line.lineId && state === 'up')
  const order = orderTo(line, dialer.epoch, keys, { hangUpAfterMs: 50 })
  dialer.send({ type: 'dial', calls: [order] })
  const { result } = await dialer.event('ended', order.attemptId)
  expect(result).toMatchObject({ retransmissions: 0, evidence: { sipStatus: 200, endedBy: 'us' } })
  expect(carrier.heard.filter(({ method }) => method !== 'OPTIONS').map(({ method }) => method)).toEqual(['INVITE', 'ACK', 'BYE'])
  const invite = carrier.heard.find(({ method }) => method === 'INVITE') as SipRequest
  expect(header(invite, 'via')).toContain('SIP/2.0/TCP')
  expect(header(invite, 'contact')).toContain(';transport=tcp')
  expect(carrier.sockets.size).toBe(1)

  for (const socket of carrier.sockets) socket.destroy()
  // What is sent in the very moment of the loss may go down with the connection; what comes after it does not.
  let status: number | null = null
  for (let tries = 0; status !== 200 && tries < 200; tries += 1) {
    if (tries > 0) await pause(50)
    const again = orderTo(line, dialer.epoch, keys, { hangUpAfterMs: 50 })
    dialer.send({ type: 'dial', calls: [again] })
    const over = await Promise.race([dialer.event('ended', again.attemptId), dialer.event('refused', again.attemptId)])
    if (over.kind === 'ended') status = over.result.evidence.sipStatus
  }
  expect(status).toBe(200)
  carrier.close()
  await told(({ lineId, reason }) => lineId === line.lineId && (reason?.startsWith('connection-failed') ?? false))
})

test('by TLS the certificate must be one that the line believes', LIMIT, async () => {
  const names = { dns: ['localhost'], ip: ['127.0.0.1'] }
  const authority = await createAuthority(names, Date.now())
  const { certificate, key } = await issue(authority, names, Date.now())
  const carrier = new StreamCarrier({ key, cert: certificate })
  const address = await carrier.listen()
  const stranger = lineTo(address, { transport: 'tls' })
  dialer.send({ type: 'lines', lines: [stranger] })
  expect(await told(({ lineId, state }) => lineId === stranger.lineId && state === 'down')).toMatchObject({ reason: expect.stringContaining('connection-failed: ') })
  expect(carrier.heard).toEqual([])

  const trusted = { ...stranger, version: 2, tlsCa: authority.certificate }
  dialer.send({ type: 'lines', lines: [trusted] })
  await told(({ lineId, state }) => lineId === trusted.lineId && state === 'up')
  const order = orderTo(trusted, dialer.epoch, keys, { hangUpAfterMs: 50 })
  dialer.send({ type: 'dial', calls: [order] })
  expect((await dialer.event('ended', order.attemptId)).result.evidence.sipStatus).toBe(200)
  expect(header(carrier.heard.find(({ method }) => method === 'INVITE') as SipRequest, 'via')).toContain('SIP/2.0/TLS')
  carrier.close()
})
