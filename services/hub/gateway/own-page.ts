import type { FastifyRequest } from 'fastify'
import type { Person } from './authenticator.ts'
import { changesState } from './origin.ts'
import type { Origins } from './origin.ts'

/**
 * A request that changes something and acts by a cookie must come from one of our pages (CSRF). A key in Authorization
 * is not sent by browsers on their own and needs no origin.
 */
export function assertOwnPage(request: FastifyRequest, origins: Origins, person: Person | null): void {
  const byKey = person !== null && person.sessionToken === null
  if (changesState(request.method) && !byKey) origins.assertOwn(request)
}
