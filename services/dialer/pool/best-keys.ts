import { BUCKETS } from '@loopline/vocabulary/bucket'

/** A claim on one bucket: at most `take` of its entries. */
export interface BucketWish {
  bucket: number
  take: number
}

export interface ClaimPlan {
  wishes: BucketWish[]
  /** No entry below it is taken: some other bucket holds better ones. */
  priorityFloor: number
}

const NOTHING = Number.NEGATIVE_INFINITY
/** PostgreSQL's smallest integer. */
const PRIORITY_MIN = -2_147_483_648
/** More buckets a claim would only cost probes; the pool's order and the next claim mend what this few leave out. */
const BUCKETS_PER_CLAIM = 32

/**
 * The best ready key of each bucket of one campaign, as far as this process knows. It may promise too much (somebody
 * else took the entry): the claim then returns less and the next look at the bucket mends it. It never promises too little
 * for longer than the owner's own writes take to be told here.
 */
export class BestKeys {
  readonly #priority = new Float64Array(BUCKETS).fill(NOTHING)
  readonly #dueAt = new Float64Array(BUCKETS)

  /** An entry of this bucket became ready. */
  offer(bucket: number, priority: number, dueAt: number): void {
    const known = this.#priority[bucket] as number
    if (priority > known || (priority === known && dueAt < (this.#dueAt[bucket] as number))) this.set(bucket, priority, dueAt)
  }

  set(bucket: number, priority: number, dueAt: number): void {
    this.#priority[bucket] = priority
    this.#dueAt[bucket] = dueAt
  }

  clear(bucket: number): void {
    this.#priority[bucket] = NOTHING
  }

  clearAll(): void {
    this.#priority.fill(NOTHING)
  }

  /** The highest priority that waits in any bucket; -Infinity when nothing does. */
  best(): number {
    let best = NOTHING
    for (const priority of this.#priority) if (priority > best) best = priority
    return best
  }

  /**
   * Which buckets to ask for `count` entries, so that what comes back is as good as one ordered list would give: the
   * buckets with the best heads, and nothing below the best head that was left out. Null when nothing waits.
   *
   * @param above only priorities greater than this: to overtake what is pooled already.
   */
  plan(count: number, above = NOTHING): ClaimPlan | null {
    const heads: number[] = []
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) if ((this.#priority[bucket] as number) > above) heads.push(bucket)
    if (heads.length === 0) return null
    heads.sort((a, b) => this.#compare(a, b))
    const chosen = heads.slice(0, Math.min(count, BUCKETS_PER_CLAIM))
    const leftOut = heads[chosen.length]
    const floor = Math.max(PRIORITY_MIN, leftOut === undefined ? NOTHING : (this.#priority[leftOut] as number), above + 1)
    const take = Math.ceil(count / chosen.length)
    return { wishes: chosen.map((bucket) => ({ bucket, take })), priorityFloor: floor }
  }

  #compare(a: number, b: number): number {
    return (this.#priority[b] as number) - (this.#priority[a] as number) || (this.#dueAt[a] as number) - (this.#dueAt[b] as number)
  }
}
