import type { FieldCatalogue } from '@loopline/vocabulary/fields'
import { LINE_TYPES } from '@loopline/vocabulary/customer'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import type { DecisionPoint } from '@loopline/vocabulary/rule-actions'
import { CUSTOMER_FIELDS } from './customer-fields.ts'

/** The number of the attempt on this entry: the coming one before a call, the one that ended after it. */
const ATTEMPT = { attemptNumber: { type: 'number', column: 'attempt_number' } } as const satisfies FieldCatalogue

/** What a call that ended adds to the customer's fields; the customer's counters already include it. */
const CALL = {
  ...ATTEMPT,
  outcome: { type: 'choice', values: OUTCOMES, column: 'outcome' },
  lineType: { type: 'choice', values: LINE_TYPES, column: 'line_type' },
  /** Answer to end; null when nobody answered. */
  talkSeconds: { type: 'number', column: 'talk_seconds' },
} as const satisfies FieldCatalogue

/** The facts that the condition of a rule may name, by decision point. Flat: these are keys of the facts record. */
export const RULE_FIELDS: Readonly<Record<DecisionPoint, FieldCatalogue>> = {
  'before-dial': { ...CUSTOMER_FIELDS, ...ATTEMPT },
  'call-outcome': { ...CUSTOMER_FIELDS, ...CALL },
  'customer-changed': CUSTOMER_FIELDS,
  'assignment': CUSTOMER_FIELDS,
}
