import type { InfiniteData } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { CustomerView } from '@loopline/contracts/customer'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { useLive } from '../api/live'
import { queryClient } from '../api/queries'
import type { PageOf } from './customer-queries'

const PAUSE_MS = 1_000
/** While a campaign runs fast, more rows change than anybody reads: so many are asked for again in one pause. */
const AT_ONCE = 8

/**
 * Keeps the rows of a list current: a row that push names is fetched alone and put in its place. The order of the list
 * stays as it was read, so that nothing jumps away under the pointer.
 */
export function useLiveRows(queryKey: readonly unknown[], shown: ReadonlyMap<string, number>): void {
  const stale = useRef(new Set<string>())
  const key = useRef(queryKey)
  useEffect(() => { key.current = queryKey })
  useLive((message) => {
    if (message.topic !== 'customer') return
    const version = shown.get(message.customerId)
    if (version !== undefined && (message.version === 0 || message.version > version)) stale.current.add(message.customerId)
  })
  useEffect(() => {
    // Looks at a set in memory; the server is asked only for rows that push named.
    const timer = setInterval(() => {
      const ids = [...stale.current].slice(0, AT_ONCE)
      for (const id of ids) stale.current.delete(id)
      for (const id of ids) void refresh(key.current, id)
    }, PAUSE_MS)
    return () => clearInterval(timer)
  }, [])
}

async function refresh(queryKey: readonly unknown[], customerId: string): Promise<void> {
  const fresh: CustomerView | null = await answer(api.GET('/api/crm/customers/{customerId}', { params: { path: { customerId } } })).catch(() => null)
  if (!fresh) return
  queryClient.setQueryData<InfiniteData<PageOf<CustomerView>>>(queryKey, (data) => data && {
    ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map((row) => (row.customerId === customerId ? fresh : row)) })),
  })
}
