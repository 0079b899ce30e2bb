import type { CustomerId } from '@loopline/vocabulary/ids'
import type { Actor, Deps } from '../deps.ts'
import { crmError } from '../errors.ts'
import { phoneOf } from './phone.sql.ts'
import { visibleCustomer } from './view-customer.ts'

/**
 * One number in clear, for a person. The audit entry is committed first; when it cannot be, nothing is shown (P17).
 * @throws CUSTOMER_NOT_FOUND · PHONE_NOT_FOUND · AUDIT_UNAVAILABLE
 */
export async function revealPhone(deps: Deps, actor: Actor, customerId: CustomerId, phoneId: string): Promise<{ phone: string }> {
  const customer = await visibleCustomer(deps.db, actor, customerId)
  const row = await phoneOf(deps.db, customerId, phoneId)
  if (!row) throw crmError('PHONE_NOT_FOUND')
  const { sub, name } = actor.identity
  try {
    await deps.audit({ actorId: sub, actorName: name, action: 'phone:reveal', subject: customerId, details: { phoneId, version: customer.version } })
  } catch (error) {
    deps.log.error({ err: error }, 'a reveal was refused because its audit entry could not be written')
    throw crmError('AUDIT_UNAVAILABLE')
  }
  return { phone: deps.keys.openPhone(row.sealed, customerId).reveal() }
}
