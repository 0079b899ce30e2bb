import type { Role } from '@loopline/vocabulary/roles'

/** Whose rows an action may touch. `own`: those the person owns; `team`: those of the person's team; `all`: every row. */
export type Scope = 'own' | 'team' | 'all'

type Grants = Partial<Record<Role, Scope>>

const EVERYONE: Grants = { admin: 'all', supervisor: 'all', agent: 'all', auditor: 'all', service: 'all', integrator: 'all' }
const READERS: Grants = { admin: 'all', supervisor: 'team', agent: 'own', auditor: 'all', service: 'all', integrator: 'all' }
const WRITERS: Grants = { admin: 'all', supervisor: 'team', agent: 'own', service: 'all', integrator: 'all' }
const LEADS: Grants = { admin: 'all', supervisor: 'all', service: 'all', integrator: 'all' }
const LEADS_AND_AUDITORS: Grants = { ...LEADS, auditor: 'all' }

/**
 * Role → action → scope: the one table that says who may do what. A route or a WebSocket upgrade names its action;
 * one that names none does not start. An absent cell means no.
 */
export const PERMISSIONS = {
  'customer:read': READERS,
  'customer:create': WRITERS,
  'customer:edit': WRITERS,
  'customer:assign': LEADS,
  'customer:import': LEADS,
  'phone:reveal': { admin: 'all', supervisor: 'team' },
  'phone:search': READERS,
  'call:dial': WRITERS,
  'call:read': READERS,
  'agent:self': { admin: 'own', supervisor: 'own', agent: 'own' },
  'agent:read': { admin: 'all', supervisor: 'team', agent: 'own', auditor: 'all', service: 'all' },
  'agent:force': { admin: 'all', supervisor: 'team' },
  'agent:message': { admin: 'all', supervisor: 'team' },
  /** The secret of a desk telephone; one's own, as with a password. */
  'agent:phone': { admin: 'all', supervisor: 'team', agent: 'own' },
  'call:talk': { admin: 'all', supervisor: 'team', agent: 'own' },
  'call:attend': { admin: 'all', supervisor: 'team' },
  'recording:listen': { admin: 'all', supervisor: 'team', agent: 'own', auditor: 'all' },
  'recording:hold': { admin: 'all', auditor: 'all' },
  'recording:verify': { admin: 'all', auditor: 'all', service: 'all' },
  'phone:register': { admin: 'own', supervisor: 'own', agent: 'own' },
  'campaign:read': { ...LEADS_AND_AUDITORS, agent: 'all' },
  'campaign:edit': LEADS,
  'campaign:run': LEADS,
  'entry:write': { admin: 'all', service: 'all', integrator: 'all' },
  'rule:read': { ...LEADS_AND_AUDITORS, agent: 'all' },
  'rule:edit': { admin: 'all', supervisor: 'all' },
  /** Do-not-call lists; a seller says that a customer must never be called in the customer's record. */
  'dnc:read': LEADS_AND_AUDITORS,
  'dnc:edit': LEADS,
  'line:read': LEADS_AND_AUDITORS,
  'line:edit': { admin: 'all' },
  'caller-id:read': LEADS_AND_AUDITORS,
  'caller-id:edit': { admin: 'all' },
  'user:read': LEADS_AND_AUDITORS,
  'user:edit': { admin: 'all' },
  'setting:read': EVERYONE,
  'setting:edit': { admin: 'all' },
  'webhook:edit': { admin: 'all', integrator: 'all' },
  'api-key:edit': { admin: 'all' },
  'audit:read': { admin: 'all', auditor: 'all' },
  'live:watch': EVERYONE,
  'metrics:read': { admin: 'all', service: 'all' },
  'service:call': { service: 'all' },
} as const satisfies Record<string, Grants>

export type Action = keyof typeof PERMISSIONS

/** The scope in which the role may do this, or null when it may not. */
export function scopeOf(role: Role, action: Action): Scope | null {
  const grants: Grants = PERMISSIONS[action]
  return grants[role] ?? null
}
