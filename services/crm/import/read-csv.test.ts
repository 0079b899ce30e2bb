import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvRecords } from './read-csv.ts'

async function recordsOf(text: string, pieceBytes = 7): Promise<string[][]> {
  const bytes = Buffer.from(text)
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
  const records: string[][] = []
  for await (const record of csvRecords(pieces(), { encoding: 'utf-8', delimiter: ',' })) records.push(record)
  return records
}

test.each([
  ['a mark of order, empty lines, a last line without end', '\uFEFFa,b\r\n\r\n张伟,1\n\nc', [['a', 'b'], ['张伟', '1'], ['c']]],
  ['line ends, delimiters and quotes in quotes', '"a\r\nb","c,""d"""\r\n,\n', [['a\r\nb', 'c,"d"'], ['', '']]],
  ['quotes that are none', 'a"b,"c"d,e\n5" nail,x\n', [['a"b', '"c"d', 'e'], ['5" nail', 'x']]],
  ['returns alone', 'a,b\rc,"d"\re', [['a', 'b'], ['c', 'd'], ['e']]],
  ['nothing', '', []],
] as const)('%s', async (_, text, records) => {
  for (const pieceBytes of [1, 3, 1_000]) expect(await recordsOf(text, pieceBytes)).toEqual(records)
})

test('cells of any text come back as csv-parse reads them, wherever the pieces are cut', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '张', ' ', ',', '"', '\n', '\r\n', '😀'), maxLength: 6 })
  const written = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  await fc.assert(fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1 }), fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 40 }), async (rows, newline, pieceBytes) => {
    const text = `head${newline}${rows.map((row) => row.map(written).join(',') + newline).join('')}`
    expect(await recordsOf(text, pieceBytes)).toEqual(parse(text, { bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true }))
  }))
})

test('a record that never ends, and a quote that never closes', async () => {
  await expect(recordsOf('a'.repeat(70_000), 10_000)).rejects.toMatchObject({ code: 'CSV_MAX_RECORD_SIZE' })
  await expect(recordsOf(`a\n"${'b\n'.repeat(40_000)}`, 10_000)).rejects.toMatchObject({ code: 'CSV_MAX_RECORD_SIZE' })
  await expect(recordsOf('a\n"b\n')).rejects.toMatchObject({ code: 'CSV_QUOTE_NOT_CLOSED' })
})
