/** The main thread's end of the way to the media thread: what it needs of a MessagePort, so that a test can stand at the other end. */
import type { Endpoint, FromMedia, ToMedia } from '../media/media-messages.ts'

export interface MediaLink {
  post(message: ToMedia): void
  /** Called for each message from the media thread, in order. */
  onMessage(listener: (message: FromMedia) => void): void
}

/** Endpoints that the media thread lent us for desk telephones. */
export class EndpointShelf {
  readonly #free: Endpoint[] = []

  lend(endpoints: readonly Endpoint[]): void {
    this.#free.push(...endpoints)
  }

  clear(): void {
    this.#free.length = 0
  }

  take(): Endpoint | null {
    return this.#free.shift() ?? null
  }

  /** One that the media thread never got. */
  giveBack(endpoint: Endpoint): void {
    this.#free.unshift(endpoint)
  }
}
