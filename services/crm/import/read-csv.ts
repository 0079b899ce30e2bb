import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { crmError } from '../errors.ts'

export interface CsvForm {
  encoding: 'utf-8' | 'gb18030'
  delimiter: ',' | ';' | '\t'
}

const DELIMITERS = [',', '\t', ';'] as const
/** A row of people's data is never longer; a file without line breaks must not fill the memory. */
const RECORD_CHARS_MAX = 64 * 1024

/**
 * How a file is written, from its first piece: UTF-8 unless it cannot be, then GB18030, which is what Excel in China
 * saves; the delimiter that the first line has most of. @throws IMPORT_FILE_UNREADABLE
 */
export function formOf(start: Buffer): CsvForm {
  const encoding = isUtf8(start) ? 'utf-8' : 'gb18030'
  const text = new TextDecoder(encoding).decode(start)
  if (text.includes('\0')) throw crmError('IMPORT_FILE_UNREADABLE')
  const line = text.slice(0, text.search(/[\r\n]|$/))
  const [delimiter = ','] = DELIMITERS.toSorted((a, b) => line.split(b).length - line.split(a).length)
  return { encoding, delimiter }
}

/** The last character may be cut in two by the end of the piece. */
function isUtf8(start: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Records of a CSV file as arrays of cells, all with quotes removed; never holds more than one piece of the file. */
export function csvRecords(pieces: AsyncIterable<Buffer>, { encoding, delimiter }: CsvForm): AsyncIterable<string[]> {
  const source = Readable.from(encoding === 'utf-8' ? pieces : decoded(pieces, encoding), { objectMode: false })
  const parser = parse({
    delimiter, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: RECORD_CHARS_MAX,
  })
  source.on('error', (error) => parser.destroy(error))
  return source.pipe(parser)
}

async function* decoded(pieces: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding)
  for await (const piece of pieces) yield Buffer.from(decoder.decode(piece, { stream: true }))
  yield Buffer.from(decoder.decode())
}
