import pg from 'pg'
import { setTimeout as after } from 'node:timers/promises'
import type { Log } from './log.ts'
import { SILENT } from './log.ts'
import { connectionConfig } from './pool.ts'

/** @param about what the notifications said; null when nothing is known: look at everything. */
export type OnNotify = (about: readonly string[] | null) => void

export interface ListenOptions {
  url: string
  /** Who listens, for pg_stat_activity. */
  name: string
  /**
   * Channel → look for work now. Called once after each (re)connection, then for each notification. Must not throw.
   * Several on one connection: each NOTIFY of any channel wakes every connection that listens to anything.
   */
  channels: Readonly<Record<string, OnNotify>>
  log?: Log
}

export interface Listener {
  /** Resolves when the first LISTEN is in force. */
  readonly listening: Promise<void>
  close(): Promise<void>
}

/** A connection that died without a word is noticed after at most this and its time-out. */
const HEARTBEAT_MS = 10_000
const HEARTBEAT_TIMEOUT_MS = 3_000

/**
 * Listens on its own connection and never gives up. What was sent while it was away never comes (F15), so each time it
 * first listens and then asks the caller to look once.
 */
export function listen(options: ListenOptions): Listener {
  const log = options.log ?? SILENT
  const stop = new AbortController()
  const first = Promise.withResolvers<void>()
  const running = keepListening(options, stop.signal, first.resolve, log)
  return {
    listening: first.promise,
    async close() {
      stop.abort()
      first.resolve()
      await running
    },
  }
}

async function keepListening(options: ListenOptions, stop: AbortSignal, ready: () => void, log: Log): Promise<void> {
  for (let pauseMs = 25; !stop.aborted; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    const started = performance.now()
    try {
      await listenOnce(options, stop, ready)
    } catch (error) {
      if (stop.aborted) return
      log.warn({ channels: Object.keys(options.channels), reason: (error as Error).message }, 'listening was interrupted; connecting again')
    }
    if (performance.now() - started > 5_000) pauseMs = 25
    await after(pauseMs * (0.5 + Math.random()), undefined, { signal: stop }).catch(() => undefined)
  }
}

/** One connection's life: returns when stopped, throws when the connection is lost. */
async function listenOnce({ url, name, channels, log }: ListenOptions, stop: AbortSignal, ready: () => void): Promise<void> {
  const client = new pg.Client({ ...connectionConfig({ url, name: `${name} listener`, ...(log ? { log } : {}) }), query_timeout: HEARTBEAT_TIMEOUT_MS })
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => undefined)
  client.on('error', lost.reject)
  client.on('end', () => lost.reject(new Error('the connection ended')))
  client.on('notification', ({ channel, payload }) => channels[channel]?.(payload ? payload.split(',') : null))
  try {
    await client.connect()
    for (const channel of Object.keys(channels)) await client.query(`listen ${client.escapeIdentifier(channel)}`)
    ready()
    for (const onNotify of Object.values(channels)) onNotify(null)
    while (!stop.aborted) {
      await Promise.race([lost.promise, after(HEARTBEAT_MS, undefined, { signal: stop }).catch(() => undefined)])
      if (!stop.aborted) await client.query('select')
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}
