import type { Delivery, LogEvent } from './event-log.ts'

type Handle<Event> = (events: readonly LogEvent<Event>[], delivery: Delivery) => Promise<void>

/**
 * For tests of consumers (P9, F18): wraps a handler so that each batch comes one to three times, and now and then an
 * old batch comes once more. What the handler leaves behind must be the same as without.
 *
 * @param random 0 ≤ x < 1, seeded by the test.
 */
export function repeatDelivery<Event>(handle: Handle<Event>, random: () => number): Handle<Event> {
  const old: (readonly LogEvent<Event>[])[] = []
  return async (events, delivery) => {
    const times = 1 + Math.floor(random() * 3)
    for (let time = 0; time < times; time++) await handle(events, time === times - 1 ? delivery : withoutCommit(delivery))
    old.push(events)
    const again = random() < 0.3 ? old[Math.floor(random() * old.length)] : undefined
    if (again) await handle(again, withoutCommit(delivery))
  }
}

/** A repetition happens because progress was not saved. */
function withoutCommit(delivery: Delivery): Delivery {
  return { signal: delivery.signal, tokens: delivery.tokens, commitIn: () => Promise.resolve() }
}
