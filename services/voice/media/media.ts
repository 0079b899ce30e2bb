/**
 * Starts the media thread and joins every signalling thread to it. A media thread that dies ends its own calls and nothing
 * else: each sender sees its port close and hangs up what had voice there, agentless calls go on, and another thread is
 * started after a pause that doubles while it keeps dying. Ending the process would end calls that need no media.
 */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { FromMedia, MediaStart, ToMedia } from './media-messages.ts'

export interface MediaPlan {
  /** Address that media sockets bind. */
  host: string
  ports: { from: number; to: number } | null
  /** Calls with voice at once, over all signalling threads. */
  calls: number
  /** Desk telephones at once. */
  desks: number
  signallingThreads: number
  /** How long an endpoint rests after a call. */
  restMs: number
  /** The one UDP port for browsers; 0 lets the system choose. */
  browserPort: number
  /** Nothing at all from the person's side for so long ends the call. */
  silenceMaxMs: number
}

export interface MediaHandlers {
  /** A port for each signalling thread, at the start and after each restart. */
  onPorts(ports: MessagePort[]): void
  /** A new way to the recorder thread, for each start; absent or null: nothing is recorded until `reachRecorder`. */
  recorder?(): MessagePort | null
  /** Its calls and all standing legs are gone. */
  onDeath(error: Error): void
}

const RESTART_FIRST_MS = 250
const RESTART_MAX_MS = 30_000
/** A thread that lived so long did not die of its start. */
const HEALTHY_AFTER_MS = 60_000

export class Media {
  readonly #plan: MediaPlan
  readonly #handlers: MediaHandlers
  readonly #listeners: ((message: FromMedia) => void)[] = []
  #port: MessagePort | null = null
  #worker: Worker | null = null
  #pauseMs = RESTART_FIRST_MS
  #restart: NodeJS.Timeout | null = null
  #stopping = false

  constructor(plan: MediaPlan, handlers: MediaHandlers) {
    this.#plan = plan
    this.#handlers = handlers
  }

  /** Resolves when every port is bound. @throws when they cannot be. */
  async start(): Promise<void> {
    const startedAt = performance.now()
    const channels = Array.from({ length: this.#plan.signallingThreads + 1 }, () => new MessageChannel())
    const worker = this.#startWorker(channels.map(({ port2 }) => port2))
    const ready = Promise.withResolvers<void>()
    worker.on('error', (error) => {
      ready.reject(error)
      if (!this.#stopping) this.#onDeath(error, startedAt)
    })
    worker.on('exit', (code) => ready.reject(new Error(`the media thread ended with code ${code}`)))
    const [own, ...others] = channels.map(({ port1 }) => port1)
    this.#worker = worker
    this.#port = own as MessagePort
    this.#port.on('message', (message: FromMedia) => {
      for (const listener of this.#listeners) listener(message)
      if (message.type === 'ready') ready.resolve()
    })
    this.#handlers.onPorts(others)
    return ready.promise
  }

  post(message: ToMedia): void {
    this.#port?.postMessage(message)
  }

  /** The recorder thread was started anew: the media thread is given a way to it. */
  reachRecorder(): void {
    const port = this.#port === null ? null : this.#handlers.recorder?.() ?? null
    if (port !== null) this.#port?.postMessage({ type: 'recorder', port } satisfies ToMedia, [port])
  }

  /** Called for each message from the media thread, in order. After a restart its first is `ready` again. */
  onMessage(listener: (message: FromMedia) => void): void {
    this.#listeners.push(listener)
  }

  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#restart !== null) clearTimeout(this.#restart)
    await this.#worker?.terminate()
    this.#port?.close()
  }

  #startWorker(ports: MessagePort[]): Worker {
    const { host, ports: range, calls, desks, signallingThreads, restMs, browserPort, silenceMaxMs } = this.#plan
    const recorder = this.#handlers.recorder?.() ?? null
    const callsEach = Math.ceil(calls / signallingThreads)
    const workerData: MediaStart = {
      host, ports: range, restMs, browserPort, silenceMaxMs, recorder,
      senders: ports.map((port, sender) => ({ port, endpoints: sender === 0 ? desks : callsEach })),
    }
    return new Worker(new URL('./media-thread.ts', import.meta.url), { workerData, transferList: recorder === null ? ports : [...ports, recorder] })
  }

  #onDeath(error: Error, startedAt: number): void {
    this.#port = null
    this.#handlers.onDeath(error)
    if (performance.now() - startedAt > HEALTHY_AFTER_MS) this.#pauseMs = RESTART_FIRST_MS
    this.#restart = setTimeout(() => void this.#startAgain(), this.#pauseMs)
    this.#pauseMs = Math.min(2 * this.#pauseMs, RESTART_MAX_MS)
  }

  /** A failure has its 'error' event, which plans the next attempt. */
  async #startAgain(): Promise<void> {
    await this.start().catch(() => undefined)
  }
}
