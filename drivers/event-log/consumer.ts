import { randomUUID } from 'node:crypto'
import type { Log } from '@loopline/postgres/log'
import type { Queryable } from '@loopline/postgres/queryable'
import { holdsLease, saveProgress } from './cursor.sql.ts'
import type { Progress } from './cursor.sql.ts'
import { deliver, keyName } from './delivery.ts'
import type { DeliveryOptions } from './delivery.ts'
import { LeaseLostError } from './event-log.ts'
import type { ConsumeOptions, Consumer, Delivery, LogEvent, PartitionLease } from './event-log.ts'
import { messageOf } from './failure.ts'
import { Holdings } from './holdings.ts'
import { Membership } from './membership.ts'
import { bury, enrol, ownerOf } from './membership.sql.ts'
import { parkedKeys } from './parking.sql.ts'
import { startPulse } from './pulse.ts'
import type { Pulse } from './pulse.ts'
import { readEvents, readHeads } from './reading.sql.ts'
import { retryKey } from './retry-parked.ts'

export interface Surroundings {
  db: Queryable
  log: Log
  /** Life of a lease on the database's clock, ms. */
  ttlMs: number
  /** How often to look without being woken, ms. */
  sweepMs: number
  /** Of this process, and of the ended one whose place it takes. */
  processName: string
  predecessor: string | null
  /** Wakes the `shareAnew` of the other members, in all processes. */
  tellOthers(): void
}

const LOST = 'another member owns a partition of this batch'
const BATCH_MAX = 500
/** Progress that no handler saves itself is saved this often: what a crash delivers again (P9 allows it, in order). */
const SAVE_EVERY_MS = 1_000

/** One member of a consumer group: everything that touches its holdings happens in one loop, one step after the other. */
export class GroupMember implements Consumer {
  readonly #options: ConsumeOptions<never>
  readonly #around: Surroundings
  readonly #holdings = new Holdings()
  readonly #parked = new Set<string>()
  readonly #pulse: Pulse
  #membership: Membership | undefined
  readonly #joined = Promise.withResolvers<void>()
  #gained: Progress[] = []
  #lost: number[] = []
  #surplus: readonly number[] = []
  #tenure = new AbortController()
  #savedAt = 0

