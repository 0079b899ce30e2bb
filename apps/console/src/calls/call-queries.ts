import { infiniteQueryOptions } from '@tanstack/react-query'
import type { AttemptView } from '@loopline/contracts/campaign'
import { answer, given } from '../api/answer'
import { api } from '../api/client'
import type { CallListAddress } from '../router'

export interface CallPage {
  items: AttemptView[]
  next: string | null
}

export const callListQuery = (address: CallListAddress) => infiniteQueryOptions({
  queryKey: ['calls', address],
  queryFn: ({ pageParam, signal }): Promise<CallPage> => answer(api.GET('/api/dialer/attempts', {
    params: { query: { limit: 100, ...given({ campaignId: address.campaignId, customerId: address.customerId, outcome: address.outcome, cursor: pageParam }) } }, signal,
  })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next ?? undefined,
  // Refreshed by the person ("12 new calls"): rows must not move away while somebody reads.
  meta: { static: true },
})
