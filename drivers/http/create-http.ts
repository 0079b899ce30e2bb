import { randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import Fastify, { LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from '@loopline/telemetry/logger'
import { Histogram } from '@loopline/telemetry/metrics'
import type { Registry } from '@loopline/telemetry/metrics'
import { COMMON_ERRORS, failed } from './coded-error.ts'
import type { ErrorRegister } from './coded-error.ts'
import { handleError } from './error-handler.ts'
import { createTokenVerifier } from './identity-token.ts'
import { installOpenApi } from './openapi.ts'
import { bearerToken, installPermissions } from './permission.ts'
import type { Authenticate, Permissions } from './permission.ts'
import { installPressureValve } from './pressure.ts'
import type { PressureLimits } from './pressure.ts'

export interface HttpOptions<Action extends string> {
  /** The service's name, also its label in metrics and OpenAPI. */
  name: string
  errors: ErrorRegister
  /** `{ actions: PERMISSIONS, scopeOf }` of contracts/permissions.ts. */
  permissions: Permissions<Action>
  /** `keyring.signingKey('identity')`. */
  identityKey: KeyObject
  logger: Logger
  registry: Registry
  /** Checks by name for /ready; one that throws or answers false makes the service not ready. */
  ready?: Readonly<Record<string, () => Promise<boolean> | boolean>>
  /** Who the request comes from; without it the gateway's token in `Authorization: Bearer`. */
  authenticate?: Authenticate
  /** Whether `x-request-id` of the caller is kept: true behind the gateway, false at the gateway. */
  trustRequestId?: boolean
  bodyLimitBytes?: number
  /** A request may take this long; routes may set their own `handlerTimeout`. */
  timeoutMs?: number
  pressure?: Partial<PressureLimits>
  /** Speaks https, TLS 1.3 alone, with this certificate; without one plain http. */
  tls?: { cert: Buffer; key: Buffer }
  /** The action that reading /metrics needs; without one it is open, for servers that only this machine reaches. */
  metricsAction?: Action
}

/** A Fastify server whose routes are described with zod. */
export type Http = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>

const REQUEST_ID = /^[\w-]{8,64}$/

/**
 * A server with everything that all services share: permission check, coded errors, OpenAPI 3.1, probes, metrics, limits.
 * Registering a route without `config: { may }` or `config: { public }` throws. Routes with streaming answers set
 * `handlerTimeout` themselves.
 */
export async function createHttp<Action extends string>(options: HttpOptions<Action>): Promise<Http> {
  const app = Fastify({
    ...(options.tls === undefined ? {} : { https: { ...options.tls, minVersion: 'TLSv1.3' as const, handshakeTimeout: 10_000 } }),
    loggerInstance: options.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => requestIdOf(request.headers['x-request-id'], options.trustRequestId ?? true),
    bodyLimit: options.bodyLimitBytes ?? 1_048_576,
    handlerTimeout: options.timeoutMs ?? 15_000,
    requestTimeout: 60_000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(handleError)
  app.setNotFoundHandler((request, reply) => handleError(failed('NOT_FOUND'), request, reply))

  const verify = createTokenVerifier(options.identityKey)
  const byToken: Authenticate = async (request) => {
    const token = bearerToken(request)
    return token === null ? null : verify(token)
  }
  installPressureValve(app as unknown as FastifyInstance, { inFlightMax: 1_000, loopDelayMaxMs: 1_000, ...options.pressure })
  installPermissions(app as unknown as FastifyInstance, options.permissions, options.authenticate ?? byToken)
  installRequestMetrics(app, options.registry)
  await installOpenApi(app as unknown as FastifyInstance, options.name, { ...COMMON_ERRORS, ...options.errors })
  addProbes(app, options)
  return app
}

function requestIdOf(given: string | string[] | undefined, trusted: boolean): string {
  return trusted && typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

function installRequestMetrics(app: Http, registry: Registry): void {
  // A process with two servers keeps one histogram.
  const known = registry.getSingleMetric('loopline_http_request_seconds') as Histogram<'method' | 'route' | 'status'> | undefined
  const durations = known ?? new Histogram({
    name: 'loopline_http_request_seconds', help: 'Duration of requests by route and status.',
    labelNames: ['method', 'route', 'status'], buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 1, 5], registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000)
    // The route, not the address: query strings may hold what somebody searched for.
    request.log.debug({ method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
  })
}

function addProbes<Action extends string>(app: Http, { ready = {}, registry, metricsAction }: HttpOptions<Action>): void {
  const open = { public: 'probes carry no data and the gateway does not pass them on' }
  app.get('/health', { schema: { hide: true }, config: open }, async () => ({ alive: true }))
  app.get('/ready', { schema: { hide: true }, config: open }, async (_request, reply) => {
    const checks = await Promise.all(Object.entries(ready).map(async ([name, check]) => [name, await passes(check)] as const))
    const all = checks.every(([, passed]) => passed)
    return reply.code(all ? 200 : 503).serializer(JSON.stringify).send({ ready: all, checks: Object.fromEntries(checks) })
  })
  app.get('/metrics', { schema: { hide: true }, config: metricsAction === undefined ? open : { may: metricsAction } }, async (_request, reply) =>
    reply.type(registry.contentType).serializer(String).send(await registry.metrics()))
}

async function passes(check: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await check()
  } catch {
    return false
  }
}
