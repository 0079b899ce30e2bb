import { BUCKETS, PARTITIONS, bucketOf } from '@loopline/vocabulary/bucket'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { PartitionLease } from '@loopline/event-log/event-log'

/**
 * The slots (log partitions, bucket % 64) this process owns, each with its fencing token. The group's lease in the event
 * log decides; the database compares tokens whenever something is claimed or written ahead.
 */
export class Slots {
  readonly #tokens = new Map<number, number>()

  gain(leases: readonly PartitionLease[]): void {
    for (const { partition, token } of leases) this.#tokens.set(partition, token)
  }

  lose(partitions: readonly number[]): void {
    for (const partition of partitions) this.#tokens.delete(partition)
  }

  list(): number[] {
    return [...this.#tokens.keys()]
  }

  leases(): PartitionLease[] {
    return [...this.#tokens].map(([partition, token]) => ({ partition, token }))
  }

  /** Token under which the bucket may be written; undefined when it is not ours. */
  tokenOf(bucket: number): number | undefined {
    return this.#tokens.get(bucket % PARTITIONS)
  }

  owns(bucket: number): boolean {
    return this.#tokens.has(bucket % PARTITIONS)
  }

  ownsCustomer(customerId: CustomerId): boolean {
    return this.owns(bucketOf(customerId))
  }

  buckets(): number[] {
    return bucketsOf(this.list())
  }

  /** Our part of all slots, 0..1: a campaign's rate and concurrency are divided by it. */
  share(): number {
    return this.#tokens.size / PARTITIONS
  }
}

export function bucketsOf(slots: readonly number[]): number[] {
  return slots.flatMap((slot) => Array.from({ length: BUCKETS / PARTITIONS }, (_, index) => slot + index * PARTITIONS))
}
