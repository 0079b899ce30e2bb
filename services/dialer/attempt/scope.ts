import type { Identity } from '@loopline/http/identity-token'
import type { Scope } from '@loopline/http/permission'
import type { CustomerState } from '@loopline/contracts/customer-event'

/** Who asks, and whose customers the asked action may touch. */
export interface Actor {
  identity: Identity
  scope: Scope
}

/** Belongs to nobody: a supervisor without a team sees no team's customers. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

/** The scope as a filter over the owner and the team of the customer. */
export function scopedTo({ identity, scope }: Actor): { ownerId: string | null; teamId: string | null } {
  return { ownerId: scope === 'own' ? identity.sub : null, teamId: scope === 'team' ? (identity.teamId ?? NOBODY) : null }
}

export function maySee(actor: Actor, customer: CustomerState): boolean {
  const { ownerId, teamId } = scopedTo(actor)
  return (ownerId === null || customer.ownerId === ownerId) && (teamId === null || customer.teamId === teamId)
}
