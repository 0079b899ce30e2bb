import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { PERMISSIONS, scopeOf } from '@loopline/contracts/permissions'
import type { Action } from '@loopline/contracts/permissions'
import { ROLES } from '@loopline/vocabulary/roles'
import { createServiceClient } from '@loopline/http/service-client'
import { verifyIdentity } from '@loopline/http/identity-token'
import { servicePath } from '../gateway/proxy.ts'
import { Browser, PASSWORD, hubUnderTest, serviceBehind } from './hub-under-test.ts'
import type { HubUnderTest } from './hub-under-test.ts'

let under: HubUnderTest
let crm: Awaited<ReturnType<typeof serviceBehind>>
const tokenSeen = (): string => String(seen.at(-1)?.headers.authorization)
let seen: { url: string; headers: IncomingMessage['headers'] }[] = []

const OPENAPI = { openapi: '3.1.0', info: {}, paths: { '/customers': { get: { 'x-may': 'customer:read' } }, '/internal/by-id': { post: {} } }, components: { schemas: { Customer: {} } }, 'x-errors': { CUSTOMER_NOT_FOUND: {} } }

function behind(request: IncomingMessage, response: ServerResponse): void {
  seen.push({ url: request.url as string, headers: request.headers })
  if (request.url === '/openapi.json') return void response.end(JSON.stringify(OPENAPI))
  if (request.url === '/refused') return void response.writeHead(409, { 'content-type': 'application/json' }).end('{"error":{"code":"VERSION_CONFLICT"}}')
  if (request.url === '/echo') return void request.pipe(response)
  response.writeHead(200, { 'content-type': 'application/json', connection: 'keep-alive', 'x-answer': 'yes' }).end('{"items":[]}')
}

beforeAll(async () => {
  crm = await serviceBehind(behind)
  const dist = mkdtempSync(join(tmpdir(), 'loopline-console-'))
  mkdirSync(join(dist, 'assets'))
  writeFileSync(join(dist, 'index.html'), '<!doctype html><title>Loopline</title>')
  writeFileSync(join(dist, 'assets', 'main-abc123.js'), `export const text = '${'x'.repeat(2_000)}'`)
  under = await hubUnderTest({ CRM_URL: crm.url, DIALER_URL: 'http://127.0.0.1:1', CONSOLE_DIR: dist })
  await under.hub.ensureUser({ username: 'admin', name: '管理员', password: PASSWORD, role: 'admin' })
  await under.hub.ensureUser({ username: 'wang', name: '王芳', password: PASSWORD, role: 'agent', teamName: '一组' })
})
afterAll(async () => {
  await under.close()
  await crm.close()
})

async function page(username: string): Promise<Browser> {
  const browser = new Browser(under.hub.url)
  await browser.signIn(username)
  seen = []
  return browser
}

test('a request reaches its service with who asks, and without cookies or what the client claims', async () => {
  const wang = await page('wang')
  const answer = await wang.ask('GET', '/api/crm/customers?limit=5', undefined, { 'x-forwarded-for': '1.2.3.4', 'x-loopline-role': 'admin' })
  expect([answer.status, answer.headers.get('x-answer'), answer.json()]).toEqual([200, 'yes', { items: [] }])
  const [{ url, headers }] = seen as [(typeof seen)[0]]
  expect(url).toBe('/customers?limit=5')
  expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1' })
  expect(headers).not.toHaveProperty('cookie')
  expect(headers).not.toHaveProperty('x-loopline-role')
  const identity = await verifyIdentity(under.keys.signingKey('identity'), (headers.authorization as string).slice(7))
  expect(identity).toMatchObject({ role: 'agent', name: '王芳', teamId: expect.any(String) })
})

test('nobody, other origins and services that are away are refused', async () => {
  seen = []
  expect((await new Browser(under.hub.url).ask('GET', '/api/crm/customers')).status).toBe(401)
  const wang = await page('wang')
  wang.origin = 'https://evil.example'
  expect((await wang.ask('POST', '/api/crm/customers', {})).code).toBe('ORIGIN_REFUSED')
  expect(seen).toEqual([])
  wang.origin = under.hub.url
  expect((await wang.ask('GET', '/api/dialer/campaigns')).code).toBe('SERVICE_UNAVAILABLE')
  expect((await wang.ask('GET', '/api/voice/calls')).status).toBe(404)
  const refused = await wang.ask('GET', '/api/crm/refused')
  expect([refused.status, refused.code]).toEqual([409, 'VERSION_CONFLICT'])
})

