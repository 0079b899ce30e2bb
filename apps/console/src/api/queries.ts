import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './client'

let onSignedOut = (): void => undefined

/** What happens when the server no longer knows the session: set once, by the router. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act
}

function lookAt(error: unknown): void {
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') onSignedOut()
}

/** Server state of the page. Nothing polls: push marks what is stale (`live-queries.ts`), a person's act refetches. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: lookAt }),
  mutationCache: new MutationCache({ onError: lookAt }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502),
    },
  },
})
