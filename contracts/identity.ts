import { z } from 'zod'
import type { Role } from '@loopline/vocabulary/roles'

/**
 * Who acts. The gateway knows it from a session or an API key and hands it to the services as a signed token of one
 * minute (JWT, HS256, audience `loopline`); no service trusts a header of any other kind.
 */
export const Identity = z.object({
  /** A user's id, an API key's id, or `service:<name>`. */
  sub: z.string(),
  role: z.enum(['admin', 'supervisor', 'agent', 'auditor', 'service', 'integrator']),
  name: z.string().default(''),
  teamId: z.uuid().nullable().default(null),
})
export type Identity = z.infer<typeof Identity> & { role: Role }
