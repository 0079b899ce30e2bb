import { Agent, request as ask } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { failed } from '@loopline/http/coded-error'
import type { Http } from '@loopline/http/create-http'
import type { Deps } from '../deps.ts'
import type { Origins } from './origin.ts'
import { assertOwnPage } from './own-page.ts'

/** RFC 9110 §7.6.1: of one connection only. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te', 'trailer']
/** What only the gateway may say to a service. */
const OURS = ['authorization', 'cookie', 'host', 'forwarded', 'x-request-id', 'expect']

const agent = new Agent({ keepAlive: true, maxSockets: 256 })
/** Imports and exports stream for minutes. */
const STREAM_TIMEOUT_MS = 900_000

/**
 * Passes `/api/<service>/…` on to `<address>/…` with a token that says who asks. Bodies stream both ways. Addresses of
 * services that are for other services (`/internal/…`) or for operators do not exist from here.
 */
export function proxyRoutes(app: Http, deps: Pick<Deps, 'authenticator'>, { services, origins }: { services: ReadonlyMap<string, string>; origins: Origins }): void {
  void app.register(async (scope) => {
    // Bodies are passed on unread.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    for (const [name, address] of services) {
      const prefix = `/api/${name}`
      scope.route({
        method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url: `${prefix}/*`,
        handlerTimeout: STREAM_TIMEOUT_MS,
        schema: { hide: true },
        config: { public: 'the service behind decides by the identity token that the gateway adds; without one it refuses' },
        handler: async (request, reply) => {
          const person = await deps.authenticator.personOf(request)
          if (!person) throw failed('UNAUTHENTICATED')
          assertOwnPage(request, origins, person)
          const target = new URL(address)
          const path = servicePath(request.url, prefix)
          return forward(request, reply, { target, path, token: await deps.authenticator.tokenFor(person) })
        },
      })
    }
  })
}

const NOT_FOR_PEOPLE = new Set(['internal', 'metrics', 'health', 'ready', 'openapi.json'])

/**
 * The service's path of an outside address, query included.
 * @throws CodedError NOT_FOUND for what is not for people, however it is spelt
 */
export function servicePath(url: string, prefix: string): string {
  const { pathname, search } = new URL(url, 'http://gateway')
  if (!pathname.startsWith(`${prefix}/`)) throw failed('NOT_FOUND')
  const path = pathname.slice(prefix.length)
  const segments = path.slice(1).split('/').map(decoded)
  const hidden = NOT_FOR_PEOPLE.has((segments[0] as string).toLowerCase()) || segments.some((segment) => segment.toLowerCase() === 'internal')
  // An encoded separator could mean another path to whoever decodes it; an empty segment could be dropped by him.
  const twisted = segments.some((segment, index) => /[/\\\0]|^\.\.?$/.test(segment) || (segment === '' && index < segments.length - 1))
  if (hidden || twisted) throw failed('NOT_FOUND')
  return path + search
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw failed('NOT_FOUND')
  }
}

interface Forward {
  target: URL
  path: string
  token: string
}

function forward(request: FastifyRequest, reply: FastifyReply, { target, path, token }: Forward): Promise<FastifyReply> {
  const headers: OutgoingHttpHeaders = {
    ...without(request.headers, [...HOP_BY_HOP, ...OURS]), authorization: `Bearer ${token}`, 'x-request-id': request.id, 'x-forwarded-for': request.ip,
  }
  const once = (): Promise<FastifyReply> => new Promise((resolve, reject) => {
    const asked = ask({ agent, host: target.hostname, port: target.port, method: request.method, path, headers })
    asked.on('response', (answer: IncomingMessage) => {
      void reply.code(answer.statusCode ?? 502).headers(without(answer.headers, HOP_BY_HOP))
      resolve(reply.serializer((body: unknown) => body as string).send(answer))
    })
    asked.on('error', () => reject(Object.assign(failed('SERVICE_UNAVAILABLE'), { stale: asked.reusedSocket })))
    reply.raw.on('close', () => asked.destroy())
    if (isBodyless(request.method)) asked.end()
    else request.raw.pipe(asked)
  })
  // A kept connection may have been closed by a service that restarted; a question may be asked again.
  return once().catch((error: { stale?: boolean }) => {
    if (error.stale === true && isBodyless(request.method)) return once()
    throw error
  })
}

const isBodyless = (method: string): boolean => method === 'GET' || method === 'HEAD'

function without(headers: IncomingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders {
  const named = new Set([...names, ...(headers.connection?.toLowerCase().split(/\s*,\s*/) ?? [])])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !named.has(name) && !name.startsWith('x-forwarded-') && !name.startsWith('x-loopline-')))
}
