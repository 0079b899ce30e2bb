import { queryOptions } from '@tanstack/react-query'
import { answer } from '../api/answer'
import { api } from '../api/client'

export const calleeClockQuery = queryOptions({
  queryKey: ['setting', 'callee-clock'],
  queryFn: () => answer(api.GET('/api/hub/settings/callee-clock')),
  staleTime: Infinity,
})

export const companyQuery = queryOptions({
  queryKey: ['setting', 'company-name'],
  queryFn: () => answer(api.GET('/api/hub/settings/company-name')),
  staleTime: Infinity,
})
