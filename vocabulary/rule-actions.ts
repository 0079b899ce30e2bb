import { CUSTOMER_STATUSES, INTENTS, LINE_TYPES } from './customer.ts'
import type { CustomerStatus, Intent, LineType } from './customer.ts'

/** The four places where rules are asked. */
export const DECISION_POINTS = ['before-dial', 'call-outcome', 'customer-changed', 'assignment'] as const
export type DecisionPoint = (typeof DECISION_POINTS)[number]

/** Who gets the customer: a person by id, or the least loaded senior seller, chosen by the CRM when it acts. */
export type AssignTo = 'senior-seller' | (string & {})

/** What a rule may do. Plain data: it travels in events, is stored with the attempt and shown as a sentence. */
export type RuleAction =
  | { readonly kind: 'prefer-line-type'; readonly lineType: LineType }
  | { readonly kind: 'set-ring-time'; readonly seconds: number }
  | { readonly kind: 'set-max-attempts'; readonly count: number }
  | { readonly kind: 'retry-after'; readonly minutes: number }
  /** The next attempt falls into another part of the callee's day than the last ones. */
  | { readonly kind: 'other-hour' }
  | { readonly kind: 'add-priority'; readonly points: number }
  | { readonly kind: 'set-status'; readonly status: CustomerStatus }
  /** The number that was called is never dialled again. */
  | { readonly kind: 'never-dial' }
  | { readonly kind: 'assign'; readonly to: AssignTo }
  | { readonly kind: 'pause-follow-up'; readonly days: number }
  | { readonly kind: 'add-tag'; readonly tag: string }
  | { readonly kind: 'set-intent'; readonly intent: Intent }

export type RuleActionKind = RuleAction['kind']

/** The service that carries an action out; the other one only reads it in the trace. */
export type ActionOwner = 'crm' | 'dialer'

/** One parameter of an action, described so that validation, the console's editor and OpenAPI agree. */
export type ParameterSpec =
  | { readonly name: string; readonly form: 'choice'; readonly values: readonly string[] }
  | { readonly name: string; readonly form: 'integer'; readonly min: number; readonly max: number; readonly unit: string }
  | { readonly name: string; readonly form: 'text'; readonly lengthMax: number }
  | { readonly name: string; readonly form: 'assignee' }

interface ActionSpec {
  readonly owner: ActionOwner
  /** Whether two of this kind may both stand in one decision (told apart by their parameter); else the first wins. */
  readonly several: boolean
  readonly parameter: ParameterSpec | null
}

/** Every action: who executes it, whether it may stand more than once, and its parameter with its bounds. */
export const RULE_ACTIONS: Readonly<Record<RuleActionKind, ActionSpec>> = {
  'prefer-line-type': { owner: 'dialer', several: false, parameter: { name: 'lineType', form: 'choice', values: LINE_TYPES } },
  'set-ring-time':    { owner: 'dialer', several: false, parameter: { name: 'seconds', form: 'integer', min: 5, max: 120, unit: 's' } },
  'set-max-attempts': { owner: 'dialer', several: false, parameter: { name: 'count', form: 'integer', min: 0, max: 100, unit: '' } },
  'retry-after':      { owner: 'dialer', several: false, parameter: { name: 'minutes', form: 'integer', min: 1, max: 43_200, unit: 'min' } },
  'other-hour':       { owner: 'dialer', several: false, parameter: null },
  'add-priority':     { owner: 'dialer', several: false, parameter: { name: 'points', form: 'integer', min: -1_000, max: 1_000, unit: '' } },
  'set-status':       { owner: 'crm', several: false, parameter: { name: 'status', form: 'choice', values: CUSTOMER_STATUSES } },
  'never-dial':       { owner: 'crm', several: false, parameter: null },
  'assign':           { owner: 'crm', several: false, parameter: { name: 'to', form: 'assignee' } },
  'pause-follow-up':  { owner: 'crm', several: false, parameter: { name: 'days', form: 'integer', min: 1, max: 3_650, unit: 'd' } },
  'add-tag':          { owner: 'crm', several: true, parameter: { name: 'tag', form: 'text', lengthMax: 64 } },
  'set-intent':       { owner: 'crm', several: false, parameter: { name: 'intent', form: 'choice', values: INTENTS } },
}

/** The actions of one service out of a decision, in order. */
export function actionsOf(owner: ActionOwner, actions: readonly RuleAction[]): RuleAction[] {
  return actions.filter((action) => RULE_ACTIONS[action.kind].owner === owner)
}
