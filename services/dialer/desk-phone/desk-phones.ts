import type { DeskPhoneCredentials, DeskPhoneSettings } from '@loopline/contracts/agent'
import { AGENT_REALM } from '@loopline/contracts/voice-link'
import type { UserId } from '@loopline/vocabulary/ids'
import { readAgent } from '../agent/agent.sql.ts'
import { maySeeAgent } from '../agent/list-agents.ts'
import type { Actor } from '../attempt/scope.ts'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { readDeskPhone, removeDeskPhones, saveDeskPhone } from './desk-phone.sql.ts'
import { ha1Of, newSecret, newSipUser } from './secret.ts'
import { tellDeskPhones } from './tell-desk-phones.ts'

/** The telephone of this agent, without its secret, which nobody has. */
export async function deskPhoneOf(dialer: Dialer, actor: Actor, agentId: UserId): Promise<DeskPhoneSettings> {
  await mustReach(dialer, actor, agentId)
  return settings(dialer, agentId)
}

/**
 * Gives the agent's desk telephone a new secret, shown in this answer and never again. What registered with the one before
 * counts no more from the moment voice is told. @throws AGENT_NOT_FOUND · AUDIT_UNAVAILABLE
 */
export async function renewDeskPhone(dialer: Dialer, actor: Actor, agentId: UserId): Promise<DeskPhoneCredentials> {
  await mustReach(dialer, actor, agentId)
  const user = (await readDeskPhone(dialer.db, agentId))?.user ?? newSipUser()
  await audited(dialer, actor.identity, 'agent:renew-phone', agentId, { user })
  const secret = newSecret()
  const ha1 = ha1Of(user, secret)
  const madeAt = new Date(dialer.clock.now())
  await saveDeskPhone(dialer.db, { agentId, user, md5: dialer.keys.seal(ha1.md5, agentId), sha256: dialer.keys.seal(ha1.sha256, agentId), madeAt })
  await tellDeskPhones(dialer)
  return { agentId, user, secret, realm: AGENT_REALM, servers: [...dialer.voice.deskServers] }
}

/** Takes the telephone back: its registration and its leg end. @throws AGENT_NOT_FOUND · AUDIT_UNAVAILABLE */
export async function removeDeskPhone(dialer: Dialer, actor: Actor, agentId: UserId): Promise<DeskPhoneSettings> {
  await mustReach(dialer, actor, agentId)
  await audited(dialer, actor.identity, 'agent:remove-phone', agentId, {})
  await removeDeskPhones(dialer.db, [agentId])
  await tellDeskPhones(dialer)
  return settings(dialer, agentId)
}

async function settings(dialer: Dialer, agentId: UserId): Promise<DeskPhoneSettings> {
  const row = await readDeskPhone(dialer.db, agentId)
  const phone = row === undefined ? null : { user: row.user, madeAt: row.madeAt.toISOString(), leg: dialer.legs.of(agentId, 'desk') }
  return { agentId, realm: AGENT_REALM, servers: [...dialer.voice.deskServers], phone }
}

/** A lead reaches those of his team who have signed on once; an admin also somebody who is yet to come. */
async function mustReach(dialer: Dialer, actor: Actor, agentId: UserId): Promise<void> {
  const teamId = (dialer.agents.get(agentId) ?? (await readAgent(dialer.db, agentId)))?.teamId ?? null
  if (!maySeeAgent(actor, { agentId, teamId })) throw failed('AGENT_NOT_FOUND')
}
