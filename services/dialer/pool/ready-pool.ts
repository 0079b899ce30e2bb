import type { CampaignId, CustomerId } from '@loopline/vocabulary/ids'
import type { Database } from '@loopline/postgres/queryable'
import type { EntryKey } from '../audience/entry.sql.ts'
import { readPersons } from '../audience/person.sql.ts'
import type { Person } from '../audience/person.sql.ts'
import type { Slots } from '../owner/slots.ts'
import { BestKeys } from './best-keys.ts'
import { LEASE_SECONDS, claimReady, readHeads, renewLeases, returnLeases } from './claim.sql.ts'
import type { ClaimedEntry } from './claim.sql.ts'
import { ReadyHeap } from './ready-heap.ts'
import type { Ranked } from './ready-heap.ts'

/** An entry leased into memory, ready to be decided about. `key` is the customer id. */
export interface PooledEntry extends Ranked, EntryKey {
  tries: number
  uncountedTries: number
  triedAt: number[]
  leaseToken: number
  /** Monotonic ms by which the lease surely still stands; the database decides in the end. */
  leasedUntil: number
  person: Person
}

/** A batch of leases, as the design has it. */
export const BATCH = 100
const RENEW_BEFORE_MS = 15_000

export interface PoolDeps {
  db: Database
  slots: Slots
  /** Milliseconds that only grow. */
  monotonic(): number
}

/**
 * The ready pool of one campaign in this process: what may be dialled next, in one true order of priority over all
 * buckets owned. The heap holds what is leased, `best` knows what waits in the database.
 */
export class ReadyPool {
  readonly best = new BestKeys()
  readonly #heap = new ReadyHeap<PooledEntry>()
  /** Shown to an agent who has not said yes: ours like the pooled ones, and taken away from him like them. */
  readonly #shown = new Map<string, PooledEntry>()
  readonly #campaignId: CampaignId
  readonly #deps: PoolDeps

  constructor(campaignId: CampaignId, deps: PoolDeps) {
    this.#campaignId = campaignId
    this.#deps = deps
  }

  get size(): number {
    return this.#heap.size
  }

  get(customerId: CustomerId): PooledEntry | undefined {
    return this.#heap.get(customerId) ?? this.#shown.get(customerId)
  }

  entries(): readonly PooledEntry[] {
    return this.#heap.values()
  }

  /** What is pooled, the best first. */
  inOrder(): PooledEntry[] {
    return this.#heap.values().toSorted((a, b) => b.priority - a.priority || a.dueAt - b.dueAt)
  }

