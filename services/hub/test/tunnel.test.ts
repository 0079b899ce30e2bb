import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { verifyIdentity } from '@loopline/http/identity-token'
import { Browser, PASSWORD, hubUnderTest } from './hub-under-test.ts'
import type { HubUnderTest } from './hub-under-test.ts'

let under: HubUnderTest
let service: Server
let agentId: string
/** What the service saw of each handshake, and its ends of the sockets. */
const seen: IncomingHttpHeaders[] = []
const ends: WebSocket[] = []
let onUpgrade: ((socket: Duplex) => void) | null = null

beforeAll(async () => {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: true, handleProtocols: () => 'sip' })
  service = createServer()
  service.on('upgrade', (request, socket, head) => {
    seen.push({ ...request.headers, path: request.url ?? '' })
    if (onUpgrade) return onUpgrade(socket)
    sockets.handleUpgrade(request, socket, head, (opened) => {
      ends.push(opened)
      opened.on('message', (data: Buffer) => opened.send(`echo ${data.toString()}`))
    })
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  under = await hubUnderTest({ VOICE_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}` })
  agentId = await under.hub.ensureUser({ username: 'wang', name: '王芳', password: PASSWORD, role: 'agent', teamName: '一组' })
  await under.hub.ensureUser({ username: 'zhou', name: '周敏', password: PASSWORD, role: 'auditor' })
  await under.hub.ensureUser({ username: 'admin', name: '陈静', password: PASSWORD, role: 'admin' })
})
afterAll(async () => {
  await under.close()
  service.close()
  service.closeAllConnections()
})
afterEach(() => {
  onUpgrade = null
  for (const end of ends.splice(0)) end.terminate()
  seen.length = 0
})

interface Opened {
  browser: Browser
  socket: WebSocket
  closed: Promise<number>
}

async function open(username: string | null, { origin = under.hub.url, path = '/api/voice/sip', headers = {} }: { origin?: string; path?: string; headers?: Record<string, string> } = {}): Promise<Opened> {
  const browser = new Browser(under.hub.url)
  if (username !== null) await browser.signIn(username)
  const socket = new WebSocket(under.hub.url.replace('http', 'ws') + path, 'sip', { headers: { cookie: browser.cookie, origin, ...headers } })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise((resolve, reject) => { socket.once('open', resolve); socket.once('error', reject) })
  return { browser, socket, closed }
}

const answerTo = (socket: WebSocket, text: string): Promise<string> => new Promise((resolve) => {
  socket.once('message', (data: Buffer) => resolve(data.toString()))
  socket.send(text)
})

test('a page of ours is passed on with a token that says who it is, and nothing else of the session', async () => {
  const { socket } = await open('wang', { headers: { 'x-forwarded-for': '203.0.113.9' } })
  expect(await answerTo(socket, 'REGISTER')).toBe('echo REGISTER')
  expect(await answerTo(socket, 'x'.repeat(100_000))).toBe(`echo ${'x'.repeat(100_000)}`)
  const headers = seen[0] as IncomingHttpHeaders
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] as string
  expect(await verifyIdentity(under.keys.signingKey('identity'), token)).toMatchObject({ sub: agentId, role: 'agent' })
  expect(headers).toMatchObject({ path: '/sip', 'sec-websocket-protocol': 'sip', 'x-forwarded-for': '127.0.0.1' })
  expect(headers.cookie).toBeUndefined()
  expect(headers['sec-websocket-extensions']).toBeUndefined()
  expect(socket.protocol).toBe('sip')
})

test.each([
  { name: 'nobody', username: null, status: 401 },
  { name: 'a person without a telephone', username: 'zhou', status: 403 },
  { name: 'a page of another origin', username: 'wang', origin: 'https://evil.example', status: 403 },
  { name: 'another path of the service', username: 'wang', path: '/api/voice/metrics', status: 404 },
])('$name is refused with $status, and the service hears nothing', async ({ username, status, ...asked }) => {
  await expect(open(username, asked)).rejects.toThrow(`Unexpected server response: ${status}`)
  expect(seen).toEqual([])
})

test('the tunnel ends with the session', async () => {
  const { browser, socket, closed } = await open('wang')
  await answerTo(socket, 'here')
  const inside = new Promise((resolve) => ends[0]?.on('close', resolve))
  expect((await browser.ask('POST', '/api/auth/sign-out', {})).status).toBe(200)
  expect(await closed).toBe(1006)
  await inside
})

test('either end that closes closes the other', async () => {
  const one = await open('wang')
  await answerTo(one.socket, 'here')
  ends[0]?.close(1001, 'voice stops')
  expect(await one.closed).toBe(1001)
  const two = await open('wang')
  await answerTo(two.socket, 'here')
  const inside = new Promise<number>((resolve) => ends.at(-1)?.on('close', resolve))
  two.socket.close(1000)
  expect(await inside).toBe(1000)
})

test.each([
  { name: 'a refusal of the service', answer: 'HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n', status: 429 },
  { name: 'a service that hangs up', answer: null, status: 503 },
])('$name is passed on as $status', async ({ answer, status }) => {
  onUpgrade = (socket) => void (answer === null ? socket.destroy() : socket.end(answer))
  await expect(open('wang')).rejects.toThrow(`Unexpected server response: ${status}`)
})

test('one person may have eight at once', async () => {
  const opened: Opened[] = []
  for (let count = 0; count < 8; count += 1) opened.push(await open('admin'))
  await expect(open('admin')).rejects.toThrow('503')
  opened[0]?.socket.close()
  await opened[0]?.closed
  await expect.poll(() => open('admin').then(() => 'open', () => 'full')).toBe('open')
})
