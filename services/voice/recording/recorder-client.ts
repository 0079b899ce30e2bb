/** Starts the recorder thread and gives media threads a way to it. A recorder that dies costs recordings, which their ends tell, and no call. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { NewsOfRecorder, OrderToRecorder, RecorderStart } from './recorder-messages.ts'

export interface RecorderHandlers {
  onCalls(events: VoiceCallEvent[]): void
  onDeath(error: Error): void
}

export class RecorderClient {
  readonly #worker: Worker
  readonly #ready = Promise.withResolvers<void>()
  readonly #stopped = Promise.withResolvers<void>()
  #alive = true

  constructor(start: RecorderStart, handlers: RecorderHandlers) {
    this.#worker = new Worker(new URL('./recorder-thread.ts', import.meta.url), { workerData: start })
    this.#worker.on('message', (news: NewsOfRecorder) => {
      if (news.type === 'calls') handlers.onCalls(news.events)
      else if (news.type === 'ready') this.#ready.resolve()
      else this.#stopped.resolve()
    })
    this.#worker.on('error', (error) => {
      this.#ready.reject(error)
      handlers.onDeath(error)
    })
    this.#worker.on('exit', () => {
      this.#alive = false
      this.#stopped.resolve()
    })
  }

  /** @throws when the store cannot be opened. */
  start(): Promise<void> {
    return this.#ready.promise
  }

  /** A way in for one media thread; null while the recorder is dead: then nothing is recorded. */
  connect(): MessagePort | null {
    if (!this.#alive) return null
    const { port1, port2 } = new MessageChannel()
    this.#say({ type: 'hear', port: port1 }, [port1])
    return port2
  }

  /** Resolves when all that was said is in the store. */
  async stop(): Promise<void> {
    if (this.#alive) this.#say({ type: 'shut-down' })
    await this.#stopped.promise
    await this.#worker.terminate()
  }

  #say(order: OrderToRecorder, transfer: MessagePort[] = []): void {
    this.#worker.postMessage(order, transfer)
  }
}