  constructor(options: ConsumeOptions<never>, around: Surroundings) {
    this.#options = options
    this.#around = around
    this.#pulse = startPulse({
      sweepMs: around.sweepMs,
      run: () => this.#run(),
      onError: (error) => {
        // The others may have a partition of ours: ask now rather than at the next renewal.
        if (error instanceof LeaseLostError) this.#membership?.wake()
        around.log.warn({ group: options.group, reason: messageOf(error) }, 'events could not be handled; trying again')
      },
    })
  }

  get joined(): Promise<void> {
    return this.#joined.promise
  }

  leases(): readonly PartitionLease[] {
    return this.#holdings.leases
  }

  get topics(): readonly string[] {
    return this.#options.topics
  }

  wake(): void {
    this.#pulse.wake()
  }

  shareAnew(): void {
    this.#membership?.wake()
  }

  async stop(): Promise<void> {
    await this.#membership?.stop()
    await this.#pulse.stop()
    this.#joined.resolve()
    if (!this.#membership) return
    try {
      await this.#giveUp(this.#holdings.partitions)
      await this.#membership.leave()
    } catch (error) {
      this.#around.log.warn({ group: this.#options.group, reason: messageOf(error) }, 'leaving the group failed; its leases run out by themselves')
    }
  }

  /** One round: what changed in ownership first, then one batch. True when there is more to read. */
  async #run(): Promise<boolean> {
    this.#membership ??= await this.#join()
    await this.#settle()
    if (!this.#membership.valid) return false
    await this.#retryParked()
    const more = await this.#readBatch()
    if (performance.now() - this.#savedAt >= SAVE_EVERY_MS) await this.#save()
    return more
  }

  async #join(): Promise<Membership> {
    const { group, topics, from = 'earliest' } = this.#options
    const { db, processName, predecessor } = this.#around
    await enrol(db, group, topics, from)
    if (predecessor !== null) await bury(db, group, predecessor)
    const membership = new Membership({
      ...this.#around, group, owner: ownerOf(processName, randomUUID()),
      onGained: (progress) => {
        this.#gained.push(...progress)
        this.#pulse.wake()
      },
      onLost: (partitions) => {
        this.#tenure.abort()
        this.#lost.push(...partitions)
        this.#gained = this.#gained.filter(({ partition }) => !partitions.includes(partition))
        this.#pulse.wake()
      },
      onSurplus: (partitions) => {
        this.#surplus = partitions
        this.#pulse.wake()
      },
    })
    void membership.joined.then(() => this.#joined.resolve())
    return membership
  }

  async #settle(): Promise<void> {
    if (this.#tenure.signal.aborted) this.#tenure = new AbortController()
    const lost = this.#holdings.remove(this.#lost.splice(0))
    if (lost.length > 0) await this.#options.onRevoked?.(lost)
    const surplus = this.#surplus
    this.#surplus = []
    if (surplus.length > 0) {
      await this.#giveUp(surplus)
      await this.#membership?.giveBack(surplus)
    }
    const gained = this.#gained.splice(0)
    if (gained.length === 0) return
    const tokens = new Map(gained.map(({ partition, token }) => [partition, token]))
    await this.#options.onAssigned?.([...tokens].map(([partition, token]) => ({ partition, token })))
    this.#holdings.add(gained, this.#options.topics)
    await this.#learnParked()
  }

  /** Saves first: whoever takes over must not be given again what is done. */
  async #giveUp(partitions: readonly number[]): Promise<void> {
    await this.#save()
    const owned = this.#holdings.remove(partitions)
    if (owned.length > 0) await this.#options.onRevoked?.(owned)
  }

  async #readBatch(): Promise<boolean> {
    const { db } = this.#around
    const { topics, batchMax = BATCH_MAX } = this.#options
    const behind = this.#holdings.behind(await readHeads(db, topics))
    if (behind.length === 0) return false
    const events = await readEvents(db, behind, batchMax)
    // Pruned under a group that had been forgotten: heads are ahead, the events are gone.
    if (events.length === 0) return false
    if (!this.#membership?.valid) return true
    await deliver(this.#delivery(), events, this.#parked)
    return true
  }

  #delivery(): DeliveryOptions {
    return {
      db: this.#around.db,
      group: this.#options.group,
      handle: (events) => this.#handle(events),
      onPassed: (events) => this.#holdings.pass(events),
      onPoison: ({ topic, partition, offset, key }, error) =>
        this.#around.log.error({ group: this.#options.group, topic, partition, offset, key, reason: messageOf(error) }, 'an event cannot be handled; its key waits'),
    }
  }

  async #handle(events: readonly LogEvent[]): Promise<void> {
    let committed: Progress[] = []
    await this.#options.handle(events as readonly LogEvent<never>[], {
      ...this.#deliveryOf(events),
      commitIn: async (transaction) => {
        const progress = this.#holdings.progressOf(events)
        if ((await saveProgress(transaction, this.#options.group, progress)) < progress.length) throw new LeaseLostError(LOST)
        committed = progress
      },
    })
    this.#holdings.markSaved(committed)
  }

  /** A parked event lies behind the cursor: nothing to save, but the partition must still be ours. */
  async #handleParked(event: LogEvent): Promise<void> {
    const [progress] = this.#holdings.progressOf([event])
    await this.#options.handle([event as LogEvent<never>], {
      ...this.#deliveryOf([event]),
      commitIn: async (transaction) => {
        if (!progress || !(await holdsLease(transaction, this.#options.group, progress))) throw new LeaseLostError(LOST)
      },
    })
  }

  #deliveryOf(events: readonly LogEvent[]): Pick<Delivery, 'signal' | 'tokens'> {
    return { signal: this.#tenure.signal, tokens: this.#holdings.tokensOf(events) }
  }

  async #save(): Promise<void> {
    this.#savedAt = performance.now()
    const progress = this.#holdings.unsaved()
    if (progress.length === 0) return
    if ((await saveProgress(this.#around.db, this.#options.group, progress)) < progress.length) this.#membership?.wake()
    this.#holdings.markSaved(progress)
  }

  async #learnParked(): Promise<{ topic: string; key: string; due: boolean }[]> {
    const heads = await parkedKeys(this.#around.db, this.#options.group, this.#holdings.partitions)
    this.#parked.clear()
    for (const head of heads) this.#parked.add(keyName(head))
    return heads
  }

  async #retryParked(): Promise<void> {
    if (this.#parked.size === 0) return
    for (const head of await this.#learnParked()) {
      if (!head.due) continue
      const key = { group: this.#options.group, topic: head.topic, key: head.key }
      const cleared = await retryKey(this.#around.db, key, (event) => this.#handleParked(event))
      if (cleared) this.#parked.delete(keyName(head))
    }
  }
}
