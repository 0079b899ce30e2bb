import { fragment, json, sqlText } from '@loopline/postgres/sql'
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import type { ImportId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { ImportView } from '@loopline/contracts/import'
import type { Options } from './import-column.ts'

export interface ImportSource {
  fileName: string
  legalBasis: string | null
  declaredSource: string | null
  collectedAt: string | null
  createdBy: string | null
  createdByName: string | null
}

/** Where an imported customer came from, for the timeline. */
export async function importedFrom(q: Queryable, importId: string): Promise<ImportSource | null> {
  const [row] = await q.sql<ImportSource>`
    select file_name as "fileName", legal_basis as "legalBasis", declared_source as "declaredSource",
           collected_at as "collectedAt", created_by as "createdBy", created_by_name as "createdByName"
      from crm.import where import_id = ${importId}`
  return row ?? null
}

/** How far an import is: saved with each batch, read again after a crash. */
export interface Progress {
  rowsDone: number
  bytesDone: number
  created: number
  updated: number
  skipped: number
  failed: number
  notCallable: number
  /** Where the good part of the error file ends. */
  errorBytes: number
  errorChunks: number
}

export interface ImportRow extends Progress {
  importId: ImportId
  fileName: string
  state: ImportView['state']
  options: Options
  fileBytes: number
  failure: string | null
  createdBy: string | null
  createdByName: string | null
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
}

const COLUMNS = /* sql */ `import_id as "importId", file_name as "fileName", state, options, file_bytes as "fileBytes", bytes_done as "bytesDone",
  rows_done as "rowsDone", created, updated, skipped, failed, not_callable as "notCallable", error_bytes as "errorBytes",
  error_chunks as "errorChunks", failure, created_by as "createdBy", created_by_name as "createdByName", created_at as "createdAt",
  started_at as "startedAt", ended_at as "endedAt"`

export async function importRow(q: Queryable, importId: string): Promise<ImportRow | null> {
  const { rows } = await q.run<ImportRow>(fragment`select ${sqlText(COLUMNS, [])} from crm.import where import_id = ${importId}`)
  return rows[0] ?? null
}

/** The newest imports. There are few, people look at the last ones. */
export async function recentImports(q: Queryable, limit: number): Promise<ImportRow[]> {
  const { rows } = await q.run<ImportRow>(fragment`select ${sqlText(COLUMNS, [])} from crm.import order by created_at desc limit ${limit}`)
  return rows
}

/** Imports that are not at their end: their job may have been lost between the two commits that make one. */
export async function unfinishedImports(q: Queryable): Promise<ImportId[]> {
  const rows = await q.sql<{ importId: ImportId }>`select import_id as "importId" from crm.import where state in ('queued', 'running')`
  return rows.map((row) => row.importId)
}

export interface NewImport {
  importId: ImportId
  fileName: string
  fileBytes: number
  options: Options
  createdBy: string
  createdByName: string
  createdAt: Date
}

export async function insertImport(q: Queryable, { options, ...row }: NewImport): Promise<void> {
  const { declaration } = options
  await q.sql`
    insert into crm.import (import_id, file_name, state, options, legal_basis, declared_source, collected_at, evidence, file_bytes,
      created_by, created_by_name, created_at)
    values (${row.importId}, ${row.fileName}, 'queued', ${json(options)}::jsonb, ${declaration?.legalBasis ?? null},
      ${declaration?.source ?? null}, ${declaration?.collectedAt ?? null}, ${declaration?.evidence ?? null}, ${row.fileBytes},
      ${row.createdBy}, ${row.createdByName}, ${row.createdAt})`
}

export async function markRunning(q: Queryable, importId: ImportId, at: Date): Promise<void> {
  await q.sql`update crm.import set state = 'running', started_at = coalesce(started_at, ${at}) where import_id = ${importId}`
}

export async function markEnded(q: Queryable, importId: ImportId, at: Date, failure: string | null): Promise<void> {
  await q.sql`
    update crm.import set state = ${failure === null ? 'done' : 'failed'}, failure = ${failure}, ended_at = ${at} where import_id = ${importId}`
}

/**
 * Saves how far an import is, provided that it stood at `rowsBefore`. False means that another worker goes on with it, as
 * happens when one was frozen and taken for dead: then this one must leave (fencing by progress).
 */
export async function saveProgress(transaction: Transaction, importId: ImportId, progress: Progress, rowsBefore: number): Promise<boolean> {
  return (await transaction.execute`
    update crm.import
       set rows_done = ${progress.rowsDone}, bytes_done = ${progress.bytesDone}, created = ${progress.created},
           updated = ${progress.updated}, skipped = ${progress.skipped}, failed = ${progress.failed},
           not_callable = ${progress.notCallable}, error_bytes = ${progress.errorBytes}, error_chunks = ${progress.errorChunks}
     where import_id = ${importId} and rows_done = ${rowsBefore} and state = 'running'`) === 1
}

/** People by id and by name, for the owner column. A name that two share stands for neither. */
export async function peopleByName(q: Queryable): Promise<Map<string, { userId: UserId; teamId: TeamId | null }>> {
  const rows = await q.sql<{ userId: UserId; teamId: TeamId | null; name: string }>`
    select user_id as "userId", team_id as "teamId", name from crm.team_user where active`
  const people = new Map<string, { userId: UserId; teamId: TeamId | null }>()
  const shared = new Set<string>()
  for (const { userId, teamId, name } of rows) {
    people.set(userId, { userId, teamId })
    if (people.has(name)) shared.add(name)
    else people.set(name, { userId, teamId })
  }
  for (const name of shared) people.delete(name)
  return people
}
