import type { Log } from '@loopline/postgres/log'
import type { Queryable } from '@loopline/postgres/queryable'
import { PARTITIONS } from '@loopline/vocabulary/bucket'
import type { Progress } from './cursor.sql.ts'
import { claim, leave, release, renew } from './membership.sql.ts'
import type { Member } from './membership.sql.ts'
import { startPulse } from './pulse.ts'
import type { Pulse } from './pulse.ts'

export interface MembershipOptions extends Member {
  db: Queryable
  log: Log
  /** Partitions taken, with the positions to begin at. */
  onGained(progress: readonly Progress[]): void
  /** Partitions that are another member's by now, or must be taken to be. */
  onLost(partitions: readonly number[]): void
  /** More than a fair share: give these back with `giveBack` when their batch is done. */
  onSurplus(partitions: readonly number[]): void
  /** The share of others changed: have them look now. */
  tellOthers(): void
}

/**
 * Holds a fair share of a group's partitions by leases on the database's clock. Its own clock only measures how long
 * ago it asked: it considers a lease gone a fifth of its life before the database does, so that even a member that was
 * frozen stops before another starts; what it still writes is refused by the token (reliability F3, F30).
 */
export class Membership {
  readonly #options: MembershipOptions
  readonly #held = new Set<number>()
  readonly #pulse: Pulse
  readonly #joined = Promise.withResolvers<void>()
  #members = 0
  #validUntil = 0
  #expiry: NodeJS.Timeout | undefined

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#pulse = startPulse({
      sweepMs: options.ttlMs * 0.3,
      run: () => this.#look(),
      onError: (error) => options.log.warn({ group: options.group, reason: (error as Error).message }, 'leases could not be renewed; trying again'),
    })
  }

  /** Resolves after the first look: this member is known, and what was free is taken. */
  get joined(): Promise<void> {
    return this.#joined.promise
  }

  /** Whether what is held may be worked on now. */
  get valid(): boolean {
    return performance.now() < this.#validUntil
  }

  /** Look now: others came or went, or a write was refused. */
  wake(): void {
    this.#pulse.wake()
  }

  async giveBack(partitions: readonly number[]): Promise<void> {
    for (const partition of partitions) this.#held.delete(partition)
    await release(this.#options.db, this.#options, partitions)
    this.#options.tellOthers()
  }

  /** No renewing from here on; what is held stays held until `leave` or its end. */
  async stop(): Promise<void> {
    await this.#pulse.stop()
    clearTimeout(this.#expiry)
    this.#joined.resolve()
  }

  async leave(): Promise<void> {
    await leave(this.#options.db, this.#options)
    await this.giveBack([...this.#held])
  }

  async #look(): Promise<boolean> {
    const asked = performance.now()
    const { members, kept } = await renew(this.#options.db, this.#options, [...this.#held])
    this.#extend(asked)
    this.#drop([...this.#held].filter((partition) => !kept.includes(partition)))
    await this.#balance(Math.ceil(PARTITIONS / members))
    // The first look makes this member known: those who have too much can give.
    if (this.#members === 0) this.#options.tellOthers()
    this.#members = members
    this.#joined.resolve()
    return false
  }

  async #balance(share: number): Promise<void> {
    if (this.#held.size > share) this.#options.onSurplus([...this.#held].slice(share))
    if (this.#held.size >= share) return
    const gained = await claim(this.#options.db, this.#options, share - this.#held.size, [...this.#held])
    for (const { partition } of gained) this.#held.add(partition)
    if (gained.length > 0) this.#options.onGained(gained)
  }

  #extend(asked: number): void {
    this.#validUntil = asked + this.#options.ttlMs * 0.8
    clearTimeout(this.#expiry)
    this.#expiry = setTimeout(() => this.#drop([...this.#held]), Math.max(0, this.#validUntil - performance.now())).unref()
  }

  #drop(partitions: readonly number[]): void {
    if (partitions.length === 0) return
    for (const partition of partitions) this.#held.delete(partition)
    this.#options.onLost(partitions)
  }
}
