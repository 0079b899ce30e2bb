import type { Queryable } from '@loopline/postgres/queryable'

/** The text of an event and where it stands. `event` is parsed when first asked for, so that a bad text fails the handler. */
export interface LogEvent<Event = unknown> {
  readonly topic: string
  readonly partition: number
  /** Dense within topic and partition: 0, 1, 2 … */
  readonly offset: number
  /** Order is kept per topic and key: a customer id, or the fixed id of a noun (`keyOf`). */
  readonly key: string
  /** The CloudEvent as JSON, for those who pass it on. */
  readonly body: string
  readonly event: Event
}

/** A partition as one member of a group owns it. */
export interface PartitionLease {
  readonly partition: number
  /** Fencing token: greater each time the partition goes to another member. */
  readonly token: number
}

/** What a handler may do with its batch beside handling it. */
export interface Delivery {
  /**
   * Saves how far the group has come in the handler's own transaction: the batch then takes effect exactly once.
   *
   * @throws LeaseLostError when another member owns one of the partitions by now: let the transaction roll back.
   */
  commitIn(transaction: Queryable): Promise<void>
  /** Aborts when the leases ran out while handling: what is not yet written must not be. */
  readonly signal: AbortSignal
  /** Fencing tokens of the batch's partitions. */
  readonly tokens: ReadonlyMap<number, number>
}

export interface ConsumeOptions<Event = unknown> {
  /** `dialer.customers`: the service and what it does with the events. */
  group: string
  topics: readonly string[]
  /**
   * Applies up to `batchMax` events of all partitions owned, in order within each; one batch at a time. Delivered at
   * least once, so applying one twice must change nothing. Throw `RetryLaterError` when nothing can be handled now (a
   * neighbour is away); any other error is blamed on an event, whose key is then parked alone.
   */
  handle(events: readonly LogEvent<Event>[], delivery: Delivery): Promise<void>
  batchMax?: number
  /** Where a new group begins. Default `earliest`: nothing committed before the first start is missed. */
  from?: 'earliest' | 'latest'
  /** Partitions gained, before their first event. */
  onAssigned?(leases: readonly PartitionLease[]): void | Promise<void>
  /** Partitions given up after their last event, or lost (then the leases are already somebody else's). */
  onRevoked?(partitions: readonly number[]): void | Promise<void>
}

export interface Consumer {
  /** Resolves when this member has taken part in sharing once. */
  readonly joined: Promise<void>
  /** The partitions owned now. */
  leases(): readonly PartitionLease[]
  /** Finishes the batch at hand, saves, and leaves the partitions to the others at once. */
  stop(): Promise<void>
}

export interface TailOptions<Event = unknown> {
  topics: readonly string[]
  /** Events appended from now on, all partitions, once per tail; nothing is remembered. Must not throw. */
  onEvents(events: readonly LogEvent<Event>[]): void | Promise<void>
  /** While it says no, nothing is read; what is appended meanwhile is not told. Absent: always. */
  isWanted?(): boolean
}

export interface Tail {
  /** Resolves when the starting point is fixed. */
  readonly reading: Promise<void>
  /** Look now: for instance because it has just become wanted. */
  wake(): void
  stop(): Promise<void>
}

export interface TopicLag {
  topic: string
  /** Appended and not yet handled. */
  events: number
  /** Waiting time of the oldest of them, ms; null without any. */
  oldestMs: number | null
  /** Events parked with their keys. */
  parked: number
}

export interface ParkedEvent {
  group: string
  topic: string
  partition: number
  offset: number
  key: string
  /** Message of the last failure; null for one that only waits behind a bad one. */
  error: string | null
  attempts: number
  parkedAt: Date
  retryAt: Date
}

export interface ParkedKey {
  group: string
  topic: string
  key: string
}

/** The log as services see it. drivers/event-log implements it on PostgreSQL; `eventLogContract` is the test of any. */
export interface EventLog {
  consume<Event>(options: ConsumeOptions<Event>): Consumer
  tail<Event>(options: TailOptions<Event>): Tail
  lag(group: string): Promise<TopicLag[]>
  /** The oldest parked events, up to `limit`. */
  parked(group: string, limit?: number): Promise<ParkedEvent[]>
  /** Has a key handled again now instead of at its next turn. */
  retryParked(key: ParkedKey): Promise<void>
  /** Gives up one parked event; those behind it are handled next. */
  dropParked(event: ParkedKey & { partition: number; offset: number }): Promise<void>
  /** Deletes what is older and has been passed by every group. Returns the number of events. */
  prune(olderThan: Date): Promise<number>
  /** Removes a group that will not come back: it would hold back pruning for ever. */
  forgetGroup(group: string): Promise<void>
  /** Stops all consumers and tails of this process. */
  close(): Promise<void>
}

/** Another member owns the partition: the effects of this transaction belong to it. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

/** Thrown by a handler when the fault lies elsewhere and the same batch may succeed later. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError'
}
