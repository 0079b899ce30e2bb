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
 * What the console is told of an event; null for what it need not know. `owners` remembers whom a customer belonged to
 * before, so that the one who lost him is told as well.
 */
export function pushedOf({ type, data }: AnyEvent, owners: Map<string, Ownership>): Pushed | null {
  switch (type) {
    case 'crm.customer.changed': return customerPush(data as CustomerState, owners)
    case 'crm.customer.imported': return { message: { topic: 'resync' }, ...FOR_ALL }
    case 'dialer.call.ended': return callPush(data as CallEnded, owners)
    case 'dialer.campaign.changed': return { message: { topic: 'campaign', progress: data as CampaignProgress }, ...FOR_ALL }
    case 'dialer.agent.changed': return agentPush({ topic: 'agent', agent: data as AgentView }, data as AgentView)
    case 'hub.setting.changed': {
      const { key, version, value } = data as SettingState
      return { message: { topic: 'setting', key, version, value }, ...FOR_ALL }
    }
    default: return null
  }
}

/** Of an agent: he himself, the leads of his team, and who sees everybody. */
export function agentPush(message: LiveMessage, { agentId, teamId }: Pick<AgentView, 'agentId' | 'teamId'>): Pushed {
  return { message, owners: [{ ownerId: agentId, teamId }], withoutOwner: null, action: 'agent:read' }
}

function customerPush({ customerId, version, ownerId, teamId }: CustomerState, owners: Map<string, Ownership>): Pushed {
  const before = owners.get(customerId)
  const now = { ownerId, teamId }
  remember(owners, customerId, now)
  return { message: { topic: 'customer', customerId, version }, owners: before ? [now, before] : [now], withoutOwner: null, action: 'customer:read' }
}

function callPush(call: CallEnded, owners: Map<string, Ownership>): Pushed {
  const { customerId, campaignId, attemptId, outcome, lineName, endedAt } = call
  const known = owners.get(customerId) ?? call.owner
  const withoutOwner: LiveMessage = { topic: 'customer', customerId, version: 0 }
  return { message: { topic: 'call', customerId, campaignId, attemptId, outcome, lineName, at: endedAt }, owners: known ? [known] : [], withoutOwner, action: 'customer:read' }
}

const REMEMBERED_MAX = 50_000

function remember(owners: Map<string, Ownership>, customerId: string, ownership: Ownership): void {
  owners.delete(customerId)
  if (owners.size >= REMEMBERED_MAX) owners.delete(owners.keys().next().value as string)
  owners.set(customerId, ownership)
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