  /** Takes the best entry out; leases that may have run out are dropped on the way, never dialled. */
  pop(): PooledEntry | undefined {
    for (;;) {
      const entry = this.#heap.pop()
      if (!entry || entry.leasedUntil > this.#deps.monotonic()) return entry
    }
  }

  putBack(entry: PooledEntry): void {
    this.#heap.add(entry)
  }

  /** Keeps an entry that was taken out while an agent looks at it. */
  show(entry: PooledEntry): void {
    this.#shown.set(entry.customerId, entry)
  }

  /** Takes a shown entry out; undefined when it was withdrawn meanwhile. */
  takeShown(customerId: CustomerId): PooledEntry | undefined {
    const entry = this.#shown.get(customerId)
    this.#shown.delete(customerId)
    return entry
  }

  /** An edit, a stop or the end of a lease takes the entry away. Answers whether it was pooled. */
  withdraw(customerId: CustomerId): boolean {
    return this.#shown.delete(customerId) || this.#heap.remove(customerId) !== undefined
  }

  rank(customerId: CustomerId, priority: number): void {
    this.#heap.rank(customerId, priority)
  }

  /** Whether a claim would bring something: too few pooled, or something better than the best pooled waits. */
  wants(target: number): boolean {
    const best = this.best.best()
    if (best === Number.NEGATIVE_INFINITY) return false
    return this.#heap.size < target || best > (this.#heap.peek()?.priority ?? Number.NEGATIVE_INFINITY)
  }

  /** Leases up to one batch of the best entries. Answers how many came. */
  async refill(target: number): Promise<number> {
    const top = this.#heap.peek()
    const plan = this.#heap.size < target || !top ? this.best.plan(BATCH) : this.best.plan(BATCH, top.priority)
    if (!plan) return 0
    const { db, slots, monotonic } = this.#deps
    const wishes = plan.wishes.flatMap((wish) => {
      const token = slots.tokenOf(wish.bucket)
      return token === undefined ? [] : [{ ...wish, token }]
    })
    for (const { bucket } of plan.wishes) if (!slots.owns(bucket)) this.best.clear(bucket)
    if (wishes.length === 0) return 0
    const leasedUntil = monotonic() + LEASE_SECONDS * 1000 - 1_000
    const claimed = await claimReady(db, this.#campaignId, wishes, plan.priorityFloor)
    await Promise.all([this.#addClaimed(claimed, leasedUntil), this.look(wishes.map((wish) => wish.bucket))])
    return claimed.length
  }

  /** Reads the best keys of these buckets anew. */
  async look(buckets: readonly number[]): Promise<void> {
    for (const bucket of buckets) this.best.clear(bucket)
    if (buckets.length === 0) return
    for (const { bucket, priority, dueAt } of await readHeads(this.#deps.db, this.#campaignId, buckets)) this.best.offer(bucket, priority, dueAt.getTime())
  }

  /** Extends leases that run out soon; entries whose lease is lost leave the pool. */
  async renew(): Promise<void> {
    const now = this.#deps.monotonic()
    const soon = this.#held().filter((entry) => entry.leasedUntil - now < RENEW_BEFORE_MS)
    if (soon.length === 0) return
    const kept = new Set((await renewLeases(this.#deps.db, soon)).map((key) => key.customerId))
    for (const entry of soon) {
      if (kept.has(entry.customerId)) entry.leasedUntil = now + LEASE_SECONDS * 1000 - 1_000
      else this.withdraw(entry.customerId)
    }
  }

  /** Empties the pool and gives everything back to the list. Answers how many were returned. */
  async release(which: (entry: PooledEntry) => boolean = () => true): Promise<number> {
    const entries = this.#held().filter(which)
    for (const entry of entries) this.withdraw(entry.customerId)
    return this.giveBack(entries)
  }

  /** Returns leases; the entries are ready again for whoever claims next. */
  async giveBack(entries: readonly PooledEntry[]): Promise<number> {
    if (entries.length === 0) return 0
    const returned = await returnLeases(this.#deps.db, entries)
    const byCustomer = new Map(entries.map((entry) => [entry.customerId, entry]))
    for (const { bucket, customerId } of returned) {
      const entry = byCustomer.get(customerId) as PooledEntry
      if (this.#deps.slots.owns(bucket)) this.best.offer(bucket, entry.priority, entry.dueAt)
    }
    return returned.length
  }

  #held(): PooledEntry[] {
    return [...this.#heap.values(), ...this.#shown.values()]
  }

  async #addClaimed(claimed: readonly ClaimedEntry[], leasedUntil: number): Promise<void> {
    const persons = await readPersons(this.#deps.db, claimed.map((entry) => entry.customerId))
    for (const entry of claimed) {
      const person = persons.get(entry.customerId)
      if (!person) continue // its lease runs out by itself; an entry without a person cannot be decided about
      const { bucket, customerId, priority, tries, uncountedTries, leaseToken } = entry
      this.#heap.add({
        key: customerId, bucket, customerId, campaignId: this.#campaignId, priority, dueAt: entry.dueAt.getTime(), tries, uncountedTries,
        triedAt: entry.triedAt.map((at) => at.getTime()), leaseToken, leasedUntil, person,
      })
    }
  }
}
