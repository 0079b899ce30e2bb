import { z } from 'zod'

/** Topics of the event log. State topics carry the whole row and its version (newest wins); fact topics are applied once. */
export const TOPICS = ['crm.customer', 'crm.rule', 'dialer.call', 'dialer.campaign', 'hub.user', 'hub.setting'] as const
export type Topic = (typeof TOPICS)[number]

/**
 * A CloudEvents 1.0 event in structured JSON. `causation` is our extension attribute: the ids of the rules that led to
 * it, oldest first, separated by spaces (extension values are plain strings); a rule found in it does not fire again.
 */
export const CloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: z.string(),
  subject: z.string().optional(),
  time: z.string(),
  datacontenttype: z.literal('application/json').default('application/json'),
  causation: z.string().optional(),
  data: z.unknown(),
})

export interface EventOf<Type extends string, Data> {
  specversion: '1.0'
  id: string
  source: string
  type: Type
  /** The customer id where there is one: the key by which the log keeps order. */
  subject?: string
  time: string
  datacontenttype: 'application/json'
  causation?: string
  data: Data
}
