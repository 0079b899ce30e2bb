import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { RecordingItem, RecordingView } from '@loopline/contracts/recording'
import { answer, given } from '../api/answer'
import { ApiError, api } from '../api/client'
import type { RecordingListAddress } from '../router'

/** Null where there is no such call, or the person may not hear it. */
export const recordingQuery = (attemptId: string) => queryOptions({
  queryKey: ['recording', attemptId],
  queryFn: async (): Promise<RecordingView | null> => {
    try {
      return await answer(api.GET('/api/dialer/recordings/{attemptId}', { params: { path: { attemptId } } }))
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    }
  },
})

export interface RecordingPageAnswer {
  items: RecordingItem[]
  next: string | null
}

const DAY_MS = 86_400_000
/** A day of the address, as the browser's zone has it. */
const dayStart = (day: string | undefined, days = 0): string | undefined => {
  const at = day === undefined ? Number.NaN : new Date(`${day}T00:00:00`).getTime()
  return Number.isNaN(at) ? undefined : new Date(at + days * DAY_MS).toISOString()
}

export const recordingListQuery = ({ from, to, held, ...address }: RecordingListAddress) => infiniteQueryOptions({
  queryKey: ['recordings', address, from, to, held],
  queryFn: ({ pageParam, signal }): Promise<RecordingPageAnswer> => answer(api.GET('/api/dialer/recordings', {
    params: { query: { limit: 100, ...given({ ...address, legalHold: held ? '1' as const : undefined, from: dayStart(from), to: dayStart(to, 1), cursor: pageParam }) } }, signal,
  })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next ?? undefined,
  meta: { static: true },
})

export async function setHold(attemptId: string, on: boolean, reason: string): Promise<RecordingView> {
  return answer(api.PUT('/api/dialer/recordings/{attemptId}/hold', { params: { path: { attemptId } }, body: { on, reason } }))
}
