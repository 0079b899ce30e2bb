import { decide } from '@loopline/rules/decide'
import { actionsOf } from '@loopline/vocabulary/rule-actions'
import { newId } from '@loopline/clock/new-id'
import type { Transaction } from '@loopline/postgres/queryable'
import type { RuleId, UserId } from '@loopline/vocabulary/ids'
import type { CustomerRow, PhoneRow } from '../customer/customer-row.ts'
import type { Deps } from '../deps.ts'
import { carryOut } from '../outcome/act-on-rules.ts'
import type { Working } from '../outcome/act-on-rules.ts'
import { countAssigned, sellers } from '../team/team.sql.ts'
import { insertTimeline } from '../timeline/timeline.sql.ts'

/** The customer after the rules that look at a change, and which of them did something. */
export interface Ruled {
  row: CustomerRow
  causation: RuleId[]
}

/**
 * Asks the rules of `customer-changed` about a row that a person is writing, before it is written, so that one version
 * and one event carry both. Without such rules, as in the default book, it costs one look at the book's version.
 */
export async function actOnChange(deps: Deps, transaction: Transaction, row: CustomerRow, phones: readonly PhoneRow[]): Promise<Ruled> {
  const rules = await deps.book.current(transaction)
  if (rules['customer-changed'].length === 0) return { row, causation: [] }
  const decision = decide(rules, 'customer-changed', row, deps.clock.now())
  const working: Working = { row, phones: [...phones], changed: false, deadPhoneIds: [], causation: [], ruled: false }
  const occasion = { phoneId: null, at: row.updatedAt, sellers: await sellers(transaction), given: new Map<UserId, number>() }
  for (const { ruleId, version, name, actions } of decision.trace.filter(({ matched }) => matched)) {
    const effects = actionsOf('crm', actions).map((action) => carryOut(working, action, occasion))
    if (effects.every(({ result }) => result === 'none')) continue
    working.causation.push(ruleId as RuleId)
    const item = { customerId: row.customerId, id: newId(), at: row.updatedAt, kind: 'rule' as const, actorId: null, actorName: null }
    await insertTimeline(transaction, [{ ...item, body: { ruleId, version, name, effects, cause: { version: row.version } } }])
  }
  await countAssigned(transaction, occasion.given)
  return { row: working.row, causation: working.causation }
}
