/**
 * bench:import — a CSV file through the door a person uses, until its last row is stored.
 *
 *   npm run bench:import -- [--rows 1000000]
 */
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, openAsBlob } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { ImportView } from '@loopline/contracts/import'
import { eventually } from '@loopline/interop/product'
import { readArguments } from './arguments.ts'
import { startBench } from './installation.ts'
import { measureLoad, printJson, residentMb } from './machine.ts'

const BETWEEN_LOOKS_MS = 500
const wanted = readArguments(process.argv.slice(2), { rows: 1_000_000 })

const file = await writeCsv(wanted.rows)
const bench = await startBench(0)
try {
  const { admin, product } = bench
  const form = new FormData()
  form.set('options', JSON.stringify({
    columns: ['name', 'company', 'phone', 'level', 'region', 'industry'], hasHeader: true, duplicates: 'skip',
    declaration: { legalBasis: 'consent', source: 'bench', collectedAt: '2026-01-01', evidence: 'synthetic' },
  }))
  form.set('file', await openAsBlob(file, { type: 'text/csv' }), 'customers.csv')
  let peakRssMb = 0
  const watch = setInterval(() => {
    peakRssMb = Math.max(peakRssMb, residentMb(product.pidOf('crm')))
  }, 100)
  const endLoad = measureLoad(() => bench.groups([]))
  const started = performance.now()
  const { importId } = await admin.call<ImportView>('POST', '/api/crm/imports', form)
  let firstDialableMs: number | null = null
  const done = await eventually('the import is done', async () => {
    // Asking 40 times a second cost hub and crm a tenth of the machine; the console hears by events and asks rarely.
    if (firstDialableMs !== null) await after(BETWEEN_LOOKS_MS)
    const view = await admin.get<ImportView>(`/api/crm/imports/${importId}`)
    if (view.created > 0) firstDialableMs ??= performance.now() - started
    return view
  }, ({ state }) => state === 'done' || state === 'failed', 600_000)
  const seconds = (performance.now() - started) / 1_000
  clearInterval(watch)
  const load = endLoad()
  console.log('processor seconds by process', load.cpuSeconds, done)
  printJson({
    bench: 'import', rows: done.created, seconds: round(seconds), rowsPerSecond: Math.round(done.created / seconds), peakRssMb: Math.round(peakRssMb),
    firstDialableMs: Math.round(firstDialableMs ?? -1), foreignLoad: round(load.foreignLoad), steal: round(load.steal),
  })
} finally {
  await bench.drop()
}
process.exit()

async function writeCsv(rows: number): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'import-')), 'customers.csv')
  const out = createWriteStream(path)
  out.write('姓名,公司,手机,级别,地区,行业\n')
  for (let row = 0; row < rows; row += 1) {
    const phone = `13${String(700_000_000 + row).padStart(9, '0')}`
    const text = `客户${row},华信科技${row % 5_000}有限公司,${phone},${'ABCD'[row % 4]},广东,制造\n`
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  return path
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
