import { createHash, createHmac } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** One act as it is asked to be recorded. */
export interface AuditEntry {
  /** A user's or API key's id, `service:<name>`, or `nobody`. */
  actorId: string
  actorName: string
  role: string
  /** What was done: `reveal-phone`, `start-campaign`. */
  action: string
  /** To what: `customer:<id>`. */
  subject: string
  /** Never a telephone number; bulk acts give count and digest. */
  details: Record<string, unknown>
  /** Client address, where known. */
  address: string
}

/** One act as it is kept. */
export interface AuditRow extends Omit<AuditEntry, 'details'> {
  /** UTC day, YYYY-MM-DD; the chain is cut by days so that one can be checked and archived alone. */
  day: string
  /** 1, 2, 3 … within the day, no gaps. */
  seq: number
  atMs: number
  /** JSON, its exact characters. */
  details: string
  hash: Buffer
}

export interface ChainHead {
  day: string
  seq: number
  hash: Buffer
}

/** The hash of a row: of the row before it and of all that it says. The first row of a day continues the day before. */
export function rowHash(previous: Buffer, row: Omit<AuditRow, 'hash'>): Buffer {
  const { day, seq, atMs, actorId, actorName, role, action, subject, details, address } = row
  return createHash('sha256').update(previous).update(JSON.stringify([day, seq, atMs, actorId, actorName, role, action, subject, details, address])).digest()
}

/** Rows for these entries behind the head. Time never goes back in the chain, whatever the clock does. */
export function extendChain(head: ChainHead, entries: readonly AuditEntry[], atMs: number): AuditRow[] {
  const today = new Date(atMs).toISOString().slice(0, 10)
  let { day, seq, hash } = head
  return entries.map(({ details, ...entry }) => {
    if (today > day) [day, seq] = [today, 0]
    seq += 1
    const row = { ...entry, day, seq, atMs, details: JSON.stringify(details) }
    hash = rowHash(hash, row)
    return { ...row, hash }
  })
}

/** What is written outside the database each minute: an unkeyed chain could be recomputed by whoever rewrites it. */
export interface Checkpoint {
  day: string
  seq: number
  hash: string
  atMs: number
  hmac: string
}

export function checkpointOf(key: KeyObject, { day, seq, hash }: ChainHead, atMs: number): Checkpoint {
  const hex = hash.toString('hex')
  return { day, seq, hash: hex, atMs, hmac: sign(key, day, seq, hex, atMs) }
}

export function isGenuine(key: KeyObject, { day, seq, hash, atMs, hmac }: Checkpoint): boolean {
  return sign(key, day, seq, hash, atMs) === hmac
}

const sign = (key: KeyObject, ...parts: (string | number)[]): string => createHmac('sha256', key).update(parts.join('|')).digest('hex')
