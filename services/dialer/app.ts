import { createHttp } from '@loopline/http/create-http'
import type { Http } from '@loopline/http/create-http'
import type { Registry } from '@loopline/telemetry/metrics'
import { PERMISSIONS, scopeOf } from '@loopline/contracts/permissions'
import type { PhoneNetwork } from './agent/phone-settings.ts'
import { agentRoutes } from './agent/routes.ts'
import { attemptRoutes } from './attempt/routes.ts'
import { audioRoutes } from './audio/routes.ts'
import { callbackRoutes } from './callback/routes.ts'
import { callerIdRoutes } from './caller-id/routes.ts'
import { campaignRoutes } from './campaign/routes.ts'
import { deskPhoneRoutes } from './desk-phone/routes.ts'
import type { Dialer } from './dialer.ts'
import { dncRoutes } from './dnc/routes.ts'
import { ERRORS } from './errors.ts'
import { inboundRoutes } from './inbound/routes.ts'
import { lineRoutes } from './line/routes.ts'
import { qualityRoutes } from './line/quality-routes.ts'
import { messageRoutes } from './message/routes.ts'
import { recordingRoutes } from './recording/routes.ts'
import { statsRoutes } from './stats/routes.ts'
import { talkRoutes } from './talk/routes.ts'
import { transferRoutes } from './transfer/routes.ts'

/** The HTTP side of the dialer, not yet listening. */
export async function createApp(dialer: Dialer, registry: Registry, network: PhoneNetwork & { verifyDays: number }): Promise<Http> {
  const app = await createHttp({
    name: 'dialer', errors: ERRORS, permissions: { actions: PERMISSIONS, scopeOf },
    identityKey: dialer.keys.signingKey('identity'), logger: dialer.log, registry,
    ready: { database: async () => (await dialer.db.sql`select 1`).length === 1, rules: () => dialer.knowledge.rules !== null },
  })
  campaignRoutes(app, dialer)
  attemptRoutes(app, dialer)
  qualityRoutes(app, dialer)
  lineRoutes(app, dialer)
  callerIdRoutes(app, dialer)
  agentRoutes(app, dialer, network)
  deskPhoneRoutes(app, dialer)
  talkRoutes(app, dialer)
  callbackRoutes(app, dialer)
  transferRoutes(app, dialer)
  messageRoutes(app, dialer)
  inboundRoutes(app, dialer)
  recordingRoutes(app, dialer, network)
  audioRoutes(app, dialer)
  dncRoutes(app, dialer)
  statsRoutes(app, dialer)
  return app
}
