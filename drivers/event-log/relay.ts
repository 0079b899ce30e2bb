import { listen } from '@loopline/postgres/listen'
import { SILENT } from '@loopline/postgres/log'
import type { Log } from '@loopline/postgres/log'
import type { Notifier } from '@loopline/postgres/notify'
import type { Database } from '@loopline/postgres/queryable'
import { OUTBOX_CHANNEL } from './outbox.ts'
import { startPulse } from './pulse.ts'
import { drainOutbox, openTopics, waitingOutboxes } from './relay.sql.ts'

/** The relay sends it after appending, consumers listen. */
export const LOG_CHANNEL = 'loopline_log'

export interface RelayOptions {
  db: Database
  url: string
  /** Services whose outboxes are emptied; each has `<service>.outbox`. */
  services: readonly string[]
  notifier: Notifier
  log?: Log
  /** Told after each batch; for metrics. */
  onMoved?: (events: number, service: string, ms: number) => void
  /** How often the outboxes are looked at without being woken, ms. */
  sweepMs?: number
  /** Batches begin at least this far apart, ms: each costs 1.2 ms of CPU and 27 µs per event. The first of a burst goes at once. */
  gapMs?: number
  /** Events in one transaction at most. */
  batchMax?: number
}

export interface Relay {
  /** Look now. */
  wake(): void
  stop(): Promise<void>
}

/** Moves events from outboxes to the log. Any number of processes may run one: each topic is moved by one at a time. */
export function startRelay(options: RelayOptions): Relay {
  const { db, services, log = SILENT, batchMax = 2_000 } = options
  const drain = async (service: string): Promise<boolean> => {
    const started = performance.now()
    const { due, moved, topics } = await drainOutbox(db, service, batchMax)
    if (moved > 0) {
      for (const topic of topics) options.notifier.notify(LOG_CHANNEL, topic)
      options.onMoved?.(moved, service, performance.now() - started)
    }
    if (moved === due) return due === batchMax
    // Either a topic is new, or another relay has it; then that one is woken too, and we are not needed.
    return (await openTopics(db, service)) > 0
  }
  const pulse = startPulse({
    sweepMs: options.sweepMs ?? 250,
    gapMs: options.gapMs ?? 25,
    async run() {
      let more = false
      for (const service of await waitingOutboxes(db, services)) more = (await drain(service)) || more
      return more
    },
    onError: (error) => log.error({ reason: (error as Error).message }, 'the relay could not move events; it tries again'),
  })
  const listener = listen({ url: options.url, name: 'relay', channels: { [OUTBOX_CHANNEL]: pulse.wake }, log })
  return {
    wake: pulse.wake,
    async stop() {
      await listener.close()
      await pulse.stop()
    },
  }
}
