import { parseCondition } from '@loopline/conditions/parse-condition'
import { toPossibleSql, toSql } from '@loopline/conditions/sql'
import type { Condition } from '@loopline/conditions/condition'
import { sqlText } from '@loopline/postgres/sql'
import type { SqlText } from '@loopline/postgres/sql'
import { CUSTOMER_FIELDS } from '@loopline/contracts/customer-fields'
import { crmError } from '../errors.ts'

const EVERYONE = { combinator: 'and', rules: [] }

/** A condition over the customer fields; null asks for everyone. @throws CONDITION_INVALID with each fault and its place. */
export function readCondition(json: unknown): Condition {
  const parsed = parseCondition(json ?? EVERYONE, CUSTOMER_FIELDS)
  if (!parsed.ok) throw crmError('CONDITION_INVALID', { errors: parsed.errors })
  return parsed.condition
}

/** The same from JSON text, as a query string carries it. */
export function readConditionText(text: string): Condition {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw crmError('CONDITION_INVALID', { errors: [{ code: 'NOT_AN_OBJECT', path: '' }] })
  }
  return readCondition(json)
}

/** The condition over `crm.customer c` at `now` (ms); with `possible`, also of rows that time alone may bring in. */
export function conditionSql(condition: Condition, now: number, possible = false): SqlText {
  const { text, values } = possible ? toPossibleSql(condition, { alias: 'c' }) : toSql(condition, { alias: 'c', now })
  return sqlText(text, values)
}
