import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import { connect as connectPlain, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, getCACertificates, setDefaultCACertificates } from 'node:tls'
import { WebSocket, WebSocketServer } from 'ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority, issue, type KeyPair } from '@loopline/tls/certificate-authority'
import { readConfig } from '../config.ts'
import { Browser, PASSWORD, hubUnderTest, type HubUnderTest } from './hub-under-test.ts'

const NAMES = { dns: ['localhost', 'desk.local'], ip: ['127.0.0.1', '192.168.1.5'] }
const folder = mkdtempSync(join(tmpdir(), 'loopline-hub-tls-'))
const files = { server: join(folder, 'server.pem'), authority: join(folder, 'ca.crt') }
const trusted = getCACertificates('default')
let authority: KeyPair
let under: HubUnderTest
let port: number
const voice = createServer()

/** Key and certificate in one file, replaced in one step. */
async function install(names = NAMES): Promise<string> {
  const made = await issue(authority, names, Date.now())
  writeFileSync(`${files.server}.next`, made.key + made.certificate)
  renameSync(`${files.server}.next`, files.server)
  return made.certificate
}

beforeAll(async () => {
  authority = await createAuthority(NAMES, Date.now())
  writeFileSync(files.authority, authority.certificate)
  await install()
  setDefaultCACertificates([...trusted, authority.certificate])
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'sip' })
  voice.on('upgrade', (asked, socket, head) => sockets.handleUpgrade(asked, socket, head, (opened) => opened.on('message', (data: Buffer) => opened.send(`echo ${data.toString()}`))))
  await new Promise<void>((resolve) => voice.listen(0, '127.0.0.1', resolve))
  under = await hubUnderTest({ TLS_CERT: files.server, TLS_KEY: files.server, TLS_AUTHORITY: files.authority, VOICE_URL: `http://127.0.0.1:${(voice.address() as AddressInfo).port}` })
  port = Number(new URL(under.hub.url).port)
  await under.hub.ensureUser({ username: 'wang', name: '王芳', password: PASSWORD, role: 'agent', teamName: '一组' })
})
afterAll(async () => {
  await under.close()
  setDefaultCACertificates(trusted)
  voice.closeAllConnections()
  voice.close()
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string): string => `https://${name}:${port}`

/** By plain http, without following anything. */
async function plain(path: string, { method = 'GET', host = `127.0.0.1:${port}`, headers = {} }: { method?: string; host?: string; headers?: Record<string, string> } = {}): Promise<{ status: number; location: string | undefined; text: string }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers }, agent: false }, resolve).on('error', reject).end())
  const text = (await answer.setEncoding('utf8').toArray()).join('')
  return { status: answer.statusCode ?? 0, location: answer.headers.location, text }
}

test('pages of the names in the certificate are its own, others are not', async () => {
  expect(under.hub.addresses).toEqual([at('127.0.0.1'), at('localhost'), at('192.168.1.5'), at('desk.local')])
  for (const origin of under.hub.addresses) {
    const browser = new Browser(at('localhost'))
    browser.origin = origin
    expect([origin, (await browser.signIn('wang')).status]).toEqual([origin, 200])
  }
  for (const origin of [`http://127.0.0.1:${port}`, 'https://desk.local', at('evil.example')]) {
    const browser = new Browser(at('localhost'))
    browser.origin = origin
    expect([origin, (await browser.signIn('wang')).code]).toEqual([origin, 'ORIGIN_REFUSED'])
  }
})

test('cookies are for https alone, and no other server of the name is shut out', async () => {
  const answer = await new Browser(at('localhost')).signIn('wang')
  const cookies = answer.headers.getSetCookie()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) expect(cookie).toMatch(/^__Secure-.*; HttpOnly; Secure; SameSite=Lax/i)
  expect(answer.headers.get('strict-transport-security')).toBeNull()
})

test('a telephone of a page comes by wss from our pages, and from no other', async () => {
  const browser = new Browser(at('localhost'))
  await browser.signIn('wang')
  const dial = (origin: string): Promise<string> => new Promise((resolve) => {
    const socket = new WebSocket(`wss://localhost:${port}/api/voice/sip`, 'sip', { headers: { cookie: browser.cookie, origin } })
    socket.on('open', () => socket.send('hello'))
    socket.on('message', (data: Buffer) => { resolve(data.toString()); socket.close() })
    socket.on('error', (error) => resolve(error.message))
  })
  expect(await dial(at('192.168.1.5'))).toBe('echo hello')
  expect(await dial(`http://localhost:${port}`)).toContain('403')
  expect(await dial(at('evil.example'))).toContain('403')
})

