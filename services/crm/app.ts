import { createHttp } from '@loopline/http/create-http'
import type { Http } from '@loopline/http/create-http'
import type { Registry } from '@loopline/telemetry/metrics'
import { PERMISSIONS, scopeOf } from '@loopline/contracts/permissions'
import { audienceRoutes } from './audience/routes.ts'
import { customerRoutes } from './customer/routes.ts'
import { ERRORS } from './errors.ts'
import type { ImportDeps } from './import/import-deps.ts'
import { importRoutes } from './import/routes.ts'
import { ruleRoutes } from './rule/routes.ts'
import { timelineRoutes } from './timeline/routes.ts'

/** The HTTP side of crm, not yet listening. */
export async function createApp(deps: ImportDeps, registry: Registry): Promise<Http> {
  const app = await createHttp({
    name: 'crm',
    errors: ERRORS,
    permissions: { actions: PERMISSIONS, scopeOf },
    identityKey: deps.keys.signingKey('identity'),
    logger: deps.log,
    registry,
    ready: { database: async () => (await deps.db.sql`select 1`).length === 1 },
  })
  customerRoutes(app, deps)
  timelineRoutes(app, deps)
  audienceRoutes(app, deps)
  ruleRoutes(app, deps)
  await importRoutes(app, deps)
  return app
}
