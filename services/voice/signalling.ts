/** Decides which signalling thread owns a line, and keeps the threads' answers together. The threads do the SIP. */
import { Worker, type MessagePort } from 'node:worker_threads'
import type { AttemptId, LineId } from '@loopline/vocabulary/ids'
import type { DialCommand, KnownTalk, LineConfig, ToVoice, VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { FromThread, LineStatus, ThreadCounters, ThreadStart, ToThread } from './thread-messages.ts'

export interface SignallingHandlers {
  onCalls(events: VoiceCallEvent[]): void
  onLineState(status: LineStatus, at: number): void
  onLineProbed(news: Extract<FromThread, { type: 'line-probed' }>): void
  /** A thread died: its calls are gone. The process ends itself, so that its successor ends them from the journal. */
  onThreadDeath(error: Error): void
}

/** What a start found of the process before it. */
export interface Recovered {
  orphans: AttemptId[]
  whole: boolean
}

export interface Known {
  alive: AttemptId[]
  neverSeen: AttemptId[]
  talks: KnownTalk[]
  ended: VoiceCallEvent[]
}

export class Signalling {
  readonly #workers: Worker[] = []
  readonly #waiting = new Map<number, (message: FromThread) => void>()
  readonly #counters = new Map<number, ThreadCounters>()
  readonly #handlers: SignallingHandlers
  #threadOf = new Map<LineId, number>()
  #serial = 0
  #stopping = false

  constructor(handlers: SignallingHandlers) {
    this.#handlers = handlers
  }

  /** Starts the threads; resolves when each has ended the orphans of a former process. */
  async start(threads: number, settings: Omit<ThreadStart, 'thread' | 'threads'>): Promise<Recovered> {
    const recovered = Array.from({ length: threads }, (_, thread) => this.#startThread({ ...settings, thread, threads }))
    const answers = await Promise.all(recovered)
    return { orphans: answers.flatMap(({ orphans }) => orphans), whole: answers.every(({ whole }) => whole) }
  }

  adoptLines(lines: LineConfig[]): void {
    this.#threadOf = new Map(lines.map((line) => [line.lineId, this.#ownerOf(line.lineId)]))
    this.#workers.forEach((_, thread) => this.#say(thread, { type: 'lines', lines: lines.filter((line) => this.#ownerOf(line.lineId) === thread) }))
  }

  /** Gives each thread its way to the media thread. */
  adoptMedia(ports: MessagePort[], addresses: string): void {
    ports.forEach((port, thread) => this.#workers[thread]?.postMessage({ type: 'media', port, addresses } satisfies ToThread, [port]))
  }

  obey(message: Exclude<ToVoice, { type: 'query' | 'lines' | 'desk-phones' | 'talk' | 'close-recordings' | 'sounds' }>): void {
    if (message.type === 'dial') return this.#dial(message.calls)
    if (message.type === 'probe-line') return this.#say(this.#ownerOf(message.lineId), message)
    this.#workers.forEach((_, thread) => this.#say(thread, message))
  }

  async unacknowledged(): Promise<VoiceCallEvent[]> {
    const answers = await Promise.all(this.#workers.map((_, thread) => this.#ask(thread, (serial) => ({ type: 'unacknowledged', serial }))))
    return answers.flatMap((answer) => (answer.type === 'unacknowledged' ? answer.events : []))
  }

  /** An attempt is never seen only when no thread has seen it. */
  async known(attemptIds: AttemptId[], legs: Record<AttemptId, number> = {}): Promise<Known> {
    const answers = await Promise.all(this.#workers.map((_, thread) => this.#ask(thread, (serial) => ({ type: 'query', serial, attemptIds, legs }))))
    const known = answers.flatMap((answer) => (answer.type === 'known' ? [answer] : []))
    const alive = known.flatMap((answer) => answer.alive)
    const ended = known.flatMap((answer) => answer.ended)
    const found = new Set([...alive, ...ended.map((event) => event.attemptId)])
    return { alive, ended, talks: known.flatMap((answer) => answer.talks), neverSeen: attemptIds.filter((id) => !found.has(id)) }
  }

  counters(): ThreadCounters[] {
    return [...this.#counters.values()]
  }

  /** Ends all calls with a reason and waits for the threads. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all(this.#workers.map(async (worker) => {
      const exited = new Promise((resolve) => worker.once('exit', resolve))
      const stopped = new Promise((resolve) => worker.on('message', (message: FromThread) => { if (message.type === 'stopped') resolve(undefined) }))
      worker.postMessage({ type: 'shut-down' } satisfies ToThread)
      await Promise.race([stopped, exited])
      await worker.terminate()
    }))
  }

  #startThread(settings: ThreadStart): Promise<Recovered> {
    const worker = new Worker(new URL('./signalling-thread.ts', import.meta.url), { workerData: settings })
    this.#workers[settings.thread] = worker
    return new Promise((resolve, reject) => {
      worker.on('error', (error) => {
        reject(error)
        this.#handlers.onThreadDeath(error)
      })
      worker.on('exit', (code) => {
        if (!this.#stopping) this.#handlers.onThreadDeath(new Error(`signalling thread ${settings.thread} ended with code ${code}`))
      })
      worker.on('message', (message: FromThread) => {
        if (message.type === 'recovered') resolve(message)
        this.#hear(settings.thread, message)
      })
    })
  }

  #hear(thread: number, message: FromThread): void {
    switch (message.type) {
      case 'calls': return this.#handlers.onCalls(message.events)
      case 'line-state': return this.#handlers.onLineState(message.status, message.at)
      case 'line-probed': return this.#handlers.onLineProbed(message)
      case 'counters': return void this.#counters.set(thread, message.counters)
      case 'known':
      case 'unacknowledged': {
        this.#waiting.get(message.serial)?.(message)
        this.#waiting.delete(message.serial)
        return undefined
      }
      default: return undefined
    }
  }

  #dial(calls: DialCommand[]): void {
    if (this.#workers.length === 1) return this.#say(0, { type: 'dial', calls })
    for (const [thread, batch] of Map.groupBy(calls, (call) => this.#threadOf.get(call.lineId) ?? 0)) {
      const followers = batch.filter((call) => call.leg !== undefined).map((call) => call.attemptId)
      // Whoever orders the next leg has the end of the one before: another thread, whose line that was, may forget it.
      if (followers.length > 0) this.#workers.forEach((_, other) => { if (other !== thread) this.#say(other, { type: 'ack', attemptIds: followers }) })
      this.#say(thread, { type: 'dial', calls: batch })
    }
  }

  #ask(thread: number, make: (serial: number) => ToThread): Promise<FromThread> {
    this.#serial += 1
    const serial = this.#serial
    return new Promise((resolve) => {
      this.#waiting.set(serial, resolve)
      this.#say(thread, make(serial))
    })
  }

  #say(thread: number, message: ToThread): void {
    this.#workers[thread]?.postMessage(message)
  }

  /** Stable for a line while the number of threads is: by the random end of its id. */
  #ownerOf(lineId: LineId): number {
    return Number.parseInt(lineId.slice(-6), 16) % this.#workers.length
  }
}
