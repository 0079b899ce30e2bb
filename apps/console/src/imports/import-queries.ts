import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ImportOptions, ImportPreview, ImportView } from '@loopline/contracts/import'
import { answer } from '../api/answer'
import { api, offline, refusalOf } from '../api/client'

export type Preview = z.infer<typeof ImportPreview>

/** A file travels as multipart, which OpenAPI does not type: the two requests that do so are written by hand. */
async function send<Answer>(path: string, file: File, options: Partial<ImportOptions>, signal?: AbortSignal): Promise<Answer> {
  const body = new FormData()
  // Fields before the file: the server streams, and must know the columns before the first row comes.
  body.append('options', JSON.stringify(options))
  body.append('file', file)
  const response = await fetch(path, { method: 'POST', body, ...(signal ? { signal } : {}) }).catch((error: unknown) => { throw signal?.aborted ? error : offline() })
  if (!response.ok) throw await refusalOf(response)
  return (await response.json()) as Answer
}

/** What the first rows hold, by the given columns or by a guess. Only the beginning of the file is sent. */
export function previewImport(file: File, options: Partial<ImportOptions>, signal: AbortSignal): Promise<Preview> {
  return send('/api/crm/imports/preview', new File([file.slice(0, PREVIEW_BYTES)], file.name, { type: file.type }), options, signal)
}

const PREVIEW_BYTES = 512 * 1_024

export const startImport = (file: File, options: ImportOptions): Promise<ImportView> => send('/api/crm/imports', file, options)

export const importQuery = (importId: string) => queryOptions({
  queryKey: ['import', importId],
  queryFn: (): Promise<ImportView> => answer(api.GET('/api/crm/imports/{importId}', { params: { path: { importId } } })),
  staleTime: 0,
})

export const errorFileOf = (importId: string): string => `/api/crm/imports/${importId}/errors`