test.each([
  '/api/crm/internal/x', '/api/crm/Internal/x', '/api/crm/%69nternal/x', '/api/crm/a/../internal/x', '/api/crm/a/%2e%2e/internal/x', '/api/crm//internal/x',
  '/api/crm/a%2finternal/x', '/api/crm/..%2finternal', '/api/crm/a\\internal', '/api/crm/metrics', '/api/crm/openapi.json', '/api/crm/health', '/api/crm/%', '/api/crm/../crm/internal/a',
])('%s is not reachable from outside', (path) => {
  expect(() => servicePath(path, '/api/crm')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
})

test('ordinary paths pass unchanged', () => {
  expect(servicePath('/api/crm/customers/a-b?x=%2Finternal', '/api/crm')).toBe('/customers/a-b?x=%2Finternal')
})

test('internal addresses of hub itself do not exist at the gateway and need a service token inside', async () => {
  const admin = await page('admin')
  const entries = [{ actorId: 'x', actorName: 'x', action: 'forge', subject: 'x' }]
  expect((await admin.ask('POST', '/internal/audit', { entries })).status).toBe(404)
  const service = createServiceClient({ baseUrl: under.hub.internalUrl, identityKey: under.keys.signingKey('identity'), name: 'crm' })
  const answer = z.object({ recorded: z.number() })
  expect(await service.call('/internal/audit', { method: 'POST', body: { entries }, answer })).toEqual({ recorded: 1 })
  const stranger = await fetch(`${under.hub.internalUrl}/internal/audit`, { method: 'POST', headers: { cookie: admin.cookie, 'content-type': 'application/json' }, body: JSON.stringify({ entries }) })
  expect(stranger.status).toBe(401)
})

test('bodies stream through both ways: each line comes back before the next is sent', async () => {
  const wang = await page('wang')
  const lines = new TransformStream<Uint8Array, Uint8Array>()
  const writer = lines.writable.getWriter()
  const sending = writer.write(Buffer.from('{"line":1}\n'))
  const response = await fetch(`${under.hub.url}/api/crm/echo`, {
    method: 'POST', headers: { cookie: wang.cookie, origin: under.hub.url, 'content-type': 'application/x-ndjson' }, body: lines.readable, duplex: 'half',
  } as RequestInit)
  await sending
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe('{"line":1}\n')
  void writer.write(Buffer.from('{"line":2}\n'))
  expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe('{"line":2}\n')
  void writer.close()
  expect((await reader.read()).done).toBe(true)
})

test('the console is served with strict headers; unknown pages get index.html, unknown files and API paths 404', async () => {
  const browser = new Browser(under.hub.url)
  const index = await browser.ask('GET', '/customers/42')
  expect([index.status, index.text]).toEqual([200, '<!doctype html><title>Loopline</title>'])
  const policy = index.headers.get('content-security-policy') as string
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(index.headers.get('x-content-type-options')).toBe('nosniff')
  const script = await browser.ask('GET', '/assets/main-abc123.js', undefined, { 'accept-encoding': 'gzip' })
  expect([script.status, script.headers.get('cache-control'), script.headers.get('content-encoding')]).toEqual([200, 'public, max-age=31536000, immutable', 'gzip'])
  expect((await browser.ask('GET', '/assets/main-abc123.js', undefined, { 'if-none-match': script.headers.get('etag') as string })).status).toBe(304)
  for (const path of ['/assets/none.js', '/api/none', '/api/hub/none', '/internal/audit', '/../package.json', '/%2e%2e/package.json']) {
    const answer = await browser.ask('GET', path)
    expect([path, answer.status]).toEqual([path, 404])
  }
})

test('one OpenAPI document describes hub and the services that are there', async () => {
  const document = (await new Browser(under.hub.url).ask('GET', '/api/openapi.json')).json<{ openapi: string; paths: Record<string, unknown>; 'x-away': string[]; 'x-errors': object; components: { schemas: object } }>()
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/hub/me', '/api/auth/sign-in/username', '/api/crm/customers']))
  expect(Object.keys(document.paths).filter((path) => path.includes('internal'))).toEqual([])
  expect(document['x-away']).toEqual(['dialer'])
  expect(document['x-errors']).toMatchObject({ CUSTOMER_NOT_FOUND: {}, SIGN_IN_LOCKED: {} })
  expect(document.components.schemas).toHaveProperty(['crm.Customer'])
})

test('every described route declares an action of the table, or why it is open', async () => {
  const { paths } = (await new Browser(under.hub.url).ask('GET', '/api/openapi.json')).json<{ paths: Record<string, Record<string, Record<string, string>>> }>()
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const declared = route['x-may'] !== undefined ? Object.hasOwn(PERMISSIONS, route['x-may']) : Boolean(route['x-public'])
      expect([path, method, declared]).toEqual([path, method, true])
    }
  }
})

