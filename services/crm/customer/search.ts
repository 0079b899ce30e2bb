import type { Keyring } from '@loopline/keys/keyring'
import { fragment } from '@loopline/postgres/sql'
import type { SqlText } from '@loopline/postgres/sql'
import type { Scope } from '@loopline/http/permission'
import { gramCode } from './gram-code.ts'
import { gramsToFind } from './name-grams.ts'
import { parsePhone } from './phone-number.ts'

/**
 * A name that a hundred thousand people share cannot be sorted in 50 ms, and nobody pages through it: over all customers
 * the first so many found are sorted and shown, and one more letter narrows them.
 */
const FOUND_MAX = 2_000

/** What the searched text asks of `crm.customer c`: by its form an exact phone, the last four digits, or a name. */
export function searchSql(keys: Keyring, search: string, scope: Scope): SqlText {
  if (/^\d{4}$/.test(search)) {
    // `= any(array(…))`, here and below: the ids are found first and fetched by key, whatever the planner believes.
    return fragment`c.customer_id = any(array(select p.customer_id from crm.phone p where p.last_four_index = ${keys.lastFourIndex(search)} limit ${FOUND_MAX}))`
  }
  const phone = parsePhone(search)
  if (phone) return fragment`c.customer_id = (select i.customer_id from crm.phone_index i where i.blind_index = ${keys.blindIndex(phone.reveal())})`
  return nameSql(search, scope)
}

function nameSql(search: string, scope: Scope): SqlText {
  const [first, second] = gramsToFind(search).map((grams) => grams.map(gramCode))
  if (!first) return fragment`false`
  const match = second ? fragment`(s.grams @> ${first}::bigint[] or s.grams @> ${second}::bigint[])` : fragment`s.grams @> ${first}::bigint[]`
  if (scope === 'all') return fragment`c.customer_id = any(array(select s.customer_id from crm.customer_gram s where ${match} limit ${FOUND_MAX}))`
  // The few rows of one person or team must all be found, so nothing is cut off before the scope is applied.
  return fragment`c.customer_id in (select s.customer_id from crm.customer_gram s where ${match})`
}
