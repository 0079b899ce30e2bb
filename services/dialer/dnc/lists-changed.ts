import { readPersons } from '../audience/person.sql.ts'
import type { Dialer } from '../dialer.ts'
import { readRegistryCopies, wakeListed } from './list.sql.ts'

/**
 * A list has changed: whoever is pooled here is decided about with the lists as they are now. Other processes learn it from
 * their write-ahead statements, which ask the lists themselves.
 */
export async function listsChanged(dialer: Dialer): Promise<void> {
  await learnRegistries(dialer)
  for (const campaign of dialer.campaigns.all()) {
    const pooled = campaign.pool.entries()
    const persons = await readPersons(dialer.db, pooled.map((entry) => entry.customerId))
    for (const entry of pooled) {
      const person = persons.get(entry.customerId)
      if (person) entry.person = { ...entry.person, listings: person.listings, phoneMarks: person.phoneMarks }
    }
  }
}

/** How old the copies of registries are; asked again and again, because another process may have imported one. */
export async function learnRegistries(dialer: Dialer): Promise<void> {
  if (dialer.knowledge.learnRegistryCopies(await readRegistryCopies(dialer.db))) await wakeListed(dialer.db, new Date(dialer.clock.now()))
}
