/**
 * CPU per event from outbox to log, PostgreSQL included: `node drivers/event-log/relay.bench.ts`.
 * Prints JSON last. Durable server, bodies of 1.3 kB as a customer has them, two topics, 20,000 customers.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@loopline/clock/new-id'
import { startEmbedded } from '@loopline/postgres/embedded-server'
import { SILENT } from '@loopline/postgres/log'
import { migrate } from '@loopline/postgres/migrate'
import { openPool } from '@loopline/postgres/pool'
import type { Database } from '@loopline/postgres/queryable'
import { sqlText } from '@loopline/postgres/sql'
import { makeEvent } from './make-event.ts'
import { appendToOutbox } from './outbox.ts'
import { ALTERNATIVES } from './relay-alternatives.bench.ts'

const CLOCK_TICKS_PER_SECOND = 100
const keys = Array.from({ length: 20_000 }, () => newId())

/** CPU seconds so far of this process and of every process of the server. */
function cpuSeconds(postmaster: number): number {
  let ticks = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      if (Number(fields[1]) === postmaster || Number(pid) === postmaster) ticks += Number(fields[11]) + Number(fields[12])
    } catch {
      continue // ended between listing and reading
    }
  }
  const { user, system } = process.cpuUsage()
  return ticks / CLOCK_TICKS_PER_SECOND + (user + system) / 1e6
}

let sequence = 0
async function fill(database: Database, events: number): Promise<void> {
  for (let left = events; left > 0; left -= 500) {
    const batch = Array.from({ length: Math.min(left, 500) }, () => makeEvent({
      type: sequence % 3 === 0 ? 'bench.call.ended' : 'bench.customer.changed',
      subject: keys[Math.floor(Math.random() * keys.length)] as string, sequence: ++sequence, time: Date.now(),
      data: { sealed: randomBytes(150).toString('base64'), name: '张伟', text: 'x'.repeat(800) },
    }))
    await appendToOutbox(database, batch)
  }
}

interface Figure { what: string; batch: number; events: number; microsPerEvent: number; perSecond: number }

async function measure(database: Database, postmaster: number, what: string, batch: number, events: number): Promise<Figure> {
  const drain = ALTERNATIVES[what] as (typeof ALTERNATIVES)[string]
  let cpu = 0
  let seconds = 0
  let moved = 0
  // Filled in portions, as a relay that keeps up finds it.
  while (moved < events) {
    await fill(database, Math.max(batch, 200))
    const before = cpuSeconds(postmaster)
    const started = performance.now()
    for (let more = true; more;) {
      const count = await drain(database, batch)
      moved += count
      more = count === batch
    }
    seconds += (performance.now() - started) / 1000
    cpu += cpuSeconds(postmaster) - before
  }
  return { what, batch, events: moved, microsPerEvent: Math.round((cpu / moved) * 1e7) / 10, perSecond: Math.round(moved / seconds) }
}

const dataDir = join(tmpdir(), `loopline-relay-bench-${process.pid}`)
const server = await startEmbedded({ dataDir, log: SILENT })
try {
  await migrate(server.url, [new URL('./migrations', import.meta.url)])
  const database = openPool({ url: server.url, name: 'bench', max: 1 })
  for (const text of [
    'create schema bench', "select loopline.create_outbox('bench')",
    `insert into log.head select topic, array_fill(0::bigint, array[64]) from unnest(array['bench.call', 'bench.customer']) topic`,
    'create table bench.head (topic text, partition smallint, next_offset bigint, primary key (topic, partition)) with (fillfactor = 50)',
    // Far above the offsets of the other form, which share log.event.
    "insert into bench.head select topic, p, 1000000000 from unnest(array['bench.call', 'bench.customer']) topic, generate_series(0, 63) p",
  ]) await database.run(sqlText(text, []))
  const figures: Figure[] = []
  for (const batch of [2_000, 200, 20]) {
    for (const what of Object.keys(ALTERNATIVES)) {
      const figure = await measure(database, server.pid, what, batch, batch * 50 < 10_000 ? 10_000 : batch * 20)
      figures.push(figure)
      process.stdout.write(`${String(figure.microsPerEvent).padStart(8)} µs/event ${String(figure.perSecond).padStart(8)}/s  batch ${batch}  ${what}\n`)
      await database.run(sqlText('vacuum log.event, bench.outbox', []))
    }
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  await database.close()
} finally {
  await server.stop()
  await rm(server.folder, { recursive: true, force: true })
}
