/**
 * chaos — kills every process of a running campaign at random moments, freezes dialer and voice for longer than a lease,
 * and compares the carrier's own log with the customers' timelines.
 *
 *   npm run chaos -- [--rounds 20] [--seed 1] [--rate 25] [--customers 3000]
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { eventually, startProduct, type Product, type Session } from '../product.ts'
import { readCarrierLog } from './carrier-log.ts'
import type { AttemptRow } from './judge.ts'
import { judgeContacts } from './judge-contacts.ts'

const wanted = { rounds: 20, seed: Date.now() % 100_000, rate: 25, customers: 3_000 }
for (let index = 2; index < process.argv.length; index += 2) {
  const name = (process.argv[index] as string).slice(2) as keyof typeof wanted
  if (!(name in wanted)) throw new Error(`unknown argument --${name}`)
  wanted[name] = Number(process.argv[index + 1])
}

/** Two calls a day at most, so that a retry is legal and a third call is not. */
const CAP = 2
/** Longer than the lease of a dialer's slots (5 s). */
const FREEZE_MS = 7_000

type Blow = { target: 'hub' | 'crm' | 'dialer' | 'voice' | 'postgres'; how: 'kill' } | { target: 'dialer' | 'voice'; how: 'freeze' }
const BLOWS: Blow[] = [
  { target: 'dialer', how: 'kill' }, { target: 'voice', how: 'kill' }, { target: 'crm', how: 'kill' }, { target: 'postgres', how: 'kill' },
  { target: 'hub', how: 'kill' }, { target: 'dialer', how: 'freeze' }, { target: 'voice', how: 'freeze' }, { target: 'dialer', how: 'kill' }, { target: 'voice', how: 'kill' },
]

/** Mulberry32: the seed is printed, and the same seed strikes in the same order after the same pauses. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = randomOf(wanted.seed)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
console.log(`chaos: ${wanted.rounds} rounds, seed ${wanted.seed}`)
const product = await startProduct({ env: { DEMO_CUSTOMERS: String(wanted.customers), CALLEE_CLOCK: '10:12', LOG_LEVEL: 'error' }, timeoutMs: 180_000 })
const { url } = JSON.parse(readFileSync(join(product.home, 'database.json'), 'utf8')) as { url: string }
let kills = 0
try {
  const admin = await product.signIn('admin')
  const campaignId = await startCampaign(admin)
  await eventually('the campaign dials', () => attemptsSoFar(), (count) => count > wanted.rate, 60_000)
  for (let round = 1; round <= wanted.rounds; round += 1) {
    const blow = BLOWS[round <= BLOWS.length ? round - 1 : Math.floor(random() * BLOWS.length)] as Blow
    await pause(500 + random() * 2_500)
    const before = await attemptsSoFar().catch(() => 0)
    await strike(product, blow)
    kills += 1
    const recoveredMs = await recovered(product, before)
    console.log(`round ${round}: ${blow.how} ${blow.target}; dialling again after ${recoveredMs} ms`)
  }
  await eventually('the campaign is paused', () => admin.post(`/api/dialer/campaigns/${campaignId}/pause`, {}), () => true, 30_000)
  const carriers = product.run().children.filter(({ name }) => name.startsWith('sandbox'))
  const openCalls = async (): Promise<number> => {
    const open = await Promise.all(carriers.map(async ({ told }) => ((await (await fetch(`${String(told['control'])}/calls`)).json()) as { open: number }).open))
    return open.reduce((sum, count) => sum + count, 0)
  }
  const orphansLeft = await eventually('no call is up at a carrier', openCalls, (open) => open === 0, 60_000).catch(openCalls)
  await eventually('every attempt is closed', () => number('select count(*)::int as n from dialer.attempt where ended_at is null'), (open) => open === 0, 45_000).catch((error: unknown) => console.log(String(error)))
  await eventually('the timelines have caught up', () => number('select (select count(*) from dialer.attempt where ended_at is not null)::int - (select count(distinct id) from crm.timeline where kind = \'call\')::int as n'), (lag) => lag <= 0, 30_000).catch((error: unknown) => console.log(String(error)))
  const verdict = judgeContacts(carriers.flatMap(({ name }) => readCarrierLog(join(product.home, 'log', `${name}-calls.ndjson`))), await attemptRows(), CAP)
  for (const finding of verdict.findings.slice(0, 30)) console.log(`  ✗ ${finding}`)
  console.log(JSON.stringify({
    bench: 'chaos', rounds: wanted.rounds, seed: wanted.seed, kills, attempts: verdict.calls, doubleDials: verdict.doubleDials,
    lostOutcomes: verdict.lostOutcomes, unknownOutcomes: verdict.unknownOutcomes, orphansLeft,
  }))
  process.exitCode = verdict.doubleDials + verdict.lostOutcomes + orphansLeft > 0 ? 1 : 0
} finally {
  await product.drop()
}
process.exit()

async function startCampaign(admin: Session): Promise<string> {
  const { campaignId } = await admin.post<{ campaignId: string }>('/api/dialer/campaigns', {
    name: 'chaos', ratePerSecond: wanted.rate, maxConcurrent: 400, ringTimeMs: 12_000, hangUpAfterMs: 3_000, attemptsPerPersonPerDay: CAP,
    audience: { combinator: 'and', rules: [{ field: 'marketingConsent', operator: '=', value: 'granted' }] },
    retry: { maxAttempts: 5, afterMinutes: { busy: 0, 'no-answer': 0, rejected: 0, unreachable: 0, 'line-failed': 0, cancelled: 0, unknown: 0 } },
  })
  await admin.post(`/api/dialer/campaigns/${campaignId}/start`, {})
  return campaignId
}

async function strike(on: Product, { target, how }: Blow): Promise<void> {
  const pid = target === 'postgres' ? on.run().postgres?.pid : on.pidOf(target)
  if (!pid) throw new Error(`${target} has no process`)
  if (how === 'kill') return void process.kill(pid, 'SIGKILL')
  process.kill(pid, 'SIGSTOP')
  await pause(FREEZE_MS)
  process.kill(pid, 'SIGCONT')
}

/** Milliseconds until new attempts are made again; fails after half a minute: progress must follow the faults. */
async function recovered(on: Product, before: number): Promise<number> {
  const started = Date.now()
  await eventually('dialling goes on', () => attemptsSoFar(), (count) => count > before + 5, 45_000).catch((error: unknown) => {
    console.log(on.output().split('\n').slice(-30).join('\n'))
    throw error
  })
  return Date.now() - started
}

function attemptsSoFar(): Promise<number> {
  return number('select count(*)::int as n from dialer.attempt')
}

/** A connection per question: the database is one of the things that die here. */
async function query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function number(text: string): Promise<number> {
  const [row] = await query<{ n: number }>(text)
  return row?.n ?? 0
}

function attemptRows(): Promise<AttemptRow[]> {
  return query<AttemptRow & pg.QueryResultRow>(`
    select a.id, a.customer_id as "customerId", a.outcome, a.epoch,
           (select count(*)::int from crm.timeline t where t.customer_id = a.customer_id and t.id = a.id and t.kind = 'call') as "timelineItems"
      from dialer.attempt a`)
}
