import { failed as commonly } from '@loopline/http/coded-error'
import type { Identity } from '@loopline/http/identity-token'
import type { AgentView } from '@loopline/contracts/agent'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import { viewOf } from '../agent/agent-row.ts'
import type { AgentRow } from '../agent/agent-row.ts'
import { changeAgent } from '../agent/change-agent.ts'
import { readOwnCall } from '../agent/wrap-up.sql.ts'
import { keepPersons, readPersons } from '../audience/person.sql.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { callerIsKnown, readStranger } from './inbound.sql.ts'

/**
 * The agent who speaks, or spoke, with a stranger makes a record of him: crm gets the number sealed, and the id under which
 * his calls stand already. From then on he is a customer, also for the call at hand.
 *
 * @throws CALL_NOT_FOUND also for a caller who has a record, or who withheld his number
 */
export async function makeRecord(dialer: Dialer, identity: Identity, attemptId: AttemptId, wanted: { name: string; company?: string | undefined }): Promise<AgentView> {
  const agentId = identity.sub as UserId
  const stranger = (await readOwnCall(dialer.db, attemptId, agentId)) && (await readStranger(dialer.db, attemptId))
  if (!stranger) throw failed('CALL_NOT_FOUND')
  if (dialer.crm === null) throw commonly('SERVICE_UNAVAILABLE')
  const { customerId, sealed } = stranger
  const customer = await dialer.crm.createFromCaller({
    customerId, attemptId, sealed, name: wanted.name, ...(wanted.company && { company: wanted.company }),
    actor: { sub: identity.sub, role: identity.role, name: identity.name, teamId: identity.teamId },
  })
  await keepPersons(dialer.db, [customer], true, dialer.keys)
  await callerIsKnown(dialer.db, { customerId, attemptId })
  const attempt = dialer.inFlight.get(attemptId)
  if (attempt?.decision.inbound) {
    attempt.decision = { ...attempt.decision, inbound: { ...attempt.decision.inbound, caller: 'customer' } }
    attempt.person = (await readPersons(dialer.db, [customerId])).get(customerId) ?? null
  }
  const isHere = ({ served }: AgentRow): boolean => served?.attemptId === attemptId
  const inbound = dialer.agents.get(agentId)?.served?.inbound
  await changeAgent(dialer, agentId, (row) => (isHere(row) ? 'note' : null), { served: { customerName: customer.name, ...(inbound && { inbound: { ...inbound, caller: 'customer' } }) } })
  return viewOf(dialer.agents.get(agentId) as AgentRow)
}
