import type { KeyObject } from 'node:crypto'
import type { Queryable } from '@loopline/postgres/queryable'
import { isGenuine, rowHash } from './audit-chain.ts'
import type { AuditRow, ChainHead, Checkpoint } from './audit-chain.ts'
import { chainAfter, readHead } from './audit.sql.ts'
import { readCheckpoints } from './head-file.ts'

export interface AuditReport {
  rows: number
  checkpoints: number
  /** What was found wrong, oldest first; empty when the trail is whole. */
  findings: string[]
}

const PAGE = 2_000
const BEGINNING: ChainHead = { day: '2000-01-01', seq: 0, hash: Buffer.alloc(32) }

/**
 * Recomputes the chain from its beginning and compares it with its end in the database and with the signed heads outside.
 * Finds edited, removed, inserted and truncated rows, and a rewritten chain where a head outside was signed before.
 */
export async function verifyAudit(db: Queryable, { key, dir }: { key: KeyObject; dir: string }): Promise<AuditReport> {
  const checkpoints = await readCheckpoints(dir)
  const findings = checkpoints.filter((checkpoint) => !isGenuine(key, checkpoint)).map(({ day, seq }) => `the head of ${day}/${seq} outside is forged`)
  const signed = new Map(checkpoints.map((checkpoint) => [`${checkpoint.day}/${checkpoint.seq}`, checkpoint.hash]))
  let last = BEGINNING
  let rows = 0
  for (;;) {
    const page = await chainAfter(db, last, PAGE)
    if (page.length === 0) break
    for (const row of page) {
      findings.push(...rowFindings(last, row, signed))
      last = row
      rows += 1
    }
  }
  findings.push(...endFindings(last, await readHead(db), checkpoints))
  return { rows, checkpoints: checkpoints.length, findings }
}

function rowFindings(last: ChainHead, row: AuditRow, signed: Map<string, string>): string[] {
  const at = `${row.day}/${row.seq}`
  const expected = row.day === last.day ? last.seq + 1 : 1
  const found: string[] = []
  if (row.seq !== expected) found.push(`rows before ${at} are missing`)
  if (!rowHash(last.hash, row).equals(row.hash)) found.push(`${at} does not follow from the row before it`)
  const outside = signed.get(at)
  if (outside !== undefined && outside !== row.hash.toString('hex')) found.push(`${at} is not what was signed outside`)
  return found
}

function endFindings(last: ChainHead, head: ChainHead, checkpoints: Checkpoint[]): string[] {
  const found: string[] = []
  if (head.seq !== 0 && !head.hash.equals(last.hash)) found.push(`the chain ends at ${last.day}/${last.seq}, its head says ${head.day}/${head.seq}`)
  const later = checkpoints.find(({ day, seq }) => day > last.day || (day === last.day && seq > last.seq))
  if (later) found.push(`rows up to ${later.day}/${later.seq} were signed outside and are gone`)
  return found
}
