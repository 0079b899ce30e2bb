import { createSecretKey } from 'node:crypto'
import { createApp as createCrm } from '@loopline/crm/app'
import { createApp as createDialer } from '@loopline/dialer/app'
import { createGateway } from '@loopline/hub/app'
import { readConfig } from '@loopline/hub/config'
import { merged } from '@loopline/hub/gateway/merged-openapi'
import { silentLogger } from '@loopline/telemetry/logger'
import { createRegistry } from '@loopline/telemetry/metrics'

type Document = Parameters<typeof merged>[0]

/** As much of a Fastify server as describing it needs. */
interface Described {
  ready(): PromiseLike<unknown>
  close(): PromiseLike<unknown>
  swagger(): unknown
}

/**
 * The OpenAPI document of everything behind the gateway. Routes are registered and described, none is called: no database,
 * no socket, so that it runs anywhere within a second.
 */
export async function describeServices(): Promise<Document> {
  const hub = await documentOf(await createGateway({
    deps: nothingBut({ authenticator: nothingBut({}) }), config: readConfig({ DATABASE_URL: 'postgres://nowhere', AUDIT_DIR: '/nowhere' }), origins: nothingBut({}), registry: createRegistry('hub'), tls: null, authority: () => null, onWebhooksChanged: () => Promise.resolve(),
  }))
  const crm = await documentOf(await createCrm(nothingBut({ fileBytesMax: 1 }), createRegistry('crm')))
  const dialer = await documentOf(await createDialer(nothingBut({}), createRegistry('dialer'), nothingBut({ verifyDays: 1 })))
  return merged(hub, [['crm', crm], ['dialer', dialer]])
}

/** Stands for the dependencies of an app: what registering routes asks of them is here, anything else is a fault. */
function nothingBut(given: Record<string, unknown>): never {
  const known: Record<string, unknown> = { keys: { signingKey: () => createSecretKey(Buffer.alloc(32)) }, log: silentLogger(), ...given }
  return new Proxy(known, {
    get(target, name) {
      if (typeof name === 'string' && !(name in target)) throw new Error(`describing the services asked for ${name}`)
      return target[name as string]
    },
  }) as never
}

async function documentOf(app: Described): Promise<Document> {
  await app.ready()
  const document = JSON.parse(JSON.stringify(app.swagger())) as Document
  await app.close()
  return document
}
