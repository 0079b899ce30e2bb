/**
 * bench:why — "why not now, and when next?" for one customer, for a campaign's whole list and for an audience that is only
 * thought of, beside do-not-call lists of a million numbers; and how fast such a list is imported.
 *
 *   npm run bench:why -- [--customers 100000] [--numbers 1000000] [--asks 500]
 */
import type { CampaignView, CampaignWhyNot } from '@loopline/contracts/campaign'
import { DNC_PIECE_BYTES_MAX } from '@loopline/contracts/dnc'
import type { DncImportView } from '@loopline/contracts/dnc'
import { eventually } from '@loopline/interop/product'
import { readArguments } from './arguments.ts'
import { startBench } from './installation.ts'
import { measureLoad, printJson } from './machine.ts'
import { shareBelow } from './percentile.ts'
import { serviceOf } from './service.ts'
import type { Service } from './service.ts'

const wanted = readArguments(process.argv.slice(2), { customers: 100_000, numbers: 1_000_000, asks: 500 })
const EVERYBODY = { combinator: 'and', rules: [] }

const bench = await startBench(wanted.customers)
try {
  const { admin, db, product } = bench
  const dialer = serviceOf(product, 'dialer')
  const endLoad = measureLoad(() => bench.groups([]))
  const rowsPerSecond = await importNumbers(dialer)
  const campaign = await admin.post<CampaignView>('/api/dialer/campaigns', { name: 'bench why', ratePerSecond: 0.1, maxConcurrent: 1, audience: EVERYBODY })
  await admin.post(`/api/dialer/campaigns/${campaign.campaignId}/start`, {})
  await eventually('the audience is loaded', async () => (await db.sql<{ loading: boolean }>`select loading from dialer.campaign where campaign_id = ${campaign.campaignId}`)[0]?.loading, (loading) => loading === false, 600_000)
  await admin.post(`/api/dialer/campaigns/${campaign.campaignId}/pause`, {})
  await db.sql`analyze dialer.person, dialer.entry, dialer.dnc`

  const people = await db.sql<{ customerId: string }>`select customer_id as "customerId" from dialer.entry where campaign_id = ${campaign.campaignId} order by md5(customer_id::text) limit ${wanted.asks}`
  const one: number[] = []
  for (const { customerId } of people) one.push((await timed(() => dialer.call('GET', `/campaigns/${campaign.campaignId}/why-not/${customerId}`))).ms)
  const whole = await best(() => dialer.call<CampaignWhyNot>('GET', `/campaigns/${campaign.campaignId}/why-not`))
  const thought = await best(() => dialer.call<{ matching: number; sampled: boolean }>('POST', '/campaigns/audience-preview', { audience: EVERYBODY }))
  const load = endLoad()
  console.log('reasons', whole.answer.body.reasons)
  printJson({
    bench: 'why', customers: wanted.customers, listed: wanted.numbers, importRowsPerSecond: round(rowsPerSecond), oneP50Ms: round(shareBelow(0.5, one)), oneP99Ms: round(shareBelow(0.99, one)),
    listPersons: whole.answer.body.persons, listSeconds: round(whole.ms / 1_000), audienceSeconds: round(thought.ms / 1_000), audienceSampled: thought.answer.body.sampled,
    foreignLoad: round(load.foreignLoad), steal: round(load.steal),
  })
} finally {
  await bench.drop()
}

/** Numbers of a registry, none of which is a customer's, in the pieces in which the console sends them. */
async function importNumbers(dialer: Service): Promise<number> {
  const { body: list } = await dialer.call<{ listId: string }>('POST', '/dnc/lists', { kind: 'registry', name: 'bench', registry: 'bench' })
  const { body: begun } = await dialer.call<DncImportView>('POST', `/dnc/lists/${list.listId}/imports`, { fileName: 'bench.csv', mode: 'replace', copiedOn: new Date().toISOString().slice(0, 10), callingCode: '44' })
  const file = Buffer.from(Array.from({ length: wanted.numbers }, (_, index) => `7${String(100_000_000 + index)}\n`).join(''))
  const startedAt = performance.now()
  for (let offset = 0; offset < file.length;) {
    const piece = file.subarray(offset, offset + DNC_PIECE_BYTES_MAX)
    const last = offset + piece.length === file.length
    const { body } = await dialer.send<DncImportView>('PUT', `/dnc/imports/${begun.importId}/piece?offset=${offset}&last=${last}`, piece, 'text/csv')
    offset = body.offset
  }
  return wanted.numbers / ((performance.now() - startedAt) / 1_000)
}

async function timed<Answer>(ask: () => Promise<Answer>): Promise<{ ms: number; answer: Answer }> {
  const startedAt = performance.now()
  const answer = await ask()
  return { ms: performance.now() - startedAt, answer }
}

/** Of three: what the machine does beside it is not what is asked. */
async function best<Answer>(ask: () => Promise<Answer>): Promise<{ ms: number; answer: Answer }> {
  const all = [await timed(ask), await timed(ask), await timed(ask)]
  return all.toSorted((a, b) => a.ms - b.ms)[0] as { ms: number; answer: Answer }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
