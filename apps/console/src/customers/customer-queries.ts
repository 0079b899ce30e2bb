import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { CustomerView, TimelineItem } from '@loopline/contracts/customer'
import { answer, given } from '../api/answer'
import { api } from '../api/client'
import type { CustomerListAddress } from '../router'

export interface PageOf<Item> {
  items: Item[]
  next: string | null
}

const FIRST = undefined as string | undefined
const PAGE_ROWS = 100

export const customerListQuery = (address: CustomerListAddress) => infiniteQueryOptions({
  queryKey: ['customers', address],
  queryFn: ({ pageParam, signal }): Promise<PageOf<CustomerView>> => answer(api.GET('/api/crm/customers', {
    params: { query: { limit: PAGE_ROWS, view: address.view ?? 'all', sort: address.sort ?? 'updated', ...given({ search: address.search, condition: address.condition, cursor: pageParam }) } }, signal,
  })),
  initialPageParam: FIRST,
  getNextPageParam: (last) => last.next ?? undefined,
  // A condition that the person keeps changing must not keep every former list alive.
  gcTime: 60_000,
})

export const customerQuery = (customerId: string) => queryOptions({
  queryKey: ['customer', customerId],
  queryFn: (): Promise<CustomerView> => answer(api.GET('/api/crm/customers/{customerId}', { params: { path: { customerId } } })),
})

export const timelineQuery = (customerId: string) => infiniteQueryOptions({
  queryKey: ['timeline', customerId],
  queryFn: ({ pageParam }): Promise<PageOf<TimelineItem>> => answer(api.GET('/api/crm/customers/{customerId}/timeline', {
    params: { path: { customerId }, query: { limit: 50, ...given({ cursor: pageParam }) } },
  })),
  initialPageParam: FIRST,
  getNextPageParam: (last) => last.next ?? undefined,
})
