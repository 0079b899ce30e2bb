import type { CustomerState } from '@loopline/contracts/customer-event'
import type { Queryable } from '@loopline/postgres/queryable'
import { phoneMarksOf } from '../audience/phone-marks.ts'
import type { PhoneKeys } from '../audience/phone-marks.ts'
import { OWN_LIST, countNumbers, insertNumbers, readList } from './list.sql.ts'
import { forgetRefusals } from './refusal.sql.ts'

/** Who put a number on the list, where it was the customer himself. */
export const bySaid = (customerId: string): string => `customer:${customerId}`

/**
 * "Never call me" is said by a person and meant for his numbers: they go onto the company's own list, so that neither an
 * erased record nor a new one with the same number brings the calls back. Taking it back takes off what was put on so.
 */
export async function rememberRefusals(queryable: Queryable, states: readonly CustomerState[], keys: PhoneKeys, now: Date): Promise<void> {
  const refused = states.filter((state) => state.neverCall && !state.deleted)
  const willing = states.filter((state) => !state.neverCall && !state.deleted).map((state) => state.customerId)
  const forgotten = await forgetRefusals(queryable, willing)
  if (refused.length === 0 && forgotten === 0) return
  const list = await readList(queryable, OWN_LIST)
  if (!list) return
  let added = 0
  for (const state of refused) {
    const numbers = (phoneMarksOf(state, keys) ?? []).map(({ blind }) => ({ blind, reason: 'never-call' }))
    added += await insertNumbers(queryable, list.copyId, numbers, { addedBy: bySaid(state.customerId), now })
  }
  if (added !== forgotten) await countNumbers(queryable, OWN_LIST, added - forgotten, now)
}
