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
/** At 500 calls a second a page cannot show more anyway. */
const MESSAGES_PER_FLUSH_MAX = 50

export function createOutlet(socket: Socket): Outlet {
  let kept = new Map<string, LiveMessage>()
  let missed = false
  return {
    offer(message) {
      kept.set(subjectOf(message), message)
      if (kept.size > MESSAGES_PER_FLUSH_MAX) {
        kept = new Map()
        missed = true
      }
    },
    flush() {
      if (socket.bufferedAmount > BUFFERED_BYTES_MAX) {
        missed ||= kept.size > 0
        kept.clear()
        return
      }
      if (missed) {
        missed = false
        socket.send('{"topic":"resync"}')
      }
      for (const message of kept.values()) socket.send(JSON.stringify(message))
      kept.clear()
    },
  }
}

function subjectOf(message: LiveMessage): string {
  switch (message.topic) {
    case 'customer': return `customer/${message.customerId}`
    case 'call': return `call/${message.attemptId}`
    case 'campaign': return `campaign/${message.progress.campaignId}`
    case 'setting': return `setting/${message.key}`
    default: return message.topic
  }
}
