/**
 * CPU per event from outbox to log, PostgreSQL included: `node drivers/event-log/relay.bench.ts`. Prints JSON last.
 * Durable server, bodies of 1.3 kB as a customer has them, two topics, 20,000 customers.
 */
import { randomBytes } from 'node:crypto'
import { newId } from '@loopline/clock/new-id'
import { openPool } from '@loopline/postgres/pool'
import type { Database } from '@loopline/postgres/queryable'
import { sqlText } from '@loopline/postgres/sql'
import { processCpuSeconds, startBenchServer } from './bench-server.ts'
import { makeEvent } from './make-event.ts'
import { appendToOutbox } from './outbox.ts'
import { ALTERNATIVES } from './relay-alternatives.bench.ts'
import type { Drain } from './relay-alternatives.bench.ts'

const keys = Array.from({ length: 20_000 }, () => newId())
let sequence = 0

async function fill(database: Database, events: number): Promise<void> {
  await appendToOutbox(database, Array.from({ length: events }, () => makeEvent({
    type: sequence % 3 === 0 ? 'bench.call.ended' : 'bench.customer.changed',
    subject: keys[Math.floor(Math.random() * keys.length)] as string, sequence: ++sequence, time: Date.now(),
    data: { sealed: randomBytes(150).toString('base64'), name: '张伟', text: 'x'.repeat(800) },
  })))
}

interface Figure {
  what: string
  batch: number
  microsPerEvent: number
}

/** Fills one batch and drains it, again and again, as a relay that keeps up finds it. CPU of the backend and of us. */
async function measure(database: Database, backend: number, batch: number, rounds: number, drain: Drain): Promise<number> {
  const cpuMicros = (): number => {
    const { user, system } = process.cpuUsage()
    return user + system + processCpuSeconds(backend) * 1e6
  }
  let spent = 0
  for (let round = 0; round < rounds; round++) {
    await fill(database, batch)
    const before = cpuMicros()
    await drain(database, batch)
    spent += cpuMicros() - before
  }
  return Math.round(spent / (rounds * batch))
}

const server = await startBenchServer()
try {
  const database = openPool({ url: server.url, name: 'bench', max: 1 })
  for (const text of [
    "insert into log.head select topic, array_fill(0::bigint, array[64]) from unnest(array['bench.call', 'bench.customer']) topic",
    'create table bench.head (topic text, partition smallint, next_offset bigint, primary key (topic, partition)) with (fillfactor = 50)',
    // Far above the offsets of the other form, which share log.event.
    "insert into bench.head select topic, p, 1000000000 from unnest(array['bench.call', 'bench.customer']) topic, generate_series(0, 63) p",
  ]) await database.run(sqlText(text, []))
  const [session] = await database.sql<{ pid: number }>`select pg_backend_pid() as pid`
  const figures: Figure[] = []
  for (const [batch, rounds] of [[2_000, 15], [200, 75], [20, 500]] as const) {
    for (const [what, drain] of Object.entries(ALTERNATIVES)) {
      const microsPerEvent = await measure(database, session?.pid ?? 0, batch, rounds, drain)
      figures.push({ what, batch, microsPerEvent })
      process.stdout.write(`${String(microsPerEvent).padStart(6)} µs/event, batches of ${batch}: ${what}\n`)
      await database.run(sqlText('vacuum analyze bench.outbox', []))
    }
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  await database.close()
} finally {
  await server.stop()
}
