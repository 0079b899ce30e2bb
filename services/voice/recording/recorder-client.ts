/**
 * Starts the recorder thread, gives media threads a way to it, and starts another when it dies: no call ends for it, and what
 * was being recorded is gone on with, the hole told. Remembers which chunks are stored, because a dead thread cannot say.
 */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { RecordingToClose, VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { StoredChunk } from '@loopline/recording/manifest'
import type { NewsOfRecorder, OrderToRecorder, RecorderStart } from './recorder-messages.ts'

export interface RecorderHandlers {
  onCalls(events: VoiceCallEvent[]): void
  onDeath(error: Error): void
  /** A recorder that was dead is there again: media threads need a new way to it. */
  onRestart(): void
  /** Whether recordings can be written, and if not, why; told when it changes. */
  onState(state: 'up' | 'down', reason: string | null): void
}

const RESTART_FIRST_MS = 250
const RESTART_MAX_MS = 30_000
/** A thread that lived so long did not die of its start. */
const HEALTHY_AFTER_MS = 60_000

export class RecorderClient {
  readonly #start: Omit<RecorderStart, 'left'>
  readonly #handlers: RecorderHandlers
  /** The chunks in the store of each recording that has not ended. */
  readonly #open = new Map<AttemptId, StoredChunk[]>()
  #worker: Worker | null = null
  #isReady = false
  #fault: string | null = null
  #stopping = false
  #pauseMs = RESTART_FIRST_MS
  #restart: NodeJS.Timeout | null = null

  constructor(start: Omit<RecorderStart, 'left'>, handlers: RecorderHandlers) {
    this.#start = start
    this.#handlers = handlers
  }

  /** Null while recordings can be written. */
  get fault(): string | null {
    return this.#isReady ? this.#fault : 'recorder-restarting'
  }

  /** @throws when the store cannot be opened. */
  async start(): Promise<void> {
    const ready = Promise.withResolvers<void>()
    this.#run(ready)
    await ready.promise
  }

  /** A way in for one media thread; null while the recorder is dead: `onRestart` says when to ask again. */
  connect(): MessagePort | null {
    if (!this.#isReady) return null
    const { port1, port2 } = new MessageChannel()
    this.#say({ type: 'hear', port: port1 }, [port1])
    return port2
  }

  /** Those of them that nobody records are closed with what the store holds, and their ends told. */
  close(recordings: RecordingToClose[]): void {
    if (this.#isReady && recordings.length > 0) this.#say({ type: 'close', recordings })
  }

  /** Resolves when all that was said is in the store. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#restart !== null) clearTimeout(this.#restart)
    const worker = this.#worker
    if (worker === null) return
    const stopped = new Promise<void>((resolve) => {
      worker.on('message', (news: NewsOfRecorder) => { if (news.type === 'stopped') resolve() })
      worker.once('exit', () => resolve())
    })
    if (this.#isReady) {
      this.#say({ type: 'shut-down' })
      await stopped
    }
    await worker.terminate()
  }

  #run(ready: PromiseWithResolvers<void>): void {
    const startedAt = performance.now()
    const left = [...this.#open].map(([attemptId, chunks]) => ({ attemptId, chunks }))
    const worker = new Worker(new URL('./recorder-thread.ts', import.meta.url), { workerData: { ...this.#start, left } satisfies RecorderStart })
    this.#worker = worker
    worker.on('message', (news: NewsOfRecorder) => {
      if (news.type === 'calls') this.#pass(news.events)
      else if (news.type === 'store') this.#storeIs(news.fault)
      else if (news.type === 'ready') {
        this.#isReady = true
        this.#tellState()
        ready.resolve()
      }
    })
    let why: Error | null = null
    worker.on('error', (error) => { why = error })
    // Only now is everything heard that it said: an error may overtake the chunks it told of before.
    worker.on('exit', (code) => {
      const hadStarted = this.#isReady
      this.#isReady = false
      this.#worker = null
      const error = why ?? new Error(`the recorder thread ended with code ${code}`)
      ready.reject(error)
      if (hadStarted && !this.#stopping) this.#onDeath(error, performance.now() - startedAt)
    })
  }

  #onDeath(error: Error, livedMs: number): void {
    this.#fault = null
    this.#handlers.onDeath(error)
    this.#tellState()
    if (livedMs > HEALTHY_AFTER_MS) this.#pauseMs = RESTART_FIRST_MS
    this.#startAgainLater()
  }

  #startAgainLater(): void {
    this.#restart = setTimeout(() => void this.#startAgain(), this.#pauseMs)
    this.#pauseMs = Math.min(2 * this.#pauseMs, RESTART_MAX_MS)
  }

  async #startAgain(): Promise<void> {
    try {
      await this.start()
      this.#handlers.onRestart()
    } catch {
      if (!this.#stopping) this.#startAgainLater()
    }
  }

  #pass(events: VoiceCallEvent[]): void {
    for (const event of events) this.#remember(event)
    this.#handlers.onCalls(events)
  }

  #remember(event: VoiceCallEvent): void {
    if (event.kind === 'recording-started' && !this.#open.has(event.attemptId)) this.#open.set(event.attemptId, [])
    else if (event.kind === 'recording-ended') this.#open.delete(event.attemptId)
    else if (event.kind === 'recorded') {
      const { number, at, samples, hash } = event.chunk
      this.#open.get(event.attemptId)?.push({ number, at, samples, hash })
    }
  }

  #storeIs(fault: string | null): void {
    this.#fault = fault
    this.#tellState()
  }

  #tellState(): void {
    this.#handlers.onState(this.fault === null ? 'up' : 'down', this.fault)
  }

  #say(order: OrderToRecorder, transfer: MessagePort[] = []): void {
    this.#worker?.postMessage(order, transfer)
  }
}
