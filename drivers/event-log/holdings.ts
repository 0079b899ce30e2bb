import type { Progress } from './cursor.sql.ts'
import type { LogEvent, PartitionLease } from './event-log.ts'
import type { Position } from './reading.sql.ts'

interface Place extends Progress {
  /** What log.cursor says. */
  saved: number
}

/** What one consumer owns and how far it has come, in memory. */
export class Holdings {
  readonly #tokens = new Map<number, number>()
  readonly #places = new Map<string, Place>()
  /** Rotates, so that a busy partition does not keep others from a batch. */
  #first = 0

  get partitions(): number[] {
    return [...this.#tokens.keys()]
  }

  get leases(): PartitionLease[] {
    return [...this.#tokens].map(([partition, token]) => ({ partition, token }))
  }

  /** Starts from what the database says; topics of others in the same group are left out. */
  add(progress: readonly Progress[], topics: readonly string[]): void {
    for (const at of progress) {
      this.#tokens.set(at.partition, at.token)
      if (topics.includes(at.topic)) this.#places.set(`${at.topic}/${at.partition}`, { ...at, saved: at.offset })
    }
  }

  /** Forgets these partitions; answers which of them were owned. */
  remove(partitions: readonly number[]): number[] {
    const owned = partitions.filter((partition) => this.#tokens.delete(partition))
    for (const [name, place] of this.#places) if (owned.includes(place.partition)) this.#places.delete(name)
    return owned
  }

  /** Where there is something to read, given the heads of the topics. */
  behind(heads: ReadonlyMap<string, number[]>): Position[] {
    const places = [...this.#places.values()].filter((place) => place.offset < (heads.get(place.topic)?.[place.partition] ?? 0))
    const turn = places.length === 0 ? 0 : this.#first++ % places.length
    return [...places.slice(turn), ...places.slice(0, turn)]
  }

  pass(events: readonly LogEvent[]): void {
    for (const { topic, partition, offset } of events) {
      const place = this.#places.get(`${topic}/${partition}`)
      if (place) place.offset = Math.max(place.offset, offset + 1)
    }
  }

  /** The progress that these events mean. Those of partitions lost meanwhile carry token −1, which nothing accepts. */
  progressOf(events: readonly LogEvent[]): Progress[] {
    const last = new Map<string, Progress>()
    for (const { topic, partition, offset } of events) {
      last.set(`${topic}/${partition}`, { topic, partition, offset: offset + 1, token: this.#tokens.get(partition) ?? -1 })
    }
    return [...last.values()]
  }

  tokensOf(events: readonly LogEvent[]): Map<number, number> {
    return new Map(events.map(({ partition }) => [partition, this.#tokens.get(partition) ?? -1]))
  }

  /** What the database does not know yet. */
  unsaved(): Progress[] {
    return [...this.#places.values()].filter((place) => place.offset > place.saved).map(({ topic, partition, offset, token }) => ({ topic, partition, offset, token }))
  }

  markSaved(progress: readonly Progress[]): void {
    for (const { topic, partition, offset } of progress) {
      const place = this.#places.get(`${topic}/${partition}`)
      if (place) place.saved = Math.max(place.saved, offset)
    }
  }
}
