import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { CallerIdGroupView, CallerIdPage, CallerIdState } from '@loopline/contracts/caller-id'
import { answer, given } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'

export interface NumberListAddress {
  lineId?: string | undefined
  groupId?: string | undefined
  state?: CallerIdState | undefined
  text?: string | undefined
}

export const numberListQuery = (address: NumberListAddress) => infiniteQueryOptions({
  queryKey: ['numbers', address],
  queryFn: ({ pageParam }): Promise<CallerIdPage> => answer(api.GET('/api/dialer/caller-ids', { params: { query: given({ ...address, cursor: pageParam }) } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
})

export const groupsQuery = queryOptions({
  queryKey: ['number-groups'],
  queryFn: async (): Promise<CallerIdGroupView[]> => (await answer(api.GET('/api/dialer/caller-id-groups'))).items,
})

/** After a change: numbers, groups, and the lines that list them. */
export async function refreshNumbers(): Promise<void> {
  await Promise.all(['numbers', 'number-groups', 'lines'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })))
}
