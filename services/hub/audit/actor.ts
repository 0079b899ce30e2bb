import type { Identity } from '@loopline/http/identity-token'
import type { AuditEntry } from './audit-chain.ts'

/** Who did it and from where: the part of an audit entry that a request brings. */
export type Actor = Pick<AuditEntry, 'actorId' | 'actorName' | 'role' | 'address'>

export function actorOf({ identity, ip }: { identity: Identity; ip: string }): Actor {
  return { actorId: identity.sub, actorName: identity.name, role: identity.role, address: ip }
}
