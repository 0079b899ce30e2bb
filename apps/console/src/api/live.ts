import { useSyncExternalStore, useEffect, useRef } from 'react'
import type { LiveMessage, LiveSubscribe } from '@loopline/contracts/live'

/**
 * Server push. One socket for the page; when it drops it comes back with growing pauses, and everybody is told to ask
 * again (`resync`), because what happened meanwhile is not repeated.
 */
type Listener = (message: LiveMessage) => void

const PAUSES_MS = [200, 500, 1_000, 2_000, 5_000]
const SESSION_ENDED = 4401
const RIGHTS_CHANGED = 4403
const listeners = new Set<Listener>()
const rightsListeners = new Set<() => void>()
const statusListeners = new Set<() => void>()
let socket: WebSocket | null = null
let connected = false
let wanted = false
let failures = 0
let retry: ReturnType<typeof setTimeout> | undefined

function setConnected(value: boolean): void {
  if (connected === value) return
  connected = value
  for (const tell of statusListeners) tell()
}

function open(): void {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const opened = new WebSocket(`${scheme}://${location.host}/api/live`)
  socket = opened
  opened.onopen = () => {
    const subscribe: LiveSubscribe = { subscribe: ['customer', 'call', 'campaign', 'setting', 'agent', 'quality'] }
    opened.send(JSON.stringify(subscribe))
    const healed = failures > 0
    failures = 0
    setConnected(true)
    if (healed) deliver({ topic: 'resync' })
  }
  opened.onmessage = (frame: MessageEvent<string>) => deliver(JSON.parse(frame.data) as LiveMessage)
  opened.onclose = ({ code }) => {
    setConnected(false)
    if (socket !== opened) return
    socket = null
    if (!wanted) return
    // The session ended, or the person's rights changed: whoever asks next learns which.
    if (code === SESSION_ENDED || code === RIGHTS_CHANGED) for (const tell of rightsListeners) tell()
    if (code === SESSION_ENDED) return
    const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 5_000
    failures += 1
    retry = setTimeout(open, pause)
  }
}

function deliver(message: LiveMessage): void {
  for (const listener of listeners) listener(message)
}

/** Opens the push connection after sign-in; `stopLive` closes it at sign-out. */
export function startLive(): void {
  wanted = true
  if (!socket) open()
}

export function stopLive(): void {
  wanted = false
  clearTimeout(retry)
  socket?.close()
}

/** Calls `tell` when push was ended because of who the person is. */
export function whenRightsChange(tell: () => void): () => void {
  rightsListeners.add(tell)
  return () => void rightsListeners.delete(tell)
}

/** Calls `onMessage` for every pushed message while the component is shown. */
export function useLive(onMessage: Listener): void {
  const latest = useRef(onMessage)
  useEffect(() => {
    latest.current = onMessage
  })
  useEffect(() => {
    const listener: Listener = (message) => latest.current(message)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
}

/** Whether push is up now. */
export function useLiveStatus(): boolean {
  return useSyncExternalStore(
    (tell) => {
      statusListeners.add(tell)
      return () => void statusListeners.delete(tell)
    },
    () => connected,
  )
}
