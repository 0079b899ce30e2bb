import { queryOptions } from '@tanstack/react-query'
import type { LineView } from '@loopline/contracts/line'
import { answer } from '../api/answer'
import { api } from '../api/client'

export const linesQuery = queryOptions({
  queryKey: ['lines'],
  queryFn: async (): Promise<LineView[]> => (await answer(api.GET('/api/dialer/lines'))).items,
})
