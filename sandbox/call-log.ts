import { closeSync, openSync, writeSync } from 'node:fs'
import type { CallRecord, LogLine } from './call-record.ts'

/** A killed carrier loses at most this much of its memory. */
const FLUSH_MS = 50
const FLUSH_LINES = 500

/** Appends to a file of JSON lines, in batches. Lines hold no number in clear. `path` null keeps nothing. */
export class CallLog {
  readonly #file: number | null
  #lines: string[] = []
  #timer: NodeJS.Timeout | null = null

  constructor(path: string | null) {
    this.#file = path === null ? null : openSync(path, 'a', 0o600)
  }

  invited(record: CallRecord): void {
    const { callId, number, from, invitedAt } = record
    this.#append({ event: 'invite', callId, number, from, at: invitedAt })
  }

  ended(record: CallRecord): void {
    this.#append({ event: 'end', ...record })
  }

  /** The ACK of a refusal comes after its end. */
  acknowledged(record: CallRecord): void {
    this.#append({ event: 'ack', callId: record.callId, at: record.ackAt ?? 0 })
  }

  /** Writes what is waiting; throws when the disk does. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#lines.length === 0 || this.#file === null) return
    const text = this.#lines.join('')
    this.#lines = []
    writeSync(this.#file, text)
  }

  close(): void {
    this.flush()
    if (this.#file !== null) closeSync(this.#file)
  }

  #append(line: LogLine): void {
    if (this.#file === null) return
    this.#lines.push(`${JSON.stringify(line)}\n`)
    if (this.#lines.length >= FLUSH_LINES) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS)
  }
}

