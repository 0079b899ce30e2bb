import type { AudienceFacts } from '@loopline/contracts/audience-facts'
import type { Queryable } from '@loopline/postgres/queryable'

/** What only the dialer knows of a customer: calls and lists. */
export interface KnownFacts {
  attemptDay: string | null
  attemptsThatDay: number
  recentAt: number[]
  abandonedAt: number | null
  attemptOpen: boolean
  onStopList: boolean
  /** Usable numbers in a registry. */
  registered: number
}

const DAYS_30_MS = 31 * 86_400_000

/** By the place in the page; who was never called and is on no list is absent. */
export async function knownOf(queryable: Queryable, page: readonly AudienceFacts[], now: number): Promise<Map<number, KnownFacts>> {
  const [called, listed] = await Promise.all([readCalled(queryable, page, now), readListedNumbers(queryable, page)])
  const known = new Map<number, KnownFacts>(called.map(({ index, ...facts }) => [index, { ...facts, onStopList: false, registered: 0 }]))
  for (const { index, stop, registered } of listed) {
    const facts = known.get(index) ?? { attemptDay: null, attemptsThatDay: 0, recentAt: [], abandonedAt: null, attemptOpen: false, onStopList: false, registered: 0 }
    known.set(index, { ...facts, onStopList: stop, registered })
  }
  return known
}

function readCalled(queryable: Queryable, page: readonly AudienceFacts[], now: number): Promise<(Omit<KnownFacts, 'onStopList' | 'registered'> & { index: number })[]> {
  return queryable.sql`
    select (w.n - 1)::integer as index, p.attempt_day as "attemptDay", p.attempts_that_day as "attemptsThatDay",
           array(select at from unnest(p.recent_at) as r(at) where at > ${now - DAYS_30_MS}::bigint) as "recentAt", p.abandoned_at as "abandonedAt",
           exists (select from dialer.attempt a where a.customer_id = p.customer_id and a.ended_at is null) as "attemptOpen"
      from unnest(${page.map(([customerId]) => customerId)}::uuid[]) with ordinality as w(customer_id, n)
      join dialer.person p on p.customer_id = w.customer_id
     where p.attempt_day is not null or p.recent_at <> '{}' or p.abandoned_at is not null`
}

function readListedNumbers(queryable: Queryable, page: readonly AudienceFacts[]): Promise<{ index: number; stop: boolean; registered: number }[]> {
  const numbers = page.flatMap(([, , , , , , , phones], index) => phones.map(([blind, , usable]) => ({ index, blind, usable })))
  return queryable.sql`
    select w.index, bool_or(l.kind = 'own') as stop, count(*) filter (where l.kind = 'registry' and w.usable) as registered
      from unnest(${numbers.map((one) => one.index)}::integer[], ${`{${numbers.map(({ blind }) => `"\\\\x${blind}"`).join(',')}}`}::bytea[], ${numbers.map((one) => one.usable)}::boolean[])
           as w(index, blind, usable)
      join dialer.dnc d on d.blind_index = w.blind
      join dialer.dnc_list l on l.copy_id = d.copy_id
     where l.kind <> 'campaign'
     group by w.index`
}
