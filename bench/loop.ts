/**
 * bench:loop — the whole loop: dial list → gate → rules → write-ahead → SIP → outcome → record → rules, against a carrier
 * nobody here wrote (sipp's uas-bye.xml, which answers at once, holds one second and hangs up) or the sandbox's mix.
 *
 *   npm run bench:loop -- --rate 500 --seconds 60 [--carrier sipp|sandbox] [--customers 200000] [--knee]
 */
import type { CampaignView } from '@loopline/contracts/campaign'
import { eventually, type Session } from '@loopline/interop/product'
import { readArguments } from './arguments.ts'
import { startBench, type Bench } from './installation.ts'
import { measureLoad, printJson, type Load } from './machine.ts'
import { startSipp, type Sipp } from './sipp.ts'

const wanted = readArguments(process.argv.slice(2), { rate: 500, seconds: 60, carrier: 'sipp', customers: 200_000, knee: false, port: 35_070 })

interface Figures {
  attempts: number
  seconds: number
  perSecond: number
  lostOutcomes: number
  doubleDials: number
  /** Attempts that voice refused or never saw, but for those that met the pause at the end: no call, but no throughput either. */
  neverSent: number
  retransmissions: number
  inviteToFinalP99Ms: number
  cpuSecondsPer1000: number
  foreignLoad: number
  steal: number
}

const sipp = wanted.carrier === 'sipp' ? await startSipp({ scenario: 'uas-bye.xml', port: wanted.port, holdMs: 1_000 }) : null
const bench = await startBench(wanted.customers).catch(async (error: unknown) => {
  await sipp?.stop()
  throw error
})
try {
  const lineIds = sipp ? [await lineToSipp(bench.admin)] : []
  const figures = await measure(bench, sipp, lineIds, wanted.rate, wanted.seconds)
  console.table(figures)
  const kneePerSecond = wanted.knee ? await findKnee(bench, sipp, lineIds, figures.perSecond) : null
  printJson({ bench: 'loop', carrier: wanted.carrier, rate: wanted.rate, customers: wanted.customers, ...figures, kneePerSecond })
} catch (error) {
  console.error(error)
  console.error(bench.product.output().split('\n').slice(-40).join('\n'))
  if (process.env['BENCH_KEEP'] === '1') await new Promise((resolve) => process.once('SIGINT', resolve))
  process.exitCode = 1
} finally {
  await sipp?.stop()
  await bench.drop()
}
process.exit()

async function lineToSipp(admin: Session): Promise<string> {
  const line = await admin.post<{ lineId: string }>('/api/dialer/lines', {
    name: 'sipp', type: 'voip', remote: `127.0.0.1:${wanted.port}`, callerIds: ['+862038880009'], maxConcurrent: 10_000, maxPerSecond: 4_000, sandbox: true, weight: 100, probe: false,
  })
  return line.lineId
}

/** One campaign at a rate over a fresh part of the customers; figures from the database and the carrier, not from hope. */
async function measure(bench: Bench, sipp: Sipp | null, lineIds: string[], rate: number, seconds: number): Promise<Figures> {
  const { admin, db } = bench
  const campaign = await admin.post<CampaignView>('/api/dialer/campaigns', {
    name: `bench ${rate}/s ${Date.now()}`, ratePerSecond: rate, maxConcurrent: 20_000, lineIds, ringTimeMs: 30_000,
    hangUpAfterMs: sipp ? 10_000 : 1_000, // sipp hangs up after one; a call it forgot must not stay open
    attemptsPerPersonPerDay: 1, retry: { maxAttempts: 1, afterMinutes: {} },
    audience: { combinator: 'and', rules: [{ field: 'marketingConsent', operator: '=', value: 'granted' }, { field: 'neverCall', operator: '=', value: false }, { field: 'attemptCount', operator: '=', value: 0 }] },
  })
  const id = campaign.campaignId
  const sippBefore = sipp?.counts()
  // The audience is loaded at the slowest pace first: what is measured is dialling, not loading.
  await admin.call('PATCH', `/api/dialer/campaigns/${id}`, { version: campaign.version, ratePerSecond: 0.1 })
  await admin.post(`/api/dialer/campaigns/${id}/start`, {})
  await eventually('the audience is loaded', () => loaded(db, id), (isLoaded) => isLoaded, 300_000)
  const current = await admin.get<CampaignView>(`/api/dialer/campaigns/${id}`)
  const attemptsBefore = await countAttempts(db, id)
  const endLoad = measureLoad(() => bench.groups(sipp ? [sipp.pid] : []))
  await admin.call('PATCH', `/api/dialer/campaigns/${id}`, { version: current.version, ratePerSecond: rate })
  const started = Date.now()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000)) // the length of the measurement itself
  await admin.post(`/api/dialer/campaigns/${id}/pause`, {})
  const stoppedAt = Date.now()
  await eventually('every attempt has its outcome', () => openAttempts(db, id), (open) => open === 0, 60_000)
  await eventually('the timelines have them too', () => timelineLag(db, id), (lag) => lag === 0, 60_000)
  const load: Load = endLoad()
  console.log('processor seconds by process', load.cpuSeconds)
  const attempts = (await countAttempts(db, id)) - attemptsBefore
  const [timing] = await db.sql<{ p99: number | null; connected: number; retransmissions: number }>`
    select percentile_disc(0.99) within group (order by extract(epoch from answered_at - started_at) * 1000)::float8 as p99,
           count(*) filter (where outcome = 'connected')::int as connected, 0 as retransmissions
      from dialer.attempt where campaign_id = ${id} and started_at >= ${new Date(started)}`
  const [doubles] = await db.sql<{ count: number }>`
    select count(*)::int as count from (
      select customer_id from dialer.attempt where campaign_id = ${id} and outcome_reason not like 'refused-%' and outcome_reason <> 'never-sent' group by customer_id having count(*) > 1) twice`
  const [refused] = await db.sql<{ count: number }>`
    select count(*)::int as count from dialer.attempt where campaign_id = ${id} and (outcome_reason like 'refused-%' or outcome_reason = 'never-sent') and outcome_reason <> 'refused-stopped'`
  const carrierCalls = sipp && sippBefore ? await settledIncoming(sipp, sippBefore.incoming) : null
  const sippResent = sipp && sippBefore ? sipp.counts().retransmissions - sippBefore.retransmissions : 0
  await admin.post(`/api/dialer/campaigns/${id}/stop`, {})
  const dialledSeconds = (stoppedAt - started) / 1_000
  const outcomes = await withOutcome(db, id)
  return {
    attempts, seconds: round(dialledSeconds), perSecond: round(attempts / dialledSeconds),
    lostOutcomes: carrierCalls === null ? 0 : Math.abs(carrierCalls - outcomes),
    doubleDials: doubles?.count ?? 0, neverSent: refused?.count ?? 0,
    retransmissions: sippResent + (await ourRetransmissions(bench)),
    inviteToFinalP99Ms: round(timing?.p99 ?? -1),
    cpuSecondsPer1000: round((oursOf(load) * 1_000) / Math.max(1, attempts)),
    foreignLoad: round(load.foreignLoad), steal: round(load.steal),
  }
}

