import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { LiveMessage, LiveQuality } from '@loopline/contracts/live'
import { scopeOf } from '@loopline/contracts/permissions'
import type { Clock } from '@loopline/clock/clock'
import type { EventLog, LogEvent, Tail } from '@loopline/event-log/event-log'
import type { Upgrade } from '@loopline/http/upgrade'
import type { Logger } from '@loopline/telemetry/logger'
import type { Authenticator, Person } from '../gateway/authenticator.ts'
import { agentPush, pushedOf, viewFor } from './live-view.ts'
import type { AnyEvent, Pushed, Remembered } from './live-view.ts'
import { createOutlet } from './outlet.ts'
import type { Outlet } from './outlet.ts'

const Subscribe = z.object({ subscribe: z.array(z.enum(['customer', 'call', 'campaign', 'setting', 'agent', 'quality'])).max(8) })
const TOPICS = ['crm.customer', 'dialer.call', 'dialer.campaign', 'dialer.agent', 'hub.setting'] as const
const FLUSH_MS = 100
const RECHECK_MS = 15_000
const SUBSCRIBE_BYTES_MAX = 1_024

interface Watcher {
  person: Person
  socket: WebSocket
  outlet: Outlet
  topics: Set<string>
  request: IncomingMessage
  heard: boolean
}

export interface LivePush {
  upgrade: Upgrade
  /** How calls sound this second: shown and forgotten, never in the log. */
  sounds(calls: LiveQuality): void
  stop(): Promise<void>
}

/** Server push: the tail of the event log, cut down to what each open page may know (WebSocket /api/live). */
export function createLivePush(deps: { eventLog: EventLog; authenticator: Authenticator; clock: Clock; log: Logger }): LivePush {
  const server = new WebSocketServer({ noServer: true, maxPayload: SUBSCRIBE_BYTES_MAX })
  const watchers = new Set<Watcher>()
  const seen: Remembered = { owners: new Map(), servedBy: new Map(), serving: new Map() }

  const push = (pushed: Pushed): void => {
    for (const { person: { identity }, topics, outlet } of watchers) {
      const message = viewFor(pushed, identity, scopeOf(identity.role, pushed.action))
      if (message && (topics.has(message.topic) || message.topic === 'resync')) outlet.offer(message)
    }
  }
  const onEvents = (events: readonly LogEvent[]): void => {
    for (const event of events) {
      const pushed = pushedOf(event.event as AnyEvent, seen)
      if (pushed) push(pushed)
    }
  }
  const isWanted = (): boolean => {
    if (watchers.size === 0) for (const known of Object.values(seen)) known.clear() // what is remembered of owners would go stale
    return watchers.size > 0
  }
  const tail: Tail = deps.eventLog.tail({ topics: TOPICS, onEvents, isWanted })
  const flusher = setInterval(() => { for (const { outlet } of watchers) outlet.flush() }, FLUSH_MS).unref()
  const checker = setInterval(() => { for (const watcher of watchers) void recheck(deps, watcher) }, RECHECK_MS).unref()
  deps.authenticator.onEnded(({ sessionToken, userId }) => {
    for (const { person, socket } of watchers) {
      if (person.sessionToken === sessionToken || person.identity.sub === userId) socket.close(4401, 'the session ended')
    }
  })

  const open = (socket: WebSocket, request: IncomingMessage, person: Person): void => {
    const watcher: Watcher = { person, socket, request, outlet: createOutlet(socket), topics: new Set(), heard: true }
    watchers.add(watcher)
    tail.wake()
    socket.on('close', () => watchers.delete(watcher))
    socket.on('error', () => socket.terminate())
    socket.on('pong', () => { watcher.heard = true })
    socket.on('message', (data: Buffer) => subscribe(watcher, data.toString('utf8')))
    const hello: LiveMessage = { topic: 'hello', now: deps.clock.now() }
    socket.send(JSON.stringify(hello))
  }

  return {
    upgrade: {
      path: '/api/live',
      config: { may: 'live:watch' },
      accept: ({ request, socket, head }) => void admit(deps, server, { request, socket, head }, open),
    },
    sounds({ at, calls }) {
      for (const { teamId, ...call } of calls) push(agentPush({ topic: 'quality', at, ...call }, { agentId: call.agentId, teamId }))
    },
    async stop() {
      clearInterval(flusher)
      clearInterval(checker)
      await tail.stop()
      for (const { socket } of watchers) socket.close(1001, 'the server stops')
      server.close()
    },
  }
}

async function admit(deps: { authenticator: Authenticator }, server: WebSocketServer, from: { request: IncomingMessage; socket: Duplex; head: Buffer }, open: (socket: WebSocket, request: IncomingMessage, person: Person) => void): Promise<void> {
  const person = await deps.authenticator.personOf(from.request)
  if (!person) return void from.socket.destroy()
  server.handleUpgrade(from.request, from.socket, from.head, (socket) => open(socket, from.request, person))
}

function subscribe(watcher: Watcher, text: string): void {
  try {
    watcher.topics = new Set(Subscribe.parse(JSON.parse(text)).subscribe)
  } catch {
    watcher.socket.close(1007, 'not a subscription')
  }
}

/** The session may have ended, or the role changed, in another process; the page comes back with its new rights. */
async function recheck(deps: { authenticator: Authenticator; log: Logger }, watcher: Watcher): Promise<void> {
  if (!watcher.heard) return watcher.socket.terminate()
  watcher.heard = false
  watcher.socket.ping()
  const person = await deps.authenticator.personOf(watcher.request).catch(() => watcher.person)
  if (!person) watcher.socket.close(4401, 'the session ended')
  else if (person.identity.role !== watcher.person.identity.role || person.identity.teamId !== watcher.person.identity.teamId) watcher.socket.close(4403, 'rights changed')
}
