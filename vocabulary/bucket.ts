import type { CustomerId } from './ids.ts'

/** The dial list is cut into this many buckets by customer; claimers own buckets (data-rules). */
export const BUCKETS = 1024

/** The event log is cut into this many partitions by customer. */
export const PARTITIONS = 64

/**
 * The bucket of a customer, 0..1023: the last ten bits of the id, which UUIDv7 fills at random.
 * `loopline.bucket(uuid)` in SQL computes the same; a test holds the two against each other.
 */
export function bucketOf(customerId: CustomerId): number {
  return Number.parseInt(customerId.slice(32), 16) & (BUCKETS - 1)
}

/** The log partition of a customer, 0..63: every 64th bucket shares one. SQL: `loopline.bucket(id) % 64`. */
export function partitionOf(customerId: CustomerId): number {
  return bucketOf(customerId) % PARTITIONS
}
