import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from '@loopline/telemetry/logger'
import { CodedError, failed } from './coded-error.ts'
import type { Identity } from './identity-token.ts'
import { assertDeclared, scopeFor } from './permission.ts'
import type { Permissions, RoutePermission, Scope } from './permission.ts'

/** One address whose connections leave HTTP (WebSocket). Like a route it declares who may. */
export interface Upgrade {
  path: string
  config: RoutePermission
  accept(admitted: { request: IncomingMessage; socket: Duplex; head: Buffer; identity: Identity; scope: Scope }): void
}

export interface UpgradeOptions<Action extends string> {
  permissions: Permissions<Action>
  /** Who asks; the same as for routes. */
  authenticate(request: IncomingMessage): Promise<Identity | null>
  /** Throws when the page that asks is not ours: browsers send cookies with a WebSocket from any page. */
  assertOrigin(request: IncomingMessage): void
  logger: Logger
}

/**
 * Answers upgrades on the server: unknown addresses 404, other origins 403, nobody 401, not permitted 403.
 * Throws, at start, for an upgrade without a declared action; none may be public.
 */
export function installUpgrades<Action extends string>(server: Server, options: UpgradeOptions<Action>, upgrades: readonly Upgrade[]): void {
  for (const { path, config } of upgrades) {
    assertDeclared({ method: 'UPGRADE', url: path, config }, options.permissions.actions)
    if (config.may === undefined) throw new Error(`UPGRADE ${path} must name an action: an open connection is never public`)
  }
  const byPath = new Map(upgrades.map((upgrade) => [upgrade.path, upgrade]))

  const admit = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const upgrade = byPath.get((request.url ?? '').split('?')[0] as string)
    if (!upgrade) throw failed('NOT_FOUND')
    options.assertOrigin(request)
    const identity = await options.authenticate(request)
    if (!identity) throw failed('UNAUTHENTICATED')
    const scope = scopeFor(options.permissions, identity, upgrade.config.may as Action)
    upgrade.accept({ request, socket, head, identity, scope })
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    admit(request, socket, head).catch((error: unknown) => {
      if (!(error instanceof CodedError)) options.logger.error({ err: error }, 'an upgrade failed')
      refuse(socket, error instanceof CodedError ? error : failed('INTERNAL'))
    })
  })
}

function refuse(socket: Duplex, { status, code }: CodedError): void {
  const body = JSON.stringify({ error: { code } })
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
}
