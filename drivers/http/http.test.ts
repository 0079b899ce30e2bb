import { createSecretKey, randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createLogger } from '@loopline/telemetry/logger'
import { Registry } from '@loopline/telemetry/metrics'
import { createHttp } from './create-http.ts'
import type { Http, HttpOptions } from './create-http.ts'
import { errorsOf, failed } from './coded-error.ts'
import { serviceToken, signIdentity } from './identity-token.ts'
import type { Identity } from './identity-token.ts'
import type { Scope } from './permission.ts'
import { createServiceClient } from './service-client.ts'

const identityKey = createSecretKey(randomBytes(32))
const ERRORS = { TEA_COLD: { status: 409, retry: 'after-change' } } as const
const teaError = errorsOf(ERRORS)
const PERMISSIONS = { 'tea:drink': { agent: 'own', admin: 'all', service: 'all' } } as const satisfies Record<string, Record<string, Scope>>
const permissions = {
  actions: PERMISSIONS,
  scopeOf: (role: string, action: keyof typeof PERMISSIONS) => (PERMISSIONS[action] as Record<string, Scope>)[role] ?? null,
}
const agent: Identity = { sub: '019a2b3c-0000-7000-8000-000000000001', role: 'agent', name: '王芳', teamId: null }

const open: Http[] = []
let log: string[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()))
  log = []
})

async function server(more: Partial<HttpOptions<keyof typeof PERMISSIONS>> = {}): Promise<Http> {
  const logger = createLogger({ name: 'tea', level: 'debug', destination: { write: (line: string) => { log.push(line) } } })
  const app = await createHttp({ name: 'tea', errors: ERRORS, permissions, identityKey, logger, registry: new Registry(), ...more })
  open.push(app)
  app.post('/tea/:id', {
    config: { may: 'tea:drink' },
    schema: { params: z.object({ id: z.string() }), body: z.strictObject({ sugar: z.number().max(3) }), response: { 200: z.object({ who: z.string(), scope: z.string() }) } },
  }, async (request) => ({ who: request.identity.name, scope: request.scope }))
  app.get('/fails/:how', { config: { public: 'test' } }, async (request) => {
    const { how } = request.params as { how: string }
    if (how === 'coded') throw teaError('TEA_COLD', { current: { version: 7 } })
    if (how === 'database') throw Object.assign(new Error('gone'), { code: 'DATABASE_UNAVAILABLE' })
    if (how === 'identity') return request.identity
    throw new Error('secret plan for +8613900001234')
  })
  app.get('/lines', { config: { may: 'tea:drink' } }, async (_request, reply) => reply.type('application/x-ndjson').serializer(String).send('{"a":1}\n{"a":2}\n'))
  return app
}

const bearer = async (identity: Identity, key = identityKey): Promise<{ authorization: string }> => ({ authorization: `Bearer ${await signIdentity(key, identity)}` })

test('a route without a declared permission cannot be registered', async () => {
  const app = await server()
  const nothing = async (): Promise<object> => ({})
  expect(() => app.get('/open', nothing)).toThrow('GET /open declares no permission')
  expect(() => app.get('/typo', { config: { may: 'tea:drnk' } }, nothing)).toThrow('unknown action tea:drnk')
  expect(() => app.get('/why', { config: { public: '' } }, nothing)).toThrow('declares no permission')
  expect(() => app.get('/both', { config: { may: 'tea:drink', public: 'x' } }, nothing)).toThrow('both')
})

