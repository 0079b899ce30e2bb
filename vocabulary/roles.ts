/** The four roles of the first cut; a person has one. `service` is another process of ours, `integrator` an API key. */
export const ROLES = ['admin', 'supervisor', 'agent', 'auditor'] as const
export type Role = (typeof ROLES)[number] | 'service' | 'integrator'
