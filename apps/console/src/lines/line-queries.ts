import { queryOptions } from '@tanstack/react-query'
import type { LineView } from '@loopline/contracts/line'
import type { LineQualityView, RegionQualityView } from '@loopline/contracts/line-quality'
import { answer } from '../api/answer'
import { api } from '../api/client'

export const linesQuery = queryOptions({
  queryKey: ['lines'],
  queryFn: async (): Promise<LineView[]> => (await answer(api.GET('/api/dialer/lines'))).items,
})

/** Below the lines' own key: what makes those stale makes this stale. */
export const lineQualityQuery = queryOptions({
  queryKey: ['lines', 'quality'],
  queryFn: async (): Promise<LineQualityView[]> => (await answer(api.GET('/api/dialer/lines/quality'))).items,
})

export const regionQualityQuery = (lineId: string) => queryOptions({
  queryKey: ['lines', 'quality', lineId],
  queryFn: async (): Promise<RegionQualityView[]> => (await answer(api.GET('/api/dialer/lines/{lineId}/quality', { params: { path: { lineId } } }))).items,
})