/** Raises the rate until a fifth second is lost: the last rate that was kept within 3 % is the knee. */
async function findKnee(bench: Bench, sipp: Sipp | null, lineIds: string[], kept: number): Promise<number> {
  let knee = kept
  for (const rate of [600, 700, 800, 1_000, 1_200, 1_400, 1_600]) {
    const figures = await measure(bench, sipp, lineIds, rate, 15)
    console.table({ rate, ...figures })
    if (figures.perSecond < rate * 0.97 || figures.inviteToFinalP99Ms > 100 || figures.lostOutcomes + figures.doubleDials + figures.neverSent > 0) return knee
    knee = figures.perSecond
  }
  return knee
}

async function loaded(db: Bench['db'], campaignId: string): Promise<boolean> {
  const [row] = await db.sql<{ loaded: boolean }>`select not loading as loaded from dialer.campaign where campaign_id = ${campaignId}`
  return row?.loaded === true
}

async function countAttempts(db: Bench['db'], campaignId: string): Promise<number> {
  const [row] = await db.sql<{ count: number }>`select count(*)::int as count from dialer.attempt where campaign_id = ${campaignId}`
  return row?.count ?? 0
}

async function openAttempts(db: Bench['db'], campaignId: string): Promise<number> {
  const [row] = await db.sql<{ count: number }>`select count(*)::int as count from dialer.attempt where campaign_id = ${campaignId} and ended_at is null`
  return row?.count ?? 0
}

/** Attempts that have an outcome from the line; one that was refused before its INVITE left never met the carrier. */
async function withOutcome(db: Bench['db'], campaignId: string): Promise<number> {
  const [row] = await db.sql<{ count: number }>`
    select count(*)::int as count from dialer.attempt where campaign_id = ${campaignId} and outcome is not null and sip_status is not null`
  return row?.count ?? 0
}

async function timelineLag(db: Bench['db'], campaignId: string): Promise<number> {
  const [row] = await db.sql<{ lag: number }>`
    select count(*)::int as lag from dialer.attempt a
     where a.campaign_id = ${campaignId} and a.ended_at is not null
       and not exists (select 1 from crm.timeline t where t.customer_id = a.customer_id and t.id = a.id and t.kind = 'call')`
  return row?.lag ?? 0
}

async function settledIncoming(sipp: Sipp, before: number): Promise<number> {
  return eventually('sipp has no open call', async () => sipp.counts(), (counts) => counts.open === 0, 30_000).then((counts) => counts.incoming - before)
}

/** INVITEs, BYEs and CANCELs that voice had to send again, from its own metrics. */
async function ourRetransmissions(bench: Bench): Promise<number> {
  const voice = bench.product.run().children.find((child) => child.name === 'voice')?.told['voice']
  const metrics = await (await fetch(`${String(voice)}/metrics`)).text()
  return Number(/^loopline_voice_retransmissions\{[^}]*\} (\d+)/m.exec(metrics)?.[1] ?? 0)
}

/** Everything but the carrier, which plays the outside world. */
function oursOf({ cpuSeconds }: Load): number {
  return Object.entries(cpuSeconds).reduce((sum, [name, seconds]) => (name === 'carrier' ? sum : sum + seconds), 0)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
