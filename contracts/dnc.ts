import { z } from 'zod'

/** HTTP of dialer, noun: do-not-call list. Numbers are kept as blind indexes only: they can be asked for, and never read back. */
export const DNC_KINDS = ['own', 'campaign', 'registry'] as const

export const DncListView = z.object({
  listId: z.uuid(), kind: z.enum(DNC_KINDS), name: z.string(), campaignId: z.uuid().nullable(),
  /** Of a registry's copy: which registry, and the day of the copy. */
  registry: z.string().nullable(), copiedOn: z.string().nullable(),
  numbers: z.number().int(), updatedAt: z.string(),
  /** The import that is under way, or the last one. */
  lastImport: z.object({ importId: z.uuid(), state: z.enum(['running', 'done', 'failed']), fileName: z.string(), startedAt: z.string() }).nullable(),
})
export const DncLists = z.object({ items: z.array(DncListView) })

const Name = z.string().trim().min(1).max(100)
export const CreateDncList = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('own'), name: Name }),
  z.strictObject({ kind: z.literal('campaign'), name: Name, campaignId: z.uuid() }),
  z.strictObject({ kind: z.literal('registry'), name: Name, registry: z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/) }),
])
export type CreateDncList = z.infer<typeof CreateDncList>

const Number = z.string().trim().min(3).max(40)
/** Why a number is put on a list or taken off: kept with it, and in the audit. */
const Reason = z.string().trim().min(1).max(300)
export const DncNumber = z.strictObject({ phone: Number, reason: Reason })
export const RemoveDncList = z.strictObject({ reason: Reason })
export const DncSearch = z.strictObject({ phone: Number })
export const DncHits = z.object({
  items: z.array(z.object({ listId: z.uuid(), kind: z.enum(DNC_KINDS), name: z.string(), reason: z.string().nullable(), addedBy: z.string().nullable(), addedAt: z.string() })),
})
export const DncChanged = z.object({ listId: z.uuid(), changed: z.boolean(), numbers: z.number().int() })

export const StartDncImport = z.strictObject({
  fileName: z.string().trim().min(1).max(200),
  /** `replace`: the file is the whole list, and holds from its last line on; until then the former copy does. */
  mode: z.enum(['add', 'replace']),
  /** Of a registry's copy: the day it was made. */
  copiedOn: z.iso.date().nullable().default(null),
  /** Calling code of numbers written without one, "86"; null: only numbers that begin with + are understood, and Chinese mobile numbers. */
  callingCode: z.string().regex(/^[1-9]\d{0,2}$/).nullable().default(null),
})
export type StartDncImport = z.infer<typeof StartDncImport>

export const DncImportView = z.object({
  importId: z.uuid(), listId: z.uuid(), mode: z.enum(['add', 'replace']), state: z.enum(['running', 'done', 'failed']), fileName: z.string(),
  /** Bytes of the file that are committed: the next piece begins here. */
  offset: z.number().int(),
  rows: z.number().int(), added: z.number().int(), known: z.number().int(), invalid: z.number().int(),
  startedAt: z.string(), endedAt: z.string().nullable(),
})
export type DncImportView = z.infer<typeof DncImportView>

/** A piece of the file, in order: `text/csv`, at most 4 MiB. Its last line may be cut; `last` says that nothing follows. */
export const DncPiece = z.object({ offset: z.coerce.number().int().min(0), last: z.enum(['true', 'false']).default('false') })
export const DNC_PIECE_BYTES_MAX = 4 * 1024 * 1024
