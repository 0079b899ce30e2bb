import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Date.now()

function subscribe(tell: () => void): () => void {
  listeners.add(tell)
  now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, 1_000)
  return () => {
    listeners.delete(tell)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const asleep = (): (() => void) => () => undefined

/** Unix ms, told anew each second by one timer for the page; still while `runs` is false. */
export function useNow(runs = true): number {
  return useSyncExternalStore(runs ? subscribe : asleep, () => now)
}

/** Whole seconds since an instant; null without one. */
export function useSecondsSince(at: string | null): number | null {
  const current = useNow(at !== null)
  return at === null ? null : Math.max(0, Math.floor((current - Date.parse(at)) / 1_000))
}

/** "02:13", and "1:02:13" above an hour. */
export function clockFace(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3_600)
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
