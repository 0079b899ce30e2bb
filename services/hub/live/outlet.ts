import type { LiveMessage } from '@loopline/contracts/live'

/** As much of a WebSocket as sending needs. */
interface Socket {
  readonly bufferedAmount: number
  send(text: string): void
}

export interface Outlet {
  /** Keeps a message for the next flush; a newer one of the same thing replaces it. */
  offer(message: LiveMessage): void
  /** Sends what is kept, unless the page reads too slowly: then it is told once to ask again. */
  flush(): void
}

/** Above this the page does not keep up; what it misses it asks for after `resync`. */
const BUFFERED_BYTES_MAX = 262_144
/** Calls and customers in one flush: at 500 calls a second a page cannot show more anyway. Progress always passes. */
const CROWD_PER_FLUSH_MAX = 30
/** A page is told to ask again at most every so many flushes (of 100 ms): asking is what costs. */
const FLUSHES_BETWEEN_RESYNCS = 20

export function createOutlet(socket: Socket): Outlet {
  const crowd = new Map<string, LiveMessage>()
  const others = new Map<string, LiveMessage>()
  let missed = false
  let flushesSinceResync = FLUSHES_BETWEEN_RESYNCS
  const clear = (): void => {
    crowd.clear()
    others.clear()
  }
  return {
    offer(message) {
      const subject = subjectOf(message)
      if (message.topic !== 'call' && message.topic !== 'customer') return void others.set(subject, message)
      crowd.set(subject, message)
      if (crowd.size <= CROWD_PER_FLUSH_MAX) return
      crowd.delete(crowd.keys().next().value as string) // the oldest: a live page shows the newest
      missed = true
    },
    flush() {
      flushesSinceResync += 1
      if (socket.bufferedAmount > BUFFERED_BYTES_MAX) {
        missed ||= crowd.size + others.size > 0
        return clear()
      }
      if (missed && flushesSinceResync >= FLUSHES_BETWEEN_RESYNCS) {
        missed = false
        flushesSinceResync = 0
        socket.send('{"topic":"resync"}')
      }
      for (const message of [...others.values(), ...crowd.values()]) socket.send(JSON.stringify(message))
      clear()
    },
  }
}

function subjectOf(message: LiveMessage): string {
  switch (message.topic) {
    case 'customer': return `customer/${message.customerId}`
    case 'call': return `call/${message.attemptId}`
    case 'campaign': return `campaign/${message.progress.campaignId}`
    case 'setting': return `setting/${message.key}`
    case 'agent': return `agent/${message.agent.agentId}`
    case 'quality': return `quality/${message.attemptId}`
    default: return message.topic
  }
}
