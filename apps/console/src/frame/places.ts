import type { Action } from '@loopline/contracts/permissions'

/** The places of the rail, the key after `g` that goes there, and what one must be allowed to see it. */
export const PLACES = [
  { name: 'workbench', to: '/workbench', key: 'w', may: 'agent:self' },
  { name: 'customers', to: '/customers', key: 'c', may: 'customer:read' },
  { name: 'campaigns', to: '/campaigns', key: 'k', may: 'campaign:read' },
  { name: 'calls', to: '/calls', key: 'l', may: 'call:read' },
  { name: 'live', to: '/live', key: 'v', may: 'agent:force' },
  { name: 'reports', to: '/reports', key: 'p', may: 'agent:read' },
  { name: 'rules', to: '/rules', key: 'r', may: 'rule:read' },
  { name: 'lines', to: '/lines', key: 'n', may: 'line:read' },
  { name: 'settings', to: '/settings', key: 's', may: 'setting:read' },
] as const satisfies readonly { name: string; to: string; key: string; may: Action }[]
