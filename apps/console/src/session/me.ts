import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { MeView } from '@loopline/contracts/setting'
import type { Action } from '@loopline/contracts/permissions'
import { answer } from '../api/answer'
import { api } from '../api/client'

export type Me = z.infer<typeof MeView>

/** Who is signed in and what the person may do; every page behind the frame has it. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: (): Promise<Me> => answer(api.GET('/api/hub/me')),
  staleTime: Infinity,
  retry: false,
})

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** Whether the person may do this at all; whose rows it covers the server decides. */
export function useMay(action: Action): boolean {
  return useMe().can[action] !== undefined
}
