import type { Queryable } from '@loopline/postgres/queryable'

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
