import type { Queryable } from '@loopline/postgres/queryable'
import { RetryLaterError } from './event-log.ts'
import type { LogEvent } from './event-log.ts'
import { isPassing, messageOf } from './failure.ts'
import { park } from './parking.sql.ts'

export interface DeliveryOptions {
  db: Queryable
  group: string
  /** Calls the handler; resolves when it has applied all of them. */
  handle(events: readonly LogEvent[]): Promise<void>
  /** These and all before them are done with. */
  onPassed(events: readonly LogEvent[]): void
  /** A key was parked because of an error. */
  onPoison(event: LogEvent, error: unknown): void
}

/** This many lone events failing one after the other means that the handler is broken, not the events: slow down. */
const BROKEN_AFTER = 10

/** Of a topic and key, in the set of parked keys. */
export const keyName = ({ topic, key }: { topic: string; key: string }): string => `${topic}/${key}`

/**
 * Brings a batch to the handler. When the handler fails, the batch is halved until the one event that fails alone is
 * found (log₂ n steps); its key is parked, so that its later events wait in order while all other keys go on (F17).
 * Halves are handled in order, so what was passed is always everything up to some offset.
 *
 * @param parked keys parked by now, `keyName`; grows here.
 * @throws what the handler threw when the fault lies elsewhere: nothing from there on was passed.
 */
export async function deliver(options: DeliveryOptions, events: readonly LogEvent[], parked: Set<string>): Promise<void> {
  const failing = { inARow: 0 }
  await deliverPart(options, events, parked, failing)
  options.onPassed(events)
}

async function deliverPart(options: DeliveryOptions, events: readonly LogEvent[], parked: Set<string>, failing: { inARow: number }): Promise<void> {
  const behind = parked.size === 0 ? [] : events.filter((event) => parked.has(keyName(event)))
  if (behind.length > 0) await park(options.db, options.group, behind, null)
  const free = behind.length === 0 ? events : events.filter((event) => !parked.has(keyName(event)))
  if (free.length === 0) return
  try {
    await options.handle(free)
    options.onPassed(free)
    failing.inARow = 0
    return
  } catch (error) {
    if (isPassing(error)) throw error
    if (free.length === 1) return await parkPoison(options, free[0] as LogEvent, error, parked, failing)
  }
  const middle = free.length >> 1
  await deliverPart(options, free.slice(0, middle), parked, failing)
  await deliverPart(options, free.slice(middle), parked, failing)
}

async function parkPoison(options: DeliveryOptions, event: LogEvent, error: unknown, parked: Set<string>, failing: { inARow: number }): Promise<void> {
  await park(options.db, options.group, [event], messageOf(error))
  parked.add(keyName(event))
  options.onPassed([event])
  options.onPoison(event, error)
  if (++failing.inARow >= BROKEN_AFTER) throw new RetryLaterError(`the handler fails for every event: ${messageOf(error)}`)
}
