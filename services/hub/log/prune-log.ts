import type { Clock } from '@loopline/clock/clock'
import type { EventLog } from '@loopline/event-log/event-log'
import type { Logger } from '@loopline/telemetry/logger'

const DAY_MS = 86_400_000
const EVERY_MS = 3_600_000
/** After a start other things come first. */
const FIRST_AFTER_MS = 60_000

export interface LogPruner {
  /** Deletes now what is too old and has been passed by every reader. Returns the number of events; a failure is logged. */
  prune(): Promise<number>
  stop(): Promise<void>
}

/**
 * Keeps the event log from growing for ever: each hour, events older than `keepDays` go. Two hubs that prune at once
 * only delete less each.
 */
export function startLogPruner({ eventLog, clock, log, keepDays }: { eventLog: EventLog; clock: Clock; log: Logger; keepDays: number }): LogPruner {
  let pruning: Promise<number> | null = null
  const work = async (): Promise<number> => {
    try {
      const pruned = await eventLog.prune(new Date(clock.now() - keepDays * DAY_MS))
      if (pruned > 0) log.info({ pruned, keepDays }, 'old events were removed from the log')
      return pruned
    } catch (error) {
      log.warn({ err: error }, 'the event log could not be pruned; it is tried again in an hour')
      return 0
    }
  }
  const prune = (): Promise<number> => (pruning ??= work().finally(() => { pruning = null }))
  const first = setTimeout(() => void prune(), FIRST_AFTER_MS).unref()
  const timer = setInterval(() => void prune(), EVERY_MS).unref()
  return {
    prune,
    async stop() {
      clearTimeout(first)
      clearInterval(timer)
      await pruning
    },
  }
}
