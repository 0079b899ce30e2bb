import { z } from 'zod'
import { scopeOf } from '@loopline/contracts/permissions'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { failed } from '@loopline/http/coded-error'
import { ROLES } from '@loopline/vocabulary/roles'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { customerStates } from '../audience/stream-audience.ts'
import type { Deps } from '../deps.ts'
import { createCustomer } from './create-customer.ts'
import { phoneByIndex } from './phone.sql.ts'

/** A caller without a record, as the dialer knows him: `sealed` is his number, bound to the call in which it was seen. */
export const FromCaller = z.object({
  customerId: z.uuid().transform((id) => id as CustomerId),
  attemptId: z.uuid(),
  sealed: z.base64(),
  name: z.string().trim().min(1).max(100),
  company: z.string().trim().max(200).optional(),
  actor: z.object({ sub: z.string(), role: z.enum(ROLES), name: z.string(), teamId: z.uuid().nullable() }),
})

/**
 * Makes a record of a caller, under the id that his calls have already, so that they are his. Nobody sees the number. Asked
 * twice it answers the same record.
 *
 * @throws PHONE_TAKEN when the number has become somebody's meanwhile
 */
export async function createFromCaller(deps: Deps, { customerId, attemptId, sealed, name, company, actor }: z.infer<typeof FromCaller>): Promise<CustomerState> {
  const scope = scopeOf(actor.role, 'customer:create')
  if (scope === null) throw failed('FORBIDDEN', { action: 'customer:create' })
  const number = deps.keys.open(Buffer.from(sealed, 'base64'), attemptId)
  const known = await phoneByIndex(deps.db, deps.keys.blindIndex(number))
  if (known?.customerId !== customerId) await createCustomer(deps, { identity: actor, scope }, { name, phones: [number], ...(company && { company }) }, customerId)
  const [state] = await customerStates(deps, [customerId])
  return state as CustomerState
}
