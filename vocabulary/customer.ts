/** Words for a customer's standing that CRM, dialer and console share. */

/** Value to the business, A best. Field mappings turn it into a dial priority. */
export const LEVELS = ['A', 'B', 'C', 'D'] as const
export type Level = (typeof LEVELS)[number]

/** Where the customer stands in the sale. `invalid` (no working number) and `lost` are never dialled by a campaign. */
export const CUSTOMER_STATUSES = ['new', 'following', 'interested', 'won', 'lost', 'invalid'] as const
export type CustomerStatus = (typeof CUSTOMER_STATUSES)[number]

/** How strongly the customer wants to buy, as a person or a bot judged it. */
export const INTENTS = ['unknown', 'none', 'low', 'medium', 'high'] as const
export type Intent = (typeof INTENTS)[number]

/** Consent is asked per purpose; silence is `unknown`, and `unknown` blocks a commercial call (消保法实施条例 art. 24). */
export const CONSENTS = ['unknown', 'granted', 'refused'] as const
export type Consent = (typeof CONSENTS)[number]

/** What carries the call. A `4g` line is a carrier's licensed mobile line, never a SIM box. */
export const LINE_TYPES = ['4g', 'voip', 'pstn'] as const
export type LineType = (typeof LINE_TYPES)[number]
