import { z } from 'zod'

/** HTTP of crm, noun: import. POST /imports (multipart: file + JSON field `options`), mounted at /imports. */
export const IMPORT_COLUMNS = [
  'name', 'company', 'phone', 'phone2', 'phone3', 'level', 'status', 'tags', 'region', 'industry', 'intent',
  'timeZone', 'owner', 'marketingConsent', 'recordingConsent', 'consentSource', 'consentAt', 'ignore',
] as const

/** What makes a batch callable (消保法实施条例 art. 24; PIPL): without it the rows are kept but not dialled, and the preview says so. */
export const ImportDeclaration = z.object({
  legalBasis: z.enum(['consent', 'contract', 'none']),
  source: z.string().trim().min(1).max(500),
  collectedAt: z.iso.date(),
  evidence: z.string().trim().max(2000).default(''),
  /** Whether the declared consent covers recording too. */
  coversRecording: z.boolean().default(false),
})

export const ImportOptions = z.object({
  /** Position in the file → our column, as guessed by the preview and corrected by the person. */
  columns: z.array(z.enum(IMPORT_COLUMNS)).min(1).max(100),
  hasHeader: z.boolean().default(true),
  /** A row whose phone exists: leave the customer as it is, fill its empty fields, or overwrite what the row names. */
  duplicates: z.enum(['skip', 'fill', 'overwrite']).default('skip'),
  defaultLevel: z.enum(['A', 'B', 'C', 'D']).default('C'),
  defaultRegion: z.string().max(100).nullable().default(null),
  declaration: ImportDeclaration.nullable().default(null),
})
export type ImportOptions = z.infer<typeof ImportOptions>

/** POST /imports/preview (multipart): guessed columns, ten rows, and how many of the sampled rows could be called, with reasons. */
export const ImportPreview = z.object({
  columns: z.array(z.enum(IMPORT_COLUMNS)),
  hasHeader: z.boolean(),
  header: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  sampled: z.number().int(),
  callable: z.number().int(),
  notCallable: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  errors: z.array(z.object({ row: z.number().int(), code: z.string(), column: z.string().nullable() })),
})

export const ImportView = z.object({
  importId: z.uuid(),
  fileName: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  rowsRead: z.number().int(),
  rowsTotalEstimate: z.number().int().nullable(),
  created: z.number().int(),
  updated: z.number().int(),
  skipped: z.number().int(),
  failed: z.number().int(),
  notCallable: z.number().int(),
  errorFile: z.boolean(),
  failure: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  createdBy: z.string().nullable(),
})
export type ImportView = z.infer<typeof ImportView>
