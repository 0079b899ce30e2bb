import { queryOptions } from '@tanstack/react-query'
import type { AgentDay } from '@loopline/contracts/agent'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { ZONE, type Range } from './agent-time'

export const agentTimeQuery = (range: Range) => queryOptions({
  queryKey: ['agent-time', range], staleTime: 0,
  queryFn: async (): Promise<AgentDay[]> => (await answer(api.GET('/api/dialer/agents/time', { params: { query: { ...range, timeZone: ZONE } } }))).items,
})
