import { useEffect, useRef } from 'react'
import { hashKey, type QueryKey } from '@tanstack/react-query'
import { queryClient } from './queries'
import { useLive } from './live'

/** An import or a busy campaign asks for many resyncs; the page asks again at most this often. */
const RESYNC_PAUSE_MS = 1_500

/** Calls `run` at once, then at most once per pause, the last wish never lost. */
export function useThrottled(run: () => void, pauseMs: number): () => void {
  const latest = useRef(run)
  const state = useRef<{ timer: ReturnType<typeof setTimeout> | undefined; again: boolean }>({ timer: undefined, again: false })
  useEffect(() => { latest.current = run })
  useEffect(() => {
    const { current } = state
    return () => clearTimeout(current.timer)
  }, [])
  return () => {
    const { current } = state
    if (current.timer !== undefined) {
      current.again = true
      return
    }
    latest.current()
    current.timer = setTimeout(function rest() {
      current.timer = undefined
      if (!current.again) return
      current.again = false
      latest.current()
      current.timer = setTimeout(rest, pauseMs)
    }, pauseMs)
  }
}

/** What push says about everything on the page: after a gap all that is shown is asked for again. */
export function useResync(): void {
  const resync = useThrottled(() => void queryClient.invalidateQueries({ predicate: (query) => query.meta?.['static'] !== true }), RESYNC_PAUSE_MS)
  useLive((message) => {
    if (message.topic === 'resync') resync()
    if (message.topic === 'setting') void queryClient.invalidateQueries({ queryKey: ['setting', message.key] })
  })
}

/** Marks a query stale, at most once per pause, whenever push says something `concerns` it. */
export function useStaleOnPush(queryKey: QueryKey, concerns: Parameters<typeof useLive>[0] extends (message: infer Message) => void ? (message: Message) => boolean : never, pauseMs = 500): void {
  const refresh = useThrottled(() => void queryClient.invalidateQueries({ queryKey }), pauseMs)
  const key = hashKey(queryKey)
  // Nobody marks it while nobody looks at it: whoever comes back to the page asks anew, with the old answer in view meanwhile.
  useEffect(() => () => void queryClient.invalidateQueries({ predicate: ({ queryHash }) => queryHash === key, refetchType: 'none' }), [key])
  useLive((message) => { if (concerns(message)) refresh() })
}
