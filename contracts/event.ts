/**
 * A CloudEvents 1.0 event in structured JSON. `causation` is our extension attribute: the ids of the rules that led to
 * it, oldest first, separated by spaces (extension values are plain strings); a rule found in it does not fire again.
 */
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
