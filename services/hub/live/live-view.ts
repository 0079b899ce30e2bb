import type { AgentView } from '@loopline/contracts/agent'
import type { CallEnded } from '@loopline/contracts/call-event'
import type { CampaignProgress } from '@loopline/contracts/campaign-event'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { LiveMessage } from '@loopline/contracts/live'
import type { SettingState } from '@loopline/contracts/setting-event'
import type { Identity } from '@loopline/http/identity-token'
import type { Scope } from '@loopline/http/permission'

/** Whom a customer belongs to, as far as the events seen here told. */
export interface Ownership {
  ownerId: string | null
  teamId: string | null
}

/** What the events seen here told: whom each customer belongs to, which agent has him on the line, and whom each agent has. */
export interface Remembered {
  owners: Map<string, Ownership>
  servedBy: Map<string, string>
  serving: Map<string, string>
}

/** One message with what decides who may get it. `owners` null: for everybody; empty: nobody is known to own it. */
export interface Pushed {
  message: LiveMessage
  owners: readonly Ownership[] | null
  /** The action in whose scope it is seen. */
  action: 'customer:read' | 'agent:read'
  /** What those get whose right to it is not known: at most the id. */
  withoutOwner: LiveMessage | null
}

const FOR_ALL = { owners: null, withoutOwner: null, action: 'customer:read' } as const

/** The body of an event as the log carries it. */
export interface AnyEvent {
  type: string
  data: unknown
}

/**
 * What the console is told of an event; null for what it need not know. The one who has just lost a customer is told as
 * well, and so is the agent who has him on the line or writes his notes, whoever owns him.
 */
export function pushedOf({ type, data }: AnyEvent, seen: Remembered): Pushed | null {
  switch (type) {
    case 'crm.customer.changed': return customerPush(data as CustomerState, seen)
    case 'crm.customer.imported': return { message: { topic: 'resync' }, ...FOR_ALL }
    case 'dialer.call.ended': return callPush(data as CallEnded, seen)
    case 'dialer.campaign.changed': return { message: { topic: 'campaign', progress: data as CampaignProgress }, ...FOR_ALL }
    case 'dialer.agent.changed': {
      const agent = data as AgentView
      serve(seen, agent.agentId, agent.call?.customerId ?? null)
      return agentPush({ topic: 'agent', agent }, agent)
    }
    case 'hub.setting.changed': {
      const { key, version, value } = data as SettingState
      return { message: { topic: 'setting', key, version, value }, ...FOR_ALL }
    }
    default: return null
  }
}

function serve({ servedBy, serving }: Remembered, agentId: string, customerId: string | null): void {
  const before = serving.get(agentId)
  if (before !== undefined && before !== customerId && servedBy.get(before) === agentId) servedBy.delete(before)
  serving.delete(agentId)
  if (customerId === null) return
  remember(servedBy, customerId, agentId)
  remember(serving, agentId, customerId)
}

/** Of an agent: he himself, the leads of his team, and who sees everybody. */
export function agentPush(message: LiveMessage, { agentId, teamId }: Pick<AgentView, 'agentId' | 'teamId'>): Pushed {
  return { message, owners: [{ ownerId: agentId, teamId }], withoutOwner: null, action: 'agent:read' }
}

function customerPush({ customerId, version, ownerId, teamId }: CustomerState, seen: Remembered): Pushed {
  const before = seen.owners.get(customerId)
  const now = { ownerId, teamId }
  remember(seen.owners, customerId, now)
  return { message: { topic: 'customer', customerId, version }, owners: [now, ...(before ? [before] : []), ...serverOf(seen, customerId)], withoutOwner: null, action: 'customer:read' }
}

function callPush(call: CallEnded, seen: Remembered): Pushed {
  const { customerId, campaignId, attemptId, outcome, lineName, endedAt } = call
  const known = seen.owners.get(customerId) ?? call.owner
  const withoutOwner: LiveMessage = { topic: 'customer', customerId, version: 0 }
  return { message: { topic: 'call', customerId, campaignId, attemptId, outcome, lineName, at: endedAt }, owners: known ? [known, ...serverOf(seen, customerId)] : [], withoutOwner, action: 'customer:read' }
}

/** He has the customer's story before him until his notes are done, and may read it no longer (dialer's `serves`). */
function serverOf({ servedBy }: Remembered, customerId: string): Ownership[] {
  const agentId = servedBy.get(customerId)
  return agentId === undefined ? [] : [{ ownerId: agentId, teamId: null }]
}

const REMEMBERED_MAX = 50_000

function remember<Known>(known: Map<string, Known>, customerId: string, what: Known): void {
  known.delete(customerId)
  if (known.size >= REMEMBERED_MAX) known.delete(known.keys().next().value as string)
  known.set(customerId, what)
}

/** What this person gets of it: the message, only the id, or nothing. `scope` is that of its action. */
export function viewFor({ message, owners, withoutOwner }: Pushed, identity: Identity, scope: Scope | null): LiveMessage | null {
  if (owners === null) return message
  if (scope === null) return null
  if (scope === 'all') return message
  if (owners.length === 0) return withoutOwner
  const mine = owners.some(({ ownerId, teamId }) =>
    ownerId === identity.sub || (scope === 'team' && teamId !== null && teamId === identity.teamId))
  return mine ? message : null
}
