/**
 * bench:sync — how long an edit of a customer takes to change the ready pool, at many edits a second while dialling.
 *
 *   npm run bench:sync -- [--edits 500] [--dial 100] [--seconds 30] [--customers 50000]
 */
import type { CampaignView } from '@loopline/contracts/campaign'
import { eventually } from '@loopline/interop/product'
import { readArguments } from './arguments.ts'
import { startBench } from './installation.ts'
import { measureLoad, printJson } from './machine.ts'
import { serviceOf } from './service.ts'
import { startSipp } from './sipp.ts'

const wanted = readArguments(process.argv.slice(2), { edits: 500, dial: 100, seconds: 30, customers: 50_000, port: 35_080 })
/** Requests under way at once; an edit takes a few milliseconds. */
const WRITERS = 16
const LEVELS = ['A', 'B', 'C', 'D'] as const

interface Stats {
  attempts: number
  editToPool: { count: number; p50Ms: number; p99Ms: number; maxMs: number }
}

const sipp = await startSipp({ scenario: 'uas-bye.xml', port: wanted.port, holdMs: 1_000 })
const bench = await startBench(wanted.customers).catch(async (error: unknown) => {
  await sipp.stop()
  throw error
})
try {
  const { admin, db, product } = bench
  const line = await admin.post<{ lineId: string }>('/api/dialer/lines', {
    name: 'sipp', type: 'voip', remote: `127.0.0.1:${wanted.port}`, callerIds: ['+862038880009'], maxConcurrent: 10_000, maxPerSecond: 4_000, sandbox: true, probe: false,
  })
  const campaign = await admin.post<CampaignView>('/api/dialer/campaigns', {
    name: 'bench sync', ratePerSecond: wanted.dial, maxConcurrent: 5_000, lineIds: [line.lineId], ringTimeMs: 30_000, hangUpAfterMs: 10_000,
    attemptsPerPersonPerDay: 1, retry: { maxAttempts: 1, afterMinutes: {} },
    audience: { combinator: 'and', rules: [{ field: 'marketingConsent', operator: '=', value: 'granted' }] },
  })
  await admin.post(`/api/dialer/campaigns/${campaign.campaignId}/start`, {})
  await eventually('the audience is loaded', async () => (await db.sql<{ loading: boolean }>`select loading from dialer.campaign where campaign_id = ${campaign.campaignId}`)[0]?.loading, (loading) => loading === false, 300_000)
  // Those who are in the list and not yet dialled: an edit of theirs changes the pool.
  const targets = await db.sql<{ customerId: string; version: number; level: string }>`
    select c.customer_id as "customerId", c.version, c.level from crm.customer c
     where c.marketing_consent = 'granted' and not c.deleted order by c.customer_id desc limit 20000`
  const [crm, dialer] = [serviceOf(product, 'crm'), serviceOf(product, 'dialer')]
  await dialer.call('POST', '/internal/stats/reset')
  const endLoad = measureLoad(() => bench.groups([sipp.pid]))
  const { edits, conflicts } = await edit(crm, targets)
  const load = endLoad()
  await eventually('the dialer has seen every edit', async () => (await dialer.call<Stats>('GET', '/internal/stats')).body, (stats) => stats.editToPool.count >= edits, 20_000)
  const { body: stats } = await dialer.call<Stats>('GET', '/internal/stats')
  await admin.post(`/api/dialer/campaigns/${campaign.campaignId}/stop`, {})
  console.log('processor seconds by process', load.cpuSeconds, { conflicts })
  printJson({
    bench: 'sync', edits, perSecond: round(edits / load.wallSeconds), dialledPerSecond: round(stats.attempts / load.wallSeconds),
    p50Ms: round(stats.editToPool.p50Ms), p99Ms: round(stats.editToPool.p99Ms), maxMs: round(stats.editToPool.maxMs),
    foreignLoad: round(load.foreignLoad), steal: round(load.steal),
  })
} finally {
  await sipp.stop()
  await bench.drop()
}
process.exit()

/** An open loop: edits fall due at an even pace, whether or not the ones before are answered. */
async function edit(crm: ReturnType<typeof serviceOf>, targets: { customerId: string; version: number; level: string }[]): Promise<{ edits: number; conflicts: number }> {
  const started = performance.now()
  const total = wanted.edits * wanted.seconds
  let next = 0
  let edits = 0
  let conflicts = 0
  const writer = async (): Promise<void> => {
    for (;;) {
      const serial = next
      if (serial >= total) return
      next += 1
      const due = started + (serial * 1_000) / wanted.edits
      const wait = due - performance.now()
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
      const target = targets[serial % targets.length]
      if (!target) return
      const level = LEVELS[(LEVELS.indexOf(target.level as 'A') + 1) % LEVELS.length]
      const answer = await crm.call<{ version?: number; level?: string; error?: { details?: { version: number; level: string } } }>('PATCH', `/customers/${target.customerId}`, { version: target.version, level })
      // A call's outcome may have come in between: the 409 carries the row as it is now.
      const current = answer.status === 200 ? answer.body : answer.body.error?.details
      if (answer.status === 200) edits += 1
      else conflicts += 1
      if (current?.version !== undefined) Object.assign(target, { version: current.version, level: current.level })
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
  return { edits, conflicts }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
