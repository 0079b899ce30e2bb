import { rm } from 'node:fs/promises'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { newId } from '@loopline/clock/new-id'
import { maskPhonesInText } from '@loopline/telemetry/mask-phones'
import type { ImportId } from '@loopline/vocabulary/ids'
import { ImportOptions } from '@loopline/contracts/import'
import type { ImportPreview } from '@loopline/contracts/import'
import { parsePhone } from '../customer/phone-number.ts'
import { zoneOfNumber } from '../customer/time-zone.ts'
import { guessColumns } from './guess-columns.ts'
import type { ImportColumn, Options } from './import-column.ts'
import type { ImportDeps } from './import-deps.ts'
import { peopleByName } from './import.sql.ts'
import { csvRecords, formOf } from './read-csv.ts'
import { readRow } from './read-row.ts'
import type { RowError } from './read-row.ts'
import { consentsOfRow } from './row-consent.ts'
import { uploadPath } from './run-import.ts'
import { readSealed } from './sealed-file.ts'
import { readOptions, receiveUpload } from './upload.ts'

const SAMPLE_ROWS = 1_000
const SHOWN_ROWS = 10
const ERRORS_MAX = 100
/** The person may have corrected some of it already; the rest is guessed. */
const PreviewOptions = ImportOptions.partial()

/**
 * What an import of this file would be: its columns, ten rows, and how many of the first thousand could be called, with
 * the reasons why the others could not. Nothing is kept. Numbers are shown masked.
 */
export async function previewImport(deps: ImportDeps, request: FastifyRequest): Promise<z.infer<typeof ImportPreview>> {
  const importId = newId<ImportId>()
  try {
    const upload = await receiveUpload(deps, request, importId)
    const options = readOptions(PreviewOptions, upload.options)
    return await preview(deps, await sampleOf(deps, importId), options)
  } finally {
    await rm(uploadPath(deps.dataDir, importId), { force: true })
  }
}

async function sampleOf({ dataDir, keys }: ImportDeps, importId: ImportId): Promise<string[][]> {
  const path = uploadPath(dataDir, importId)
  const rows: string[][] = []
  let start = Buffer.alloc(0)
  for await (const piece of readSealed(path, keys, importId, 1)) start = Buffer.from(piece)
  for await (const cells of csvRecords(readSealed(path, keys, importId), formOf(start))) {
    rows.push(cells)
    if (rows.length > SAMPLE_ROWS) break
  }
  return rows
}

async function preview(deps: ImportDeps, rows: string[][], given: z.infer<typeof PreviewOptions>): Promise<z.infer<typeof ImportPreview>> {
  const guess = guessColumns(rows)
  const columns = given.columns ?? guess.columns
  const hasHeader = given.columns === undefined ? guess.hasHeader : (given.hasHeader ?? guess.hasHeader)
  const body = hasHeader ? rows.slice(1) : rows.slice(0, SAMPLE_ROWS)
  const errors: RowError[] = []
  const reading = { columns, people: await peopleByName(deps.db), errors }
  const reasons = new Map<string, number>()
  let callable = 0
  for (const [index, cells] of body.entries()) {
    const reason = reasonAgainst(cells, index + (hasHeader ? 2 : 1), reading, given.declaration ?? null)
    if (reason === null) callable += 1
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  return {
    columns, hasHeader, header: hasHeader ? (rows[0] ?? []).map(maskPhonesInText) : [],
    rows: body.slice(0, SHOWN_ROWS).map((cells) => cells.map((cell, at) => shownCell(cell, columns[at]))),
    sampled: body.length, callable,
    notCallable: [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
    errors: errors.slice(0, ERRORS_MAX).map(({ row, code, column }) => ({ row, code, column })),
  }
}

/** Why the row's customer could not be called, in the words of engines/gate; `row-invalid` when there would be none. */
function reasonAgainst(cells: string[], number: number, reading: Parameters<typeof readRow>[2], declaration: Options['declaration']): string | null {
  const row = readRow(cells, number, reading)
  if (!row) return 'row-invalid'
  if (row.status === 'invalid' || row.status === 'lost') return `status-${row.status}`
  const marketing = consentsOfRow(row, declaration, reading.errors).find(({ purpose }) => purpose === 'marketing')?.state ?? 'unknown'
  if (marketing !== 'granted') return `consent-${marketing}`
  return (row.timeZone ?? zoneOfNumber(row.phones[0] as string)) === null ? 'time-zone-unknown' : null
}

function shownCell(cell: string, column: ImportColumn | undefined): string {
  if (column?.startsWith('phone')) return parsePhone(cell)?.toString() ?? cell.replaceAll(/\d(?=\d{4})/g, '•')
  return maskPhonesInText(cell).slice(0, 200)
}
