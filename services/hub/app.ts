import type { IncomingMessage } from 'node:http'
import { PERMISSIONS, scopeOf } from '@loopline/contracts/permissions'
import { failed } from '@loopline/http/coded-error'
import { createHttp } from '@loopline/http/create-http'
import type { Http } from '@loopline/http/create-http'
import type { Registry } from '@loopline/telemetry/metrics'
import { internalAuditRoutes } from './audit/internal-routes.ts'
import { internalLiveRoutes } from './live/internal-routes.ts'
import type { LivePush } from './live/live-push.ts'
import { auditRoutes } from './audit/routes.ts'
import type { HubConfig } from './config.ts'
import type { Deps } from './deps.ts'
import { ERRORS } from './errors.ts'
import { consoleRoutes } from './gateway/console-files.ts'
import { openApiRoute } from './gateway/merged-openapi.ts'
import { AUTHORITY_PATH } from './gateway/plain-door.ts'
import { changesState } from './gateway/origin.ts'
import type { Origins } from './gateway/origin.ts'
import { assertOwnPage } from './gateway/own-page.ts'
import { proxyRoutes } from './gateway/proxy.ts'
import { installSecurityHeaders } from './gateway/security-headers.ts'
import { peopleRoutes } from './people/routes.ts'
import { settingRoutes } from './setting/routes.ts'
import { setupRoutes } from './setup/routes.ts'
import { apiKeyRoutes } from './sign-on/api-key-routes.ts'
import { secondFactorRoutes } from './sign-on/second-factor-routes.ts'
import { sessionRoutes } from './sign-on/session-routes.ts'
import { signOnRoutes } from './sign-on/routes.ts'
import { webhookRoutes } from './webhook/routes.ts'

export const permissions = { actions: PERMISSIONS, scopeOf }

interface AppOptions {
  deps: Deps
  config: HubConfig
  origins: Origins
  registry: Registry
  /** Null: plain http. */
  tls: { cert: Buffer; key: Buffer } | null
  /** The authority's certificate for whoever wants to trust us, PEM; null when it is none of ours. */
  authority: () => Buffer | null
  /** Starts and stops webhook deliveries after a change. */
  onWebhooksChanged: () => Promise<void>
}

/** The one address that browsers and other systems see. */
export async function createGateway({ deps, config, origins, registry, tls, authority, onWebhooksChanged }: AppOptions): Promise<Http> {
  const services = servicesOf(config)
  const app = await createHttp({
    name: 'hub', errors: ERRORS, permissions, identityKey: deps.keys.signingKey('identity'), logger: deps.log, registry,
    trustRequestId: false, metricsAction: 'metrics:read', ready: { database: () => answers(deps) },
    authenticate: (request) => deps.authenticator.identityOf(request), ...(tls === null ? {} : { tls }),
  })
  // A name in an office network may have other servers on other ports, whom HSTS would shut out.
  installSecurityHeaders(app, { secure: config.PUBLIC_URL.startsWith('https:') })
  app.addHook('preHandler', async (request) => {
    const proxied = [...services.keys()].some((name) => request.routeOptions.url === `/api/${name}/*`)
    if (changesState(request.method) && !proxied && request.routeOptions.url !== '/setup') assertOwnPage(request, origins, await deps.authenticator.personOf(request))
  })
  signOnRoutes(app, deps)
  secondFactorRoutes(app, deps)
  sessionRoutes(app, deps)
  peopleRoutes(app, deps)
  settingRoutes(app, deps, { calleeClockSettable: config.CALLEE_CLOCK_SETTABLE })
  apiKeyRoutes(app, deps)
  auditRoutes(app, deps, { auditDir: config.AUDIT_DIR })
  webhookRoutes(app, { ...deps, loopbackAllowed: config.WEBHOOK_TO_LOOPBACK, onChanged: onWebhooksChanged })
  setupRoutes(app, deps, origins)
  openApiRoute(app, services)
  authorityRoute(app, authority)
  proxyRoutes(app, deps, { services, origins })
  await consoleRoutes(app, config.CONSOLE_DIR)
  return app
}

function authorityRoute(app: Http, authority: () => Buffer | null): void {
  app.get(AUTHORITY_PATH, { schema: { hide: true }, config: { public: 'a certificate is no secret, and trusting it comes before signing in' } }, async (_request, reply) => {
    const certificate = authority()
    if (certificate === null) throw failed('NOT_FOUND')
    return reply.type('application/x-x509-ca-cert').header('content-disposition', 'attachment; filename="loopline-ca.crt"').serializer(String).send(certificate.toString())
  })
}

/** What the other services ask hub; listens on 127.0.0.1 only. */
export async function createInternalApp({ deps, registry, live }: Pick<AppOptions, 'deps' | 'registry'> & { live: Pick<LivePush, 'sounds'> }): Promise<Http> {
  const app = await createHttp({
    name: 'hub-internal', errors: ERRORS, permissions, identityKey: deps.keys.signingKey('identity'), logger: deps.log, registry,
    ready: { database: () => answers(deps) },
  })
  internalAuditRoutes(app, deps.audit)
  internalLiveRoutes(app, live)
  return app
}

/** Authentication of an upgrade: the same as of a route. */
export const upgradeIdentity = (deps: Deps) => (request: IncomingMessage) => deps.authenticator.identityOf(request)

function servicesOf({ CRM_URL, DIALER_URL }: HubConfig): Map<string, string> {
  return new Map([['crm', CRM_URL], ['dialer', DIALER_URL]].filter((entry): entry is [string, string] => entry[1] !== ''))
}

async function answers({ db }: Deps): Promise<boolean> {
  await db.sql`select 1`
  return true
}
