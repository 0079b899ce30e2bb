import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

export interface LineFault {
  line: number
  code: 'not-a-number'
}

/** So many faults are kept for whoever mends the file; the count is of all. */
export const FAULTS_MAX = 10_000

export interface DncImport {
  importId: string
  listId: string
  copyId: string
  replacing: boolean
  state: 'running' | 'done' | 'failed'
  fileName: string
  callingCode: string | null
  copiedOn: string | null
  offset: number
  rows: number
  added: number
  known: number
  invalid: number
  errors: LineFault[]
  actorId: string
  actorName: string
  startedAt: Date
  seenAt: Date
  endedAt: Date | null
}

export async function insertImport(queryable: Queryable, one: Pick<DncImport, 'importId' | 'listId' | 'copyId' | 'replacing' | 'fileName' | 'callingCode' | 'copiedOn' | 'actorId' | 'actorName'>, now: Date): Promise<void> {
  await queryable.execute`
    insert into dialer.dnc_import (import_id, list_id, copy_id, replacing, state, file_name, calling_code, copied_on, actor_id, actor_name, started_at, seen_at)
    values (${one.importId}, ${one.listId}, ${one.copyId}, ${one.replacing}, 'running', ${one.fileName}, ${one.callingCode}, ${one.copiedOn}, ${one.actorId}, ${one.actorName}, ${now}, ${now})`
}

/** `lock`: nobody else takes a piece of it until the transaction ends. */
export async function readImport(queryable: Queryable, importId: string, lock = false): Promise<DncImport | undefined> {
  const [row] = lock
    ? await queryable.sql<DncImport>`
        select import_id as "importId", list_id as "listId", copy_id as "copyId", replacing, state, file_name as "fileName", calling_code as "callingCode", copied_on as "copiedOn", file_offset as "offset",
               rows, added, known, invalid, errors, actor_id as "actorId", actor_name as "actorName", started_at as "startedAt", seen_at as "seenAt", ended_at as "endedAt"
          from dialer.dnc_import where import_id = ${importId} for update`
    : await queryable.sql<DncImport>`
        select import_id as "importId", list_id as "listId", copy_id as "copyId", replacing, state, file_name as "fileName", calling_code as "callingCode", copied_on as "copiedOn", file_offset as "offset",
               rows, added, known, invalid, errors, actor_id as "actorId", actor_name as "actorName", started_at as "startedAt", seen_at as "seenAt", ended_at as "endedAt"
          from dialer.dnc_import where import_id = ${importId}`
  return row
}

/** Writes down how far it came, in the transaction of the numbers. */
export async function saveProgress(queryable: Queryable, one: DncImport, now: Date): Promise<void> {
  await queryable.execute`
    update dialer.dnc_import
       set file_offset = ${one.offset}, rows = ${one.rows}, added = ${one.added}, known = ${one.known}, invalid = ${one.invalid}, errors = ${json(one.errors)},
           state = ${one.state}, ended_at = ${one.endedAt}, seen_at = ${now}
     where import_id = ${one.importId}`
}

/** The copy that was filled becomes the list's; the former one counts no more. */
export async function adoptCopy(queryable: Queryable, { listId, copyId, copiedOn }: DncImport, numbers: number, now: Date): Promise<void> {
  await queryable.execute`insert into dialer.dnc_dead_copy (copy_id) select copy_id from dialer.dnc_list where list_id = ${listId} on conflict do nothing`
  await queryable.execute`
    update dialer.dnc_list set copy_id = ${copyId}, numbers = ${numbers}, copied_on = ${copiedOn}::date, updated_at = ${now} where list_id = ${listId}`
}

/** An added file of a registry makes its copy as new as the file. */
export async function noteCopyDay(queryable: Queryable, { listId, copiedOn }: DncImport): Promise<void> {
  await queryable.execute`update dialer.dnc_list set copied_on = greatest(copied_on, ${copiedOn}::date) where list_id = ${listId}`
}

/** Imports of which nothing was heard since `before` are given up; what one would have replaced stays. */
export async function giveUpImports(queryable: Queryable, before: Date, now: Date): Promise<void> {
  const rows = await queryable.sql<{ copyId: string; replacing: boolean }>`
    update dialer.dnc_import set state = 'failed', ended_at = ${now} where state = 'running' and seen_at < ${before} returning copy_id as "copyId", replacing`
  const copies = rows.filter((row) => row.replacing).map((row) => row.copyId)
  if (copies.length > 0) await queryable.execute`insert into dialer.dnc_dead_copy (copy_id) select unnest(${copies}::uuid[]) on conflict do nothing`
}
