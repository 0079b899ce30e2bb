import { sendCopy } from './copy.ts'
import type { Transaction } from './queryable.ts'

/*
 * Rows in COPY's binary form (PostgreSQL manual, COPY, "Binary Format"), written straight into one buffer. One COPY of
 * 200,000 rows for each of the five tables of an imported customer, indexes included: 30 µs a customer, as text 35.
 */

const SIGNATURE = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const TRAILER = Buffer.of(0xff, 0xff)
const FIRST_BYTES = 64 * 1024
/** PostgreSQL waits for the whole of a message before it looks at its first row. */
const CHUNK_BYTES = 64 * 1024
/** Timestamps count microseconds from 2000 on. */
const EPOCH_MS = Date.UTC(2000, 0)
/** Of the type catalogue: the server compares it with the column's. */
const TEXT_TYPE = 25
const INT8_TYPE = 20
/** A UTF-16 unit takes three bytes at most. */
const UNIT_BYTES_MAX = 3

/** A run of rows, from `from` up to `to` in bytes. */
export interface RowRange {
  from: number
  to: number
}

/**
 * Rows being written: `row(columns)`, then each column by its type. Cleared and used again, so that an import of any
 * length needs the memory of its largest batch.
 */
export class CopyRows {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #at = 0

  /** Where the next row begins. */
  get end(): number {
    return this.#at
  }

  clear(): void {
    this.#at = 0
  }

  row(columns: number): void {
    this.#need(2)
    this.#int2(columns)
  }

  none(): void {
    this.#need(4)
    this.#int4(-1)
  }

  text(value: string | null): void {
    if (value === null) this.none()
    else this.#sized(value)
  }

  bool(value: boolean): void {
    this.#need(5)
    this.#int4(1)
    this.#bytes[this.#at++] = value ? 1 : 0
  }

  int2(value: number): void {
    this.#need(6)
    this.#int4(2)
    this.#int2(value)
  }

  /** @param unixMs milliseconds since 1970. */
  timestamp(unixMs: number): void {
    const micros = (unixMs - EPOCH_MS) * 1_000
    this.#need(12)
    this.#int4(8)
    this.#int8(Math.floor(micros / 2 ** 32), micros % 2 ** 32)
  }

  /** @param id as vocabulary/ids writes it: 36 characters with hyphens. */
  uuid(id: string | null): void {
    if (id === null) return this.none()
    this.#need(20)
    this.#int4(16)
    for (let at = 0; at < 36; at += 2) {
      if (id.charCodeAt(at) === HYPHEN) at += 1
      this.#bytes[this.#at++] = (nibble(id.charCodeAt(at)) << 4) | nibble(id.charCodeAt(at + 1))
    }
  }

  bytea(value: Uint8Array): void {
    this.#need(4 + value.length)
    this.#int4(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  /** Bytes that are at hand in hexadecimal. */
  byteaHex(hex: string): void {
    this.#need(4 + hex.length / 2)
    this.#int4(hex.length / 2)
    this.#at += this.#bytes.write(hex, this.#at, 'hex')
  }

  textArray(values: readonly string[]): void {
    this.#need(ARRAY_HEAD_BYTES)
    const start = this.#arrayHead(values.length, TEXT_TYPE)
    for (const value of values) this.#sized(value)
    this.#bytes.writeInt32BE(this.#at - start, start - 4)
  }

  /** @param halves of each number the upper 32 bits, then the lower. */
  int8Array(halves: readonly number[]): void {
    this.#need(ARRAY_HEAD_BYTES + halves.length * 6)
    const start = this.#arrayHead(halves.length / 2, INT8_TYPE)
    for (let at = 0; at < halves.length; at += 2) {
      this.#int4(8)
      this.#int8(halves[at] as number, halves[at + 1] as number)
    }
    this.#bytes.writeInt32BE(this.#at - start, start - 4)
  }

  /** The rows in these ranges, in pieces to send. They are views: valid until the next write. */
  *pieces(ranges: readonly RowRange[] = [{ from: 0, to: this.#at }]): Generator<Buffer> {
    for (const { from: first, to } of ranges) {
      for (let at = first; at < to; at += CHUNK_BYTES) yield this.#bytes.subarray(at, Math.min(at + CHUNK_BYTES, to))
    }
  }

  #need(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + bytes))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }

  #int2(value: number): void {
    this.#bytes[this.#at++] = value >> 8
    this.#bytes[this.#at++] = value
  }

  #int4(value: number): void {
    this.#bytes[this.#at++] = value >> 24
    this.#bytes[this.#at++] = value >> 16
    this.#bytes[this.#at++] = value >> 8
    this.#bytes[this.#at++] = value
  }

  /** `low` may be negative by one turn, as the remainder of a negative number is. */
  #int8(high: number, low: number): void {
    this.#int4(high)
    this.#int4(low)
  }

  /** Returns where the value begins, behind its length, which is not known yet. */
  #arrayHead(length: number, type: number): number {
    this.#at += 4
    const start = this.#at
    this.#int4(length === 0 ? 0 : 1)
    this.#int4(0)
    this.#int4(type)
    if (length === 0) return start
    this.#int4(length)
    this.#int4(1)
    return start
  }

  #sized(text: string): void {
    this.#need(4 + text.length * UNIT_BYTES_MAX)
    const start = this.#at + 4
    this.#at = start
    this.#utf8(text)
    this.#bytes.writeInt32BE(this.#at - start, start - 4)
  }

  /** Short texts character by character: calling into Buffer.write costs more than writing them. */
  #utf8(text: string): void {
    const start = this.#at
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      if (unit < 0x80) {
        this.#bytes[this.#at++] = unit
      } else if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) {
        this.#bytes[this.#at++] = 0xe0 | (unit >> 12)
        this.#bytes[this.#at++] = 0x80 | ((unit >> 6) & 0x3f)
        this.#bytes[this.#at++] = 0x80 | (unit & 0x3f)
      } else {
        this.#at = start + this.#bytes.write(text, start, 'utf8')
        return
      }
    }
  }
}

const HYPHEN = 45
const ARRAY_HEAD_BYTES = 24

/** The value of a hexadecimal digit, small letters. */
function nibble(code: number): number {
  return code < 58 ? code - 48 : code - 87
}

/**
 * Copies finished rows into a table, in the order given.
 *
 * @param target table and columns as SQL of ours, in the order in which the rows were written.
 * @param pieces of `CopyRows`.
 * @returns rows stored.
 */
export function copyInBinary(transaction: Transaction, target: string, pieces: Iterable<Buffer>): Promise<number> {
  return sendCopy(transaction, `copy ${target} from stdin with (format binary)`, framed(pieces))
}

function* framed(pieces: Iterable<Buffer>): Generator<Buffer> {
  yield SIGNATURE
  yield* pieces
  yield TRAILER
}
