/** One sender's end of its port to the media thread: the endpoints it may take, and what it is told. */
import type { MessagePort } from 'node:worker_threads'
import type { Endpoint, FromMedia, ToMedia } from './media-messages.ts'

export interface MediaClientHandlers {
  onMessage(message: FromMedia): void
  /** The media thread is gone, with every leg on it. */
  onLost(): void
}

export class MediaClient {
  readonly #port: MessagePort
  #free: Endpoint[] = []

  constructor(port: MessagePort, handlers: MediaClientHandlers) {
    this.#port = port
    port.on('message', (message: FromMedia) => {
      if (message.type === 'endpoints') this.#free.push(...message.endpoints)
      handlers.onMessage(message)
    })
    port.on('close', () => {
      this.#free = []
      handlers.onLost()
    })
  }

  get free(): number {
    return this.#free.length
  }

  /** The one that has rested longest; null when all are in use or resting. */
  take(): Endpoint | null {
    return this.#free.shift() ?? null
  }

  /** An endpoint that was taken and never opened. */
  giveBack(endpoint: Endpoint): void {
    this.#free.unshift(endpoint)
  }

  say(message: ToMedia): void {
    this.#port.postMessage(message)
  }

  close(): void {
    this.#port.close()
  }
}