test('every role gets exactly what the table grants it (generated: each route × role)', async () => {
  const { paths } = (await new Browser(under.hub.url).ask('GET', '/api/openapi.json')).json<{ paths: Record<string, Record<string, Record<string, string>>> }>()
  for (const role of ROLES) {
    await under.hub.ensureUser({ username: `matrix.${role}`, name: role, password: PASSWORD, role })
    const person = await page(`matrix.${role}`)
    for (const [path, methods] of Object.entries(paths).filter(([path]) => path.startsWith('/api/hub/'))) {
      for (const [method, route] of Object.entries(methods)) {
        const granted = scopeOf(role, route['x-may'] as Action) !== null
        // The body is wrong on purpose: who may gets 400 or 404 for it, nothing is changed.
        const { status } = await person.ask(method.toUpperCase(), path.replace(/\{\w+\}/, '00000000-0000-7000-8000-000000000000'), method === 'get' ? undefined : {})
        expect([role, method, path, status === 403]).toEqual([role, method, path, !granted])
      }
    }
  }
})

test('a key of another system acts as integrator, needs no origin, and ends when revoked', async () => {
  const admin = await page('admin')
  const { id, key } = (await admin.ask('POST', '/api/hub/api-keys', { name: 'ERP' })).json<{ id: string; key: string }>()
  const erp = { authorization: `Bearer ${key}` }
  const machine = new Browser(under.hub.url)
  machine.origin = null
  expect((await machine.ask('POST', '/api/crm/customers', {}, erp)).status).toBe(200)
  const identity = await verifyIdentity(under.keys.signingKey('identity'), tokenSeen().slice(7))
  expect(identity).toMatchObject({ sub: id, role: 'integrator', name: 'ERP' })
  expect((await machine.ask('GET', '/api/hub/users', undefined, erp)).status).toBe(200)
  expect((await machine.ask('GET', '/api/hub/audit', undefined, erp)).status).toBe(403)
  expect((await admin.ask('GET', '/api/hub/api-keys')).text).not.toContain(key)
  expect(JSON.stringify(await under.db.sql`select k::text as row from hub.api_key k`)).not.toContain(key)
  expect((await admin.ask('DELETE', `/api/hub/api-keys/${id}`)).status).toBe(200)
  expect((await machine.ask('GET', '/api/hub/users', undefined, erp)).status).toBe(401)
  expect((await machine.ask('GET', '/api/hub/users', undefined, { authorization: 'Bearer llk_guess' })).status).toBe(401)
  // A token of our own kind is not taken from outside either.
  expect((await admin.ask('GET', '/api/hub/users', undefined, { authorization: tokenSeen() })).status).toBe(401)
})

test('metrics at the gateway need the permission', async () => {
  expect((await new Browser(under.hub.url).ask('GET', '/metrics')).status).toBe(401)
  expect((await (await page('wang')).ask('GET', '/metrics')).status).toBe(403)
  expect((await (await page('admin')).ask('GET', '/metrics')).text).toContain('loopline_event_loop_stall_seconds')
})
