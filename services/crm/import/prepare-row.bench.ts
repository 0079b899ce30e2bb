/*
 * CPU per row of everything the import's thread does but the database: reading CSV, understanding, sealing, indexing,
 * search words, rows of COPY. Budget: 60 µs. Run: node services/crm/import/prepare-row.bench.ts [rows]
 */
import { newId } from '@loopline/clock/new-id'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import type { ImportId } from '@loopline/vocabulary/ids'
import { clearRows, endsOf, newBatchRows } from './batch-rows.ts'
import type { ImportColumn, Options } from './import-column.ts'
import { csvRecords } from './read-csv.ts'
import { readRow } from './read-row.ts'
import type { ImportedRow, RowError } from './read-row.ts'
import { prepareRow } from './prepare-row.ts'
import { syntheticFile } from './synthetic-file.ts'

const [rows = 200_000] = process.argv.slice(2).map(Number)
const columns: ImportColumn[] = ['name', 'company', 'phone', 'level', 'tags', 'region', 'industry', 'intent']
const options: Options = {
  columns, hasHeader: true, duplicates: 'skip', defaultLevel: 'C', defaultRegion: null,
  declaration: { legalBasis: 'consent', source: '展会登记', collectedAt: '2026-01-01', evidence: '登记表', coversRecording: false },
}
const errors: RowError[] = []
const reading = { columns, people: new Map<string, never>(), errors }
const preparing = { keys: createKeyring(newKeySet()), lastFour: new Map<string, Buffer>(), rows: newBatchRows(), importId: newId<ImportId>(), options, createdBy: 'bench', at: Date.now(), errors }

const spent = { csv: 0, read: 0, prepare: 0 }
let batch: string[][] = []
let last = process.cpuUsage()
const lap = (): number => {
  const now = process.cpuUsage()
  const micros = now.user + now.system - last.user - last.system
  last = now
  return micros
}
let measured = 0
let seen = 0
let bytes = 0
for await (const cells of csvRecords(syntheticFile(rows), { encoding: 'utf-8', delimiter: ',' })) {
  batch.push(cells)
  if (batch.length < 1_000) continue
  seen += batch.length
  const isWarm = seen > 50_000
  const csv = lap()
  const understood = batch.map((row, index) => readRow(row, index, reading)).filter((row): row is ImportedRow => row !== null)
  const read = lap()
  clearRows(preparing.rows)
  for (const row of understood) prepareRow(row, preparing)
  const prepare = lap()
  bytes = endsOf(preparing.rows).reduce((sum, end) => sum + end, 0)
  if (isWarm) {
    spent.csv += csv
    spent.read += read
    spent.prepare += prepare
    measured += batch.length
  }
  batch = []
  errors.length = 0
}
const per = (micros: number): number => +(micros / measured).toFixed(1)
console.log(JSON.stringify({ rows: measured, csv: per(spent.csv), read: per(spent.read), prepare: per(spent.prepare), all: per(spent.csv + spent.read + spent.prepare), bytesPerRow: Math.round(bytes / 1_000) }))
