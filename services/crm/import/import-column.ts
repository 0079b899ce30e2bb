import type { z } from 'zod'
import type { IMPORT_COLUMNS, ImportDeclaration, ImportOptions } from '@loopline/contracts/import'

export type ImportColumn = (typeof IMPORT_COLUMNS)[number]
export type Declaration = z.infer<typeof ImportDeclaration>
/** What a person chose, and whether the rows become sandbox people: the installation's word, never the file's. */
export type Options = z.infer<typeof ImportOptions> & { sandbox?: boolean }

/** What is wrong with a cell. The row is kept without it, except where there is no name or no telephone number. */
export const ROW_FAULTS = [
  'NAME_MISSING', 'PHONE_MISSING', 'PHONE_INVALID', 'PHONE_TAKEN', 'LEVEL_UNKNOWN', 'STATUS_UNKNOWN', 'INTENT_UNKNOWN', 'TIME_ZONE_UNKNOWN',
  'OWNER_UNKNOWN', 'CONSENT_UNKNOWN', 'CONSENT_WITHOUT_SOURCE', 'TOO_LONG',
] as const
export type RowFault = (typeof ROW_FAULTS)[number]