test('the permission table decides before the body is read', async () => {
  const app = await server()
  const ask = async (headers: Record<string, string>) => app.inject({ method: 'POST', url: '/tea/1', headers, payload: { sugar: 'much' } })
  expect((await ask({})).json().error).toMatchObject({ code: 'UNAUTHENTICATED', retry: 'after-change' })
  expect((await ask(await bearer(agent, createSecretKey(randomBytes(32))))).statusCode).toBe(401)
  expect((await ask({ authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4Iiwicm9sZSI6ImFkbWluIiwiYXVkIjoibG9vcGxpbmUiLCJleHAiOjk5OTk5OTk5OTl9.' })).statusCode).toBe(401)
  expect((await ask(await bearer({ ...agent, role: 'auditor' }))).json().error).toMatchObject({ code: 'FORBIDDEN', details: { action: 'tea:drink' } })
  const good = await app.inject({ method: 'POST', url: '/tea/1', headers: await bearer(agent), payload: { sugar: 2 } })
  expect(good.json()).toEqual({ who: '王芳', scope: 'own' })
})

test('a body of another form answers 400 with the paths', async () => {
  const app = await server()
  const answer = await app.inject({ method: 'POST', url: '/tea/1', headers: await bearer(agent), payload: { sugar: 9 } })
  expect(answer.statusCode).toBe(400)
  expect(answer.json().error).toMatchObject({ code: 'INVALID_REQUEST', details: { issues: [{ path: '/sugar' }] } })
  const broken = await app.inject({ method: 'POST', url: '/tea/1', headers: { ...(await bearer(agent)), 'content-type': 'application/json' }, payload: '{' })
  expect(broken.json().error.code).toBe('INVALID_REQUEST')
  const large = await app.inject({ method: 'POST', url: '/tea/1', headers: await bearer(agent), payload: { sugar: 'x'.repeat(1_100_000) } })
  expect([large.statusCode, large.json().error.code]).toEqual([413, 'BODY_TOO_LARGE'])
})

test.each([
  { how: 'coded', status: 409, code: 'TEA_COLD' },
  { how: 'database', status: 503, code: 'DATABASE_UNAVAILABLE' },
  { how: 'identity', status: 500, code: 'INTERNAL' },
  { how: 'bug', status: 500, code: 'INTERNAL' },
])('a failure ($how) answers $status $code and tells nothing of our insides', async ({ how, status, code }) => {
  const app = await server()
  const answer = await app.inject({ url: `/fails/${how}`, headers: { 'x-request-id': 'request-0001' } })
  expect(answer.statusCode).toBe(status)
  expect(answer.json().error).toMatchObject({ code, requestId: 'request-0001' })
  expect(answer.body).not.toContain('secret plan')
  if (status === 503) expect(answer.headers['retry-after']).toBe('1')
  if (how === 'coded') expect(answer.json().error.details).toEqual({ current: { version: 7 } })
  if (how === 'bug') expect(log.join('')).toContain('secret plan for [phone]')
  expect(log.join('')).not.toContain('13900001234')
})

test('probes, metrics and OpenAPI 3.1 with permissions and errors are there', async () => {
  const app = await server({ ready: { database: () => true, log: () => { throw new Error('down') } } })
  expect((await app.inject('/health')).json()).toEqual({ alive: true })
  const ready = await app.inject('/ready')
  expect([ready.statusCode, ready.json()]).toEqual([503, { ready: false, checks: { database: true, log: false } }])
  await app.inject('/nowhere?phone=13900001234')
  expect((await app.inject('/metrics')).body).toContain('loopline_http_request_seconds')
  const document = (await app.inject('/openapi.json')).json()
  expect(document.openapi).toBe('3.1.0')
  expect(document['x-errors']).toHaveProperty('TEA_COLD')
  expect(document.paths['/tea/{id}'].post).toMatchObject({ 'x-may': 'tea:drink', responses: { 200: {}, default: {} } })
})

test('too many requests at once are refused, probes are not', async () => {
  const app = await server({ pressure: { inFlightMax: 0 } })
  const refused = await app.inject('/fails/coded')
  expect([refused.statusCode, refused.json().error.code, refused.headers['retry-after']]).toEqual([503, 'OVERLOADED', '1'])
  expect((await app.inject('/health')).statusCode).toBe(200)
})

test('one service calls another with its own token and gets its errors back', async () => {
  const app = await server()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const client = createServiceClient({ baseUrl: `http://127.0.0.1:${port}`, identityKey, name: 'crm' })
  const answer = z.object({ who: z.string(), scope: z.string() })
  expect(await client.call('/tea/1', { method: 'POST', body: { sugar: 1 }, answer })).toEqual({ who: 'crm', scope: 'all' })
  await expect(client.call('/fails/coded')).rejects.toMatchObject({ code: 'TEA_COLD', details: { current: { version: 7 } } })
  const lines = []
  for await (const line of client.lines('/lines')) lines.push(line)
  expect(lines).toEqual([{ a: 1 }, { a: 2 }])
  const nobody = createServiceClient({ baseUrl: 'http://127.0.0.1:1', identityKey, name: 'crm' })
  await expect(nobody.call('/tea/1')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', details: { path: '/tea/1' } })
})

test('a service token names the service', async () => {
  const app = await server()
  const answer = await app.inject({ method: 'POST', url: '/tea/1', headers: { authorization: `Bearer ${await serviceToken(identityKey, 'dialer')}` }, payload: { sugar: 0 } })
  expect(answer.json()).toEqual({ who: 'dialer', scope: 'all' })
})

test('an unknown common code does not compile and known ones carry their status', () => {
  expect(failed('FORBIDDEN').status).toBe(403)
})
