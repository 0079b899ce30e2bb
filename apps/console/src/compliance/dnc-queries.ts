import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { DncImportView, DncListView } from '@loopline/contracts/dnc'
import { answer } from '../api/answer'
import { api, offline, refusalOf } from '../api/client'

export type DncList = z.infer<typeof DncListView>

export const dncListsQuery = queryOptions({ queryKey: ['dnc-lists'], queryFn: async () => (await answer(api.GET('/api/dialer/dnc/lists'))).items as DncList[] })

/** Small enough to show progress several times a second, large enough that the way to the server does not count. */
const PIECE_BYTES = 1_000_000

export interface NumbersFile {
  file: File
  importId: string
  /** Where the server is. */
  offset: number
}

/**
 * Sends the file piece by piece from where the server is, and tells after each how far it came. A broken connection leaves
 * everything that was told; calling it again goes on from there.
 */
export async function sendNumbers({ file, importId, offset }: NumbersFile, tell: (view: DncImportView) => void, signal: AbortSignal): Promise<DncImportView> {
  for (let from = offset; ;) {
    signal.throwIfAborted()
    const piece = file.slice(from, from + PIECE_BYTES)
    const isLast = from + piece.size >= file.size
    const view = await putPiece(importId, { offset: from, isLast }, piece, signal)
    tell(view)
    if (isLast) return view
    from = view.offset
  }
}

/** The typed client speaks JSON only. */
async function putPiece(importId: string, { offset, isLast }: { offset: number; isLast: boolean }, piece: Blob, signal: AbortSignal): Promise<DncImportView> {
  const response = await fetch(`/api/dialer/dnc/imports/${importId}/piece?offset=${offset}&last=${isLast}`, { method: 'PUT', headers: { 'content-type': 'text/csv' }, body: piece, signal })
    .catch((error: unknown) => { throw signal.aborted ? error : offline() })
  if (!response.ok) throw await refusalOf(response)
  return (await response.json()) as DncImportView
}

export const errorsAddress = (importId: string): string => `/api/dialer/dnc/imports/${importId}/errors`
