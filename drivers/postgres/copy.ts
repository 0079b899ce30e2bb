import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from, to } from 'pg-copy-streams'
import type { Transaction } from './queryable.ts'
import { presentable } from './session.ts'
import { clientOf } from './transaction.ts'

/** A message per row costs more than the row; PostgreSQL's own psql sends 8–64 KB. */
const CHUNK_CHARS = 64 * 1024
/** A copy may last long while the other side is alive; the server's own time-outs still hold. */
const COPY_TIMEOUT_MS = 600_000

/**
 * Copies rows into a table, in the order given.
 *
 * @param target table and columns as SQL of ours: `crm.customer (customer_id, name)`.
 * @param rows lines made by `copyRow`.
 * @returns rows stored.
 */
export function copyIn(transaction: Transaction, target: string, rows: AsyncIterable<string> | Iterable<string>): Promise<number> {
  return sendCopy(transaction, `copy ${target} from stdin`, chunks(rows))
}

/** Runs a COPY statement of ours and sends it these pieces. @returns rows stored. */
export async function sendCopy(transaction: Transaction, statement: string, pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<number> {
  const stream = Object.assign(from(statement), { query_timeout: COPY_TIMEOUT_MS })
  clientOf(transaction).query(stream)
  try {
    await pipeline(Readable.from(pieces, { objectMode: true }), stream)
  } catch (error) {
    throw presentable(error)
  }
  return stream.rowCount
}

/**
 * The rows of a table as COPY writes them, read as fast as somebody takes them. Nothing else runs in the transaction meanwhile.
 *
 * @param source table and columns as SQL of ours.
 * @returns `rows`: how many there were, when the stream has ended.
 */
export function copyOut(transaction: Transaction, source: string): { stream: Readable; rows(): number } {
  const stream = clientOf(transaction).query(Object.assign(to(`copy ${source} to stdout`), { query_timeout: 0 }))
  return { stream, rows: () => stream.rowCount }
}

async function* chunks(rows: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  let chunk = ''
  for await (const row of rows) {
    chunk += row
    if (chunk.length < CHUNK_CHARS) continue
    yield Buffer.from(chunk)
    chunk = ''
  }
  if (chunk !== '') yield Buffer.from(chunk)
}

/** One line of COPY's text format, newline included (PostgreSQL manual, COPY, "Text Format"). */
export function copyRow(values: readonly unknown[]): string {
  let line = ''
  for (let index = 0; index < values.length; index++) {
    line += (index === 0 ? '' : '\t') + field(values[index])
  }
  return `${line}\n`
}

function field(value: unknown): string {
  switch (typeof value) {
    case 'string': return escape(value)
    case 'number': case 'bigint': return String(value)
    case 'boolean': return value ? 't' : 'f'
    case 'object': return value === null ? '\\N' : escape(objectText(value))
    default: throw new TypeError(`a ${typeof value} has no COPY form`)
  }
}

function objectText(value: object): string {
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`
  return 'toPostgres' in value ? (value as { toPostgres(): string }).toPostgres() : JSON.stringify(value)
}

function element(value: unknown): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : objectText(value as object)
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

const NEEDS_ESCAPE = /[\\\n\r\t]/
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escape(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] as string) : text
}
