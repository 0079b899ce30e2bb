import { readFileSync } from 'node:fs'
import type { Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@loopline/clock/clock'
import type { Clock } from '@loopline/clock/clock'
import type { EventLog } from '@loopline/event-log/event-log'
import { installUpgrades } from '@loopline/http/upgrade'
import type { Keyring } from '@loopline/keys/keyring'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import type { Logger } from '@loopline/telemetry/logger'
import { createRegistry } from '@loopline/telemetry/metrics'
import { followCertificate, readCertificate } from '@loopline/tls/certificate-files'
import { namesOf } from '@loopline/tls/certificate-names'
import type { UserId } from '@loopline/vocabulary/ids'
import { createGateway, createInternalApp, permissions, upgradeIdentity } from './app.ts'
import { createAuditWriter } from './audit/audit-writer.ts'
import { startHeadFile } from './audit/head-file.ts'
import { verifyAudit } from './audit/verify-audit.ts'
import type { AuditReport } from './audit/verify-audit.ts'
import type { HubConfig } from './config.ts'
import type { Deps } from './deps.ts'
import { createAuthenticator } from './gateway/authenticator.ts'
import { createOrigins, originsOf, originsOfNames } from './gateway/origin.ts'
import { openPlainDoor } from './gateway/plain-door.ts'
import { createTunnel } from './gateway/tunnel.ts'
import { createLivePush } from './live/live-push.ts'
import { startLogPruner } from './log/prune-log.ts'
import { ensureUser } from './people/create-user.ts'
import type { NewUser } from './people/create-user.ts'
import { seedSettings, setCalleeClock } from './setting/change-setting.ts'
import { newSetupPath } from './setup/setup-link.ts'
import { createSignOn } from './sign-on/auth.ts'
import { startWebhooks } from './webhook/webhook-worker.ts'

/** What the process around gives hub. */
export interface HubSurroundings {
  eventLog: EventLog
  keys: Keyring
  log: Logger
  clock?: Clock
}

export interface Hub {
  /** Where people and other systems come in. */
  readonly url: string
  /** All addresses of our own pages, `url` first. */
  readonly addresses: readonly string[]
  /** Where the other services send audit entries; 127.0.0.1 only. */
  readonly internalUrl: string
  /** A one-time link that makes the first admin, or null when somebody can sign in already. A new one each call. */
  setupUrl(): Promise<string | null>
  /** The person of this user name, made when there is none. For the demo: no password policy applies. */
  ensureUser(user: NewUser): Promise<UserId>
  /** For the demo's start and tests. */
  setCalleeClock(offsetMs: number): Promise<void>
  verifyAudit(): Promise<AuditReport>
  stop(): Promise<void>
}

function authorityOf({ TLS_AUTHORITY }: HubConfig): Buffer | null {
  return TLS_AUTHORITY === '' ? null : readFileSync(TLS_AUTHORITY)
}

/** Starts hub: settings seeded, gateway and internal address listening, push following the log. Stops in reverse. */
export async function startHub(config: HubConfig, { eventLog, keys, log, clock = systemClock }: HubSurroundings): Promise<Hub> {
  const db = openPool({ url: config.DATABASE_URL, name: 'hub', max: config.HUB_DATABASE_CONNECTIONS, log })
  const notifier = createNotifier({ url: config.DATABASE_URL, name: 'hub', log })
  const registry = createRegistry('hub')
  const origins = createOrigins(config.PUBLIC_URL)
  const files = config.TLS_CERT === '' ? null : { cert: config.TLS_CERT, key: config.TLS_KEY }
  const tls = files && readCertificate(files)
  const secure = tls !== null || config.PUBLIC_URL.startsWith('https:')
  const signOn = createSignOn({ databaseUrl: config.DATABASE_URL, keys, log, secure, signInsPerMinute: config.SIGN_INS_PER_MINUTE, origins: origins.list })
  const authenticator = createAuthenticator({ db, signOn, keys, clock })
  const audit = createAuditWriter({ db, clock, log })
  const deps: Deps = { db, keys, clock, log, notifier, audit, signOn, authenticator }
  await seedSettings(deps)

  const live = createLivePush({ eventLog, authenticator, clock, log })
  const internal = await createInternalApp({ deps, registry, live })
  const internalUrl = await internal.listen({ host: '127.0.0.1', port: config.HUB_INTERNAL_PORT })
  const webhooks = startWebhooks({ db, keys, clock, eventLog, log, loopbackAllowed: config.WEBHOOK_TO_LOOPBACK })
  const gateway = await createGateway({ deps, config, origins, registry, tls, authority: () => authorityOf(config), onWebhooksChanged: webhooks.sync })
  const door = tls && openPlainDoor(gateway.server as unknown as TlsServer, { isOwn: (host) => origins.list().includes(`https://${host}`), authority: () => authorityOf(config) })
  const tunnels = config.VOICE_URL === '' ? [] : [createTunnel({ authenticator, log }, { path: '/api/voice/sip', may: 'phone:register', target: new URL('/sip', config.VOICE_URL) })]
  installUpgrades(gateway.server, { permissions, authenticate: upgradeIdentity(deps), assertOrigin: origins.assertOwn, logger: log }, [live.upgrade, ...tunnels.map(({ upgrade }) => upgrade)])
  await gateway.listen({ host: config.HOST, port: config.PORT })
  const { port } = gateway.server.address() as AddressInfo
  const reached = (certificate: Buffer | undefined): string[] => (certificate === undefined ? originsOf(config.HOST, port) : originsOfNames(namesOf(certificate), { host: config.HOST, port }))
  origins.listen(reached(tls?.cert))
  const following = files && followCertificate(files, {
    onChanged(certificate) {
      const server = gateway.server as unknown as TlsServer
      server.setSecureContext({ ...certificate, minVersion: 'TLSv1.3' })
      origins.listen(reached(certificate.cert))
      log.info({ origins: origins.list() }, 'the certificate was replaced')
    },
    onFailed: (error) => log.error({ err: error }, 'the new certificate cannot be used; the old one stays'),
    onEnding: (days) => log.warn({ days, file: config.TLS_CERT }, days === 0 ? 'the certificate of the gateway ends today or has ended' : `the certificate of the gateway ends in ${days} days`),
    now: () => clock.now(),
  })
  const addresses = origins.list()
  const url = addresses[0] as string
  const heads = startHeadFile({ db, key: keys.signingKey('audit-head'), clock, dir: config.AUDIT_DIR, log })
  const pruner = startLogPruner({ eventLog, clock, log, keepDays: config.LOG_KEEP_DAYS })

  return {
    url,
    addresses,
    internalUrl,
    async setupUrl() {
      const path = await newSetupPath(db)
      return path && url + path
    },
    ensureUser: (user) => ensureUser(deps, user),
    setCalleeClock: (offsetMs) => setCalleeClock(deps, offsetMs),
    verifyAudit: () => verifyAudit(db, { key: keys.signingKey('audit-head'), dir: config.AUDIT_DIR }),
    async stop() {
      await pruner.stop()
      await live.stop()
      for (const tunnel of tunnels) tunnel.stop()
      following?.stop()
      door?.close()
      await gateway.close()
      await webhooks.stop()
      await internal.close()
      await audit.stop()
      await heads.stop()
      await signOn.close()
      await notifier.close()
      await db.close()
    },
  }
}