test('TLS 1.3 and nothing older', async () => {
  const shake = (maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<string> => new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', maxVersion }, () => { resolve(String(socket.getProtocol())); socket.destroy() })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
  })
  expect(await shake('TLSv1.3')).toBe('TLSv1.3')
  expect(await shake('TLSv1.2')).toMatch(/PROTOCOL_VERSION/)
})

test('whoever comes without TLS is sent to the same address with it, and nowhere else; nothing is taken in clear', async () => {
  expect(await plain('/customers?q=a')).toMatchObject({ status: 308, location: `https://127.0.0.1:${port}/customers?q=a` })
  expect(await plain('/', { host: `desk.local:${port}` })).toMatchObject({ status: 308, location: at('desk.local') + '/' })
  expect(await plain('/', { host: 'evil.example' })).toMatchObject({ status: 400, location: undefined })
  expect(await plain('//evil.example/')).toMatchObject({ status: 308, location: `https://127.0.0.1:${port}//evil.example/` })
  expect(await plain('http://evil.example/')).toMatchObject({ status: 308, location: `https://127.0.0.1:${port}/` })
  expect(await plain('/api/auth/sign-in/username', { method: 'POST' })).toMatchObject({ status: 403 })
  expect(await plain('/api/live', { headers: { connection: 'Upgrade', upgrade: 'websocket' } })).toMatchObject({ status: 308 })
})

test("the authority's certificate is to be had before and after trusting it", async () => {
  expect(await plain('/ca.crt')).toMatchObject({ status: 200, text: authority.certificate })
  const answer = await new Browser(at('localhost')).ask('GET', '/ca.crt')
  expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([200, 'application/x-x509-ca-cert', authority.certificate])
})

test('noise instead of TLS or HTTP harms nobody', async () => {
  const closed = await Promise.all([Buffer.from([0x16, 3, 1, 0, 2, 0xff, 0xff]), Buffer.from([0, 1, 2, 3]), Buffer.from('REGISTER sip:x SIP/2.0\r\n\r\n'), Buffer.alloc(0)].map((noise) => new Promise<boolean>((resolve) => {
    const socket = connectPlain(port, '127.0.0.1', () => socket.end(noise))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(true))
    socket.resume()
  })))
  expect(closed).toEqual([true, true, true, true])
  expect((await new Browser(at('localhost')).signIn('wang')).status).toBe(200)
})

test('a new certificate is shown to whoever comes next; who is connected stays, and its new names are ours', async () => {
  const browser = new Browser(at('localhost'))
  await browser.signIn('wang')
  const standing = new WebSocket(`wss://localhost:${port}/api/voice/sip`, 'sip', { headers: { cookie: browser.cookie, origin: at('localhost') } })
  await new Promise((resolve, reject) => { standing.once('open', resolve); standing.once('error', reject) })
  const certificate = await install({ dns: ['localhost'], ip: ['127.0.0.1', '10.0.0.7'] })
  const shown = (): Promise<string> => new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost' }, () => { resolve(socket.getPeerX509Certificate()?.toString() ?? ''); socket.destroy() })
    socket.on('error', reject)
  })
  await expect.poll(shown, { timeout: 40_000 }).toBe(certificate)
  browser.origin = at('10.0.0.7')
  expect((await browser.signIn('wang')).status).toBe(200)
  browser.origin = at('192.168.1.5')
  expect((await browser.signIn('wang')).code).toBe('ORIGIN_REFUSED')
  const echoed = new Promise((resolve) => standing.once('message', (data: Buffer) => resolve(data.toString())))
  standing.send('still here')
  expect(await echoed).toBe('echo still here')
  standing.close()
  writeFileSync(files.server, 'broken')
  await expect.poll(() => under.log(), { timeout: 40_000 }).toContain('the new certificate cannot be used')
  expect(await shown()).toBe(certificate)
})

test('a certificate without its key is no setting', () => {
  expect(() => readConfig({ DATABASE_URL: 'postgres://nowhere', AUDIT_DIR: '/nowhere', TLS_CERT: files.server })).toThrow(/TLS_CERT and TLS_KEY/)
  expect(readFileSync(files.authority, 'utf8')).not.toContain('PRIVATE')
})
