import type { FastifyRequest } from 'fastify'
import { newId } from '@loopline/clock/new-id'
import type { ImportId } from '@loopline/vocabulary/ids'
import { ImportOptions } from '@loopline/contracts/import'
import type { ImportView } from '@loopline/contracts/import'
import { crmError } from '../errors.ts'
import type { ImportDeps } from './import-deps.ts'
import { importRow, insertImport, recentImports } from './import.sql.ts'
import type { ImportRow } from './import.sql.ts'
import { readOptions, receiveUpload } from './upload.ts'

/** Takes a file in and has it imported. The row is committed first: should the job be lost, the next start makes it again. */
export async function startImport(deps: ImportDeps, request: FastifyRequest): Promise<ImportView> {
  const importId = newId<ImportId>(deps.clock)
  const { fileName, fileBytes, options } = await receiveUpload(deps, request, importId)
  const { sub, name } = request.identity
  await insertImport(deps.db, {
    importId, fileName, fileBytes, options: { ...readOptions(ImportOptions, options), sandbox: deps.sandbox ?? false }, createdBy: sub, createdByName: name, createdAt: new Date(deps.clock.now()),
  })
  await deps.enqueue(importId)
  return viewImport(deps, importId)
}

/** @throws IMPORT_NOT_FOUND */
export async function viewImport(deps: ImportDeps, importId: string): Promise<ImportView> {
  const row = await importRow(deps.db, importId)
  if (!row) throw crmError('IMPORT_NOT_FOUND')
  return viewOf(row)
}

const LISTED = 100

export async function listImports(deps: ImportDeps): Promise<{ items: ImportView[]; next: null }> {
  return { items: (await recentImports(deps.db, LISTED)).map(viewOf), next: null }
}

function viewOf(row: ImportRow): ImportView {
  return {
    importId: row.importId, fileName: row.fileName, state: row.state, rowsRead: row.rowsDone, rowsTotalEstimate: totalOf(row),
    created: row.created, updated: row.updated, skipped: row.skipped, failed: row.failed, notCallable: row.notCallable,
    errorFile: row.errorChunks > 0, failure: row.failure, startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null, createdBy: row.createdByName ?? row.createdBy,
  }
}

/** Rows of the whole file, from how many its first part had. */
function totalOf({ state, rowsDone, bytesDone, fileBytes }: ImportRow): number | null {
  if (state === 'done') return rowsDone
  return bytesDone === 0 ? null : Math.round((rowsDone * fileBytes) / bytesDone)
}
