import { queryOptions, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { UserView } from '@loopline/contracts/setting'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { useMay, useMe } from './me'

export type Person = z.infer<typeof UserView>

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async (): Promise<Person[]> => (await answer(api.GET('/api/hub/users'))).items,
  staleTime: 5 * 60_000,
})

/** Names of people by id. Whoever may not list people knows at least himself. */
export function useNames(): (userId: string | null) => string | null {
  const me = useMe()
  const { data } = useQuery({ ...peopleQuery, enabled: useMay('user:read') })
  return (userId) => {
    if (userId === null) return null
    if (userId === me.userId) return me.name
    return data?.find((person) => person.userId === userId)?.name ?? null
  }
}
