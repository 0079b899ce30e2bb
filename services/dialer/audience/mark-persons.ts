import type { CustomerId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { markPersons } from './person.sql.ts'

const BATCH = 500

/** Marks the numbers of everybody who was kept before numbers were marked. Until then the gate knows too little of them, and nobody calls. */
export async function markAll(dialer: Dialer): Promise<void> {
  let after: CustomerId | null = null
  do after = await markPersons(dialer.db, dialer.keys, after, BATCH)
  while (after !== null)
}
