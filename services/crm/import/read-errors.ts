import { crmError } from '../errors.ts'
import { ERROR_HEADER } from './error-file.ts'
import type { ImportDeps } from './import-deps.ts'
import { importRow } from './import.sql.ts'
import { errorPath } from './run-import.ts'
import { readSealed } from './sealed-file.ts'

/** The error file as CSV, as far as batches were committed. @throws IMPORT_NOT_FOUND before the first piece */
export async function readErrors({ db, dataDir, keys }: ImportDeps, importId: string): Promise<AsyncGenerator<Buffer, void, void>> {
  const row = await importRow(db, importId)
  if (!row) throw crmError('IMPORT_NOT_FOUND')
  return pieces(row.errorChunks)

  async function* pieces(chunks: number): AsyncGenerator<Buffer, void, void> {
    yield Buffer.from(ERROR_HEADER)
    if (chunks > 0) yield* readSealed(errorPath(dataDir, importId), keys, importId, chunks)
  }
}
