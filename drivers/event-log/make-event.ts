import { createHash } from 'node:crypto'
import { assert } from '@loopline/vocabulary/assert'
import { partitionOf } from '@loopline/vocabulary/bucket'
import { isId } from '@loopline/vocabulary/ids'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { newId } from '@loopline/clock/new-id'

/** What a writer says about an event; `Event` is one of the contracts, e.g. `makeEvent<CustomerChanged>({…})`. */
export interface EventSpec<Event extends { type: string; data: unknown }> {
  /** `crm.customer.changed`: the topic is its first two words. */
  type: Event['type']
  data: Event['data']
  /** The customer id where there is one. */
  subject?: string
  /** By what the log keeps order; the subject unless said otherwise. */
  key?: string
  /**
   * Which of two events of one topic and key is the older, when both wait in the outbox: the row's version for state,
   * milliseconds of the fact for facts. See outbox.ts for why no id or clock of ours decides it.
   */
  sequence: number
  /** Unix milliseconds of the change. */
  time: number
  /** UUIDv7; a new one unless given. Writers that may write twice derive it from their own key. */
  id?: string
  /** Ids of the rules that led to it, oldest first. */
  causation?: readonly string[]
}

/** An event ready for the outbox. */
export interface OutboxEvent {
  readonly topic: string
  readonly partition: number
  readonly key: string
  readonly sequence: number
  readonly id: string
  /** CloudEvents 1.0, structured JSON. */
  readonly body: string
}

/** Builds a CloudEvent of our own: `source` is the service, by its path (`/crm`). */
export function makeEvent<Event extends { type: string; data: unknown }>(spec: EventSpec<Event>): OutboxEvent {
  const topic = topicOf(spec.type)
  const key = spec.key ?? spec.subject
  assert(key !== undefined && isId(key), 'an event needs a key, and keys are UUIDs in lower case')
  assert(Number.isSafeInteger(spec.sequence), 'the sequence of an event is a whole number')
  const id = spec.id ?? newId()
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: `/${serviceOf(topic)}`,
    type: spec.type,
    subject: spec.subject,
    time: new Date(spec.time).toISOString(),
    datacontenttype: 'application/json',
    causation: spec.causation && spec.causation.length > 0 ? spec.causation.join(' ') : undefined,
    data: spec.data,
  })
  return { topic, partition: partitionOf(key as CustomerId), key, sequence: spec.sequence, id, body }
}

const TOPIC_OF_TYPE = /^([a-z]+\.[a-z-]+)\.[a-z-]+$/

/** `crm.customer.changed` → `crm.customer`. */
export function topicOf(type: string): string {
  const topic = TOPIC_OF_TYPE.exec(type)?.[1]
  assert(topic, 'an event type is service.noun.what-happened')
  return topic
}

/** `crm.customer` → `crm`: the service that writes the topic, which is also the schema of its outbox. */
export function serviceOf(topic: string): string {
  return topic.slice(0, topic.indexOf('.'))
}

/** The fixed key of something that has no UUID: `keyOf('hub.setting/callee-clock')`. A UUIDv8 of the name's SHA-256. */
export function keyOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
