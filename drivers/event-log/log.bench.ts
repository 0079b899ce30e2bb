/**
 * The way from a writer's commit to a consumer's handler at a steady rate: `node drivers/event-log/log.bench.ts 1000`
 * (events per second; each in a transaction of its own). Prints JSON last. CPU is that of all processes, per event,
 * for writing alone, with the relay, and with the relay and a consumer.
 */
import { setTimeout as after } from 'node:timers/promises'
import { newId } from '@loopline/clock/new-id'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import type { Database } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import { startBenchServer } from './bench-server.ts'
import { makeEvent } from './make-event.ts'
import { publish } from './outbox.ts'
import { openPostgresLog } from './postgres-log.ts'
import { startRelay } from './relay.ts'

const perSecond = Number(process.argv[2] ?? 1_000)
const SECONDS = 10
const PER_TRANSACTION = 5
const keys = Array.from({ length: 20_000 }, () => newId())
let sequence = 0

const server = await startBenchServer()
const db: Database = openPool({ url: server.url, name: 'bench', max: 6 })
const notifier = createNotifier({ url: server.url, name: 'bench' })
const committedAt = new Map<number, number>()

async function writeOnce(): Promise<void> {
  const events = Array.from({ length: PER_TRANSACTION }, () => makeEvent<{ type: 'bench.customer.changed'; data: { n: number; text: string } }>({
    type: 'bench.customer.changed', subject: keys[Math.floor(Math.random() * keys.length)] as string, sequence: ++sequence, time: Date.now(),
    data: { n: sequence, text: 'x'.repeat(1_000) },
  }))
  const numbers = Array.from({ length: PER_TRANSACTION }, (_, at) => sequence - PER_TRANSACTION + 1 + at)
  await inTransaction(db, (transaction) => publish(transaction, notifier, events))
  for (const n of numbers) committedAt.set(n, performance.now())
}

/** Keeps the rate by the clock, not by the answers. Returns CPU microseconds per event. */
async function steady(): Promise<number> {
  const before = server.cpuSeconds()
  const started = performance.now()
  const open = new Set<Promise<void>>()
  let written = 0
  while (written < perSecond * SECONDS) {
    const owed = ((performance.now() - started) / 1_000) * perSecond - written
    for (let transactions = Math.floor(owed / PER_TRANSACTION); transactions > 0; transactions--) {
      const running = writeOnce().finally(() => open.delete(running))
      open.add(running)
      written += PER_TRANSACTION
    }
    await after(5)
  }
  await Promise.all(open)
  return Math.round(((server.cpuSeconds() - before) / written) * 1e6)
}

try {
  const writing = await steady()
  const relay = startRelay({ db, url: server.url, services: ['bench'], notifier })
  await after(1_000) // the backlog of the first phase
  const withRelay = await steady()
  const latencies: number[] = []
  const log = openPostgresLog({ db, url: server.url, notifier })
  const consumer = log.consume<{ data: { n: number } }>({
    group: 'bench', topics: ['bench.customer'], from: 'latest',
    async handle(events) {
      const now = performance.now()
      for (const { event } of events) latencies.push(now - (committedAt.get(event.data.n) ?? now))
    },
  })
  await consumer.joined
  const withConsumer = await steady()
  await after(500)
  await log.close()
  await relay.stop()
  latencies.sort((a, b) => a - b)
  const percentile = (share: number): number => Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 10) / 10
  process.stdout.write(`${JSON.stringify({
    perSecond, delivered: latencies.length,
    cpuMicrosPerEvent: { writing, relay: withRelay - writing, consumer: withConsumer - withRelay },
    commitToHandlerMs: { p50: percentile(0.5), p99: percentile(0.99), max: percentile(0.9999999) },
  })}\n`)
} finally {
  await notifier.close()
  await db.close()
  await server.stop()
}
