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

/**
 * Records of a CSV file (RFC 4180) as arrays of cells, all with quotes removed; never holds more than one piece of the
 * file and one record. Empty lines are left out, and rows may have any number of cells. Lines without a quote are cut
 * with `split`: 2 µs a row, where csv-parse took 15 (its answers are what the tests compare with).
 *
 * @throws CSV_MAX_RECORD_SIZE · CSV_QUOTE_NOT_CLOSED
 */
export async function* csvRecords(pieces: AsyncIterable<Buffer>, { encoding, delimiter }: CsvForm): AsyncGenerator<string[], void, void> {
  let rest = ''
  let newline = ''
  for await (const text of decoded(pieces, encoding)) {
    rest += text
    newline ||= newlineOf(rest)
    if (newline === '') {
      requireShort(rest.length)
      continue
    }
    const cut = { text: rest, newline, delimiter, at: 0, isEnd: false }
    yield* recordsIn(cut)
    rest = rest.slice(cut.at)
    requireShort(rest.length)
  }
  yield* recordsIn({ text: rest, newline: newline || '\n', delimiter, at: 0, isEnd: true })
}

/** A text being cut: `at` is where the next record begins. */
interface Cut {
  text: string
  newline: string
  delimiter: string
  at: number
  isEnd: boolean
}

function* recordsIn(cut: Cut): Generator<string[], void, void> {
  const { text, newline, delimiter, isEnd } = cut
  let quote = text.indexOf('"')
  while (cut.at < text.length) {
    const found = text.indexOf(newline, cut.at)
    if (found === -1 && !isEnd) return
    const end = found === -1 ? text.length : found
    if (quote !== -1 && quote < cut.at) quote = text.indexOf('"', cut.at)
    if (quote !== -1 && quote < end) {
      const record = quotedRecord(cut)
      if (!record) return
      yield record
      continue
    }
    const line = text.slice(cut.at, text.charCodeAt(end - 1) === RETURN && end > cut.at ? end - 1 : end)
    requireShort(line.length)
    cut.at = end + newline.length
    if (line !== '') yield line.split(delimiter)
  }
}

const RETURN = 13

/** What ends a line: a lone return when the first line ends so, as files of old Macs do; '' while it cannot be told. */
function newlineOf(text: string): string {
  const end = text.search(/[\r\n]/)
  if (end === -1 || (text[end] === '\r' && end + 1 === text.length)) return ''
  return text[end] === '\r' && text[end + 1] !== '\n' ? '\r' : '\n'
}

/** One record with quotes in it, or null when its end is not there yet; moves behind it. */
function quotedRecord(cut: Cut): string[] | null {
  const { text, newline, delimiter, isEnd } = cut
  const cells: string[] = []
  for (let at = cut.at; ;) {
    const cell = text[at] === '"' ? quotedCell(cut, at) : plainCell(cut, at)
    if (!cell) {
      requireShort(text.length - cut.at)
      return null
    }
    cells.push(cell.value)
    at = cell.end
    if (text[at] === delimiter) {
      at += 1
      continue
    }
    if (at >= text.length && !isEnd) return null
    requireShort(at - cut.at)
    cut.at = text.startsWith('\r', at) && newline === '\n' ? at + 2 : at + 1
    return cells
  }
}

interface Cell {
  value: string
  /** Where its delimiter or line end stands. */
  end: number
}

function plainCell({ text, newline, delimiter, isEnd }: Cut, from: number): Cell | null {
  let end = from
  while (end < text.length && text[end] !== delimiter && text[end] !== newline) end += 1
  if (end === text.length && !isEnd) return null
  const isReturn = text[end] !== delimiter && end > from && text[end - 1] === '\r'
  return { value: text.slice(from, isReturn ? end - 1 : end), end: isReturn ? end - 1 : end }
}

/** A cell in quotes, doubled ones inside. What goes on behind its closing quote was none: it is taken as it stands. */
function quotedCell(cut: Cut, from: number): Cell | null {
  const { text, delimiter, newline, isEnd } = cut
  for (let quote = text.indexOf('"', from + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    const next = text[quote + 1]
    if (next === '"') {
      quote += 1
      continue
    }
    const isUnknown = next === undefined || (next === '\r' && quote + 2 === text.length)
    if (isUnknown && !isEnd) return null
    const isClosed = next === undefined || next === delimiter || next === newline || (next === '\r' && text[quote + 2] === newline)
    return isClosed ? { value: text.slice(from + 1, quote).replaceAll('""', '"'), end: quote + 1 } : plainCell(cut, from)
  }
  if (isEnd) throw csvError('CSV_QUOTE_NOT_CLOSED')
  return null
}

function requireShort(length: number): void {
  if (length > RECORD_CHARS_MAX) throw csvError('CSV_MAX_RECORD_SIZE')
}

function csvError(code: 'CSV_MAX_RECORD_SIZE' | 'CSV_QUOTE_NOT_CLOSED'): Error {
  return Object.assign(new Error(`the file is no CSV: ${code}`), { code })
}

async function* decoded(pieces: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}
