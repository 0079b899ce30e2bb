import type { Log } from '@loopline/postgres/log'
import type { Queryable } from '@loopline/postgres/queryable'
import type { Tail, TailOptions } from './event-log.ts'
import { messageOf } from './failure.ts'
import { startPulse } from './pulse.ts'
import { readEvents, readHeads } from './reading.sql.ts'
import type { Position } from './reading.sql.ts'

const BATCH_MAX = 1_000

/** Reads everything appended from now on, for live screens: no group, nothing saved, gone with the process. */
export function startTail(options: TailOptions<never>, { db, log, sweepMs }: { db: Queryable; log: Log; sweepMs: number }): Tail & { topics: readonly string[] } {
  const reading = Promise.withResolvers<void>()
  let places: Map<string, number[]> | undefined

  const begin = async (): Promise<Map<string, number[]>> => {
    places = await readHeads(db, options.topics)
    reading.resolve()
    return places
  }
  const pulse = startPulse({
    sweepMs,
    async run() {
      // Nobody looks: the reader begins anew, at the end of that time, when somebody does.
      if (options.isWanted && !options.isWanted()) {
        places = undefined
        return false
      }
      const at = places ?? (await begin())
      const behind = positionsBehind(at, await readHeads(db, options.topics))
      if (behind.length === 0) return false
      const events = await readEvents(db, behind, BATCH_MAX)
      // A live screen would rather miss what was pruned than wait for it.
      if (events.length === 0) places = undefined
      for (const { topic, partition, offset } of events) offsetsOf(at, topic)[partition] = offset + 1
      if (events.length > 0) await options.onEvents(events)
      return events.length > 0
    },
    onError: (error) => log.warn({ reason: messageOf(error) }, 'a tail of the log was interrupted; it goes on where it was'),
  })
  return {
    topics: options.topics,
    reading: reading.promise,
    wake: pulse.wake,
    async stop() {
      await pulse.stop()
      reading.resolve()
    },
  }
}

/** A topic whose first event came after the start begins at 0. */
function offsetsOf(places: Map<string, number[]>, topic: string): number[] {
  const known = places.get(topic)
  if (known) return known
  const fresh: number[] = []
  places.set(topic, fresh)
  return fresh
}

function positionsBehind(places: Map<string, number[]>, heads: ReadonlyMap<string, number[]>): Position[] {
  const behind: Position[] = []
  for (const [topic, offsets] of heads) {
    const read = offsetsOf(places, topic)
    offsets.forEach((next, partition) => {
      const offset = read[partition] ?? 0
      if (offset < next) behind.push({ topic, partition, offset })
    })
  }
  return behind
}
