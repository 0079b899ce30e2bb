import type { FieldCatalogue } from '@loopline/vocabulary/fields'
import { LINE_TYPES } from '@loopline/vocabulary/customer'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import type { DecisionPoint } from '@loopline/vocabulary/rule-actions'
import { CUSTOMER_FIELDS } from './customer-fields.ts'

/** What a call that ended adds to the customer's fields; the customer's counters already include it. */
const CALL_FIELDS = {
  outcome: { type: 'choice', values: OUTCOMES, column: 'outcome' },
  conclusive: { type: 'boolean', column: 'conclusive' },
  lineType: { type: 'choice', values: LINE_TYPES, column: 'line_type' },
  attemptNumber: { type: 'number', column: 'attempt_number' },
} as const satisfies FieldCatalogue

/**
 * The facts that the condition of a rule may name, by decision point. Flat: these are keys of the facts record. crm and
 * dialer both compile the book with it: one of them knowing fewer fields would refuse a book the other accepts.
 */
export const RULE_FIELDS: Readonly<Record<DecisionPoint, FieldCatalogue>> = {
  'before-dial': CUSTOMER_FIELDS,
  'call-outcome': { ...CUSTOMER_FIELDS, ...CALL_FIELDS },
  'customer-changed': CUSTOMER_FIELDS,
  'assignment': CUSTOMER_FIELDS,
}
