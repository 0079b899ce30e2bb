import { useSyncExternalStore } from 'react'
import type { Mode } from './tokens'

/** Light or dark: what the person chose, else what the system prefers; remembered in this browser. */
export type Choice = Mode | 'system'

const KEY = 'loopline.appearance'
const system = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function choice(): Choice {
  const stored = localStorage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

function mode(): Mode {
  const chosen = choice()
  if (chosen !== 'system') return chosen
  return system.matches ? 'dark' : 'light'
}

function changed(): void {
  document.documentElement.dataset['mode'] = mode()
  for (const listener of listeners) listener()
}

system.addEventListener('change', changed)
changed()

export function choose(next: Choice): void {
  if (next === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, next)
  changed()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function useAppearance(): { mode: Mode; chosen: Choice; choose: (next: Choice) => void } {
  return { mode: useSyncExternalStore(subscribe, mode), chosen: useSyncExternalStore(subscribe, choice), choose }
}
