import { useState } from 'react'
import type { CustomerView } from '@loopline/contracts/customer'
import { answer } from '../api/answer'
import { ApiError, api } from '../api/client'
import { queryClient } from '../api/queries'
import { customerQuery, timelineQuery } from './customer-queries'
import { touched, type Conflict, type Edit } from './edit-conflict'

export interface CustomerEdit {
  /** Resolves when the server has it, or when the conflict is shown; rejects when it was refused. */
  save(edit: Edit): Promise<void>
  conflict: Conflict | null
  /** Writes the fields that the person keeps; none takes the current record as it is. */
  resolve(kept: Edit): Promise<void>
}

/**
 * Edits under the version that was read. Somebody else's change to other fields is no conflict of the person: the edit is
 * sent again on top of it. A change to the same field is, and nothing is written until the person chose.
 */
export function useCustomerEdit(customer: CustomerView): CustomerEdit {
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const write = async (edit: Edit, base: CustomerView): Promise<void> => {
    try {
      keep(await patch(edit, base))
    } catch (error) {
      const current = currentOf(error)
      if (!current) throw error
      keep(current)
      if (touched(edit, base, current).length > 0) setConflict({ mine: edit, base, current })
      else await write(edit, current)
    }
  }
  return {
    save: (edit) => write(edit, customer),
    conflict,
    async resolve(kept) {
      if (conflict && Object.keys(kept).length > 0) await write(kept, conflict.current)
      setConflict(null)
    },
  }
}

const patch = (edit: Edit, { customerId, version }: CustomerView): Promise<CustomerView> =>
  answer(api.PATCH('/api/crm/customers/{customerId}', { params: { path: { customerId } }, body: { version, ...edit } }))

/** Shows the record as the server has it, unless push brought a newer one meanwhile. */
export function keep(customer: CustomerView): void {
  queryClient.setQueryData<CustomerView>(customerQuery(customer.customerId).queryKey, (shown) => (shown && shown.version > customer.version ? shown : customer))
  void queryClient.invalidateQueries({ queryKey: timelineQuery(customer.customerId).queryKey })
}

function currentOf(error: unknown): CustomerView | null {
  if (!(error instanceof ApiError) || error.code !== 'VERSION_CONFLICT') return null
  const details = error.details as CustomerView | undefined
  return details && typeof details.version === 'number' ? details : null
}
