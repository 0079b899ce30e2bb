import type { CustomerId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { keepPersons, readPersons } from './person.sql.ts'
import type { Person } from './person.sql.ts'

/** The customer as kept here, or as crm knows it and from now on kept here. */
export async function findPerson(dialer: Dialer, customerId: CustomerId): Promise<Person | undefined> {
  const known = (await readPersons(dialer.db, [customerId])).get(customerId)
  if (known || !dialer.crm) return known
  const states = await dialer.crm.customers([customerId])
  await keepPersons(dialer.db, states, true, dialer.keys)
  return (await readPersons(dialer.db, [customerId])).get(customerId)
}
