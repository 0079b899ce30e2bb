/**
 * Asks Node processes that were started with `--inspect` for what they really hold: garbage is collected first, in every thread,
 * or the saw of its collection, minutes long and a third of the heap high, would hide any leak.
 */
const ADDRESS = /Debugger listening on (ws:\/\/\S+)/g

interface Answer {
  id?: number
  method?: string
  params?: { sessionId?: string; message?: string }
  result?: { result?: { value?: unknown } }
}

/** A connection to one isolate: the process's own, or a thread of it through that. */
class Isolate {
  readonly #send: (text: string) => void
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #last = 0

  constructor(send: (text: string) => void) {
    this.#send = send
  }

  ask(method: string, params: Record<string, unknown> = {}): Promise<Answer> {
    const id = (this.#last += 1)
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#waiting.set(id, resolve)
    this.#send(JSON.stringify({ id, method, params }))
    return promise
  }

  hear(answer: Answer): void {
    if (answer.id === undefined) return
    this.#waiting.get(answer.id)?.(answer)
    this.#waiting.delete(answer.id)
  }

  async number(expression: string): Promise<number> {
    const { result } = await this.ask('Runtime.evaluate', { expression, returnByValue: true })
    return Number(result?.result?.value)
  }
}

export class Inspector {
  readonly pid: number
  readonly #socket: WebSocket
  readonly #main: Isolate
  readonly #threads: ReadonlyMap<string, Isolate>

  private constructor(pid: number, socket: WebSocket, main: Isolate, threads: ReadonlyMap<string, Isolate>) {
    this.pid = pid
    this.#socket = socket
    this.#main = main
    this.#threads = threads
  }

  /** One for each process that said where its inspector listens. */
  static openAll(output: string): Promise<Inspector[]> {
    return Promise.all([...output.matchAll(ADDRESS)].map(([, address]) => Inspector.#open(address as string)))
  }

  static async #open(address: string): Promise<Inspector> {
    const socket = new WebSocket(address)
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true })
      socket.addEventListener('error', reject, { once: true })
    })
    const main = new Isolate((text) => socket.send(text))
    const threads = new Map<string, Isolate>()
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer
      const { sessionId = '', message = '{}' } = answer.params ?? {}
      if (answer.method === 'NodeWorker.attachedToWorker') threads.set(sessionId, new Isolate((text) => void main.ask('NodeWorker.sendMessageToWorker', { sessionId, message: text })))
      else if (answer.method === 'NodeWorker.detachedFromWorker') threads.delete(sessionId)
      else if (answer.method === 'NodeWorker.receivedMessageFromWorker') threads.get(sessionId)?.hear(JSON.parse(message) as Answer)
      else main.hear(answer)
    })
    await main.ask('NodeWorker.enable', { waitForDebuggerOnStart: false })
    return new Inspector(await main.number('process.pid'), socket, main, threads)
  }

  /** Heap in use over all threads after a collection, megabytes. */
  async heapMb(): Promise<number> {
    const isolates = [this.#main, ...this.#threads.values()]
    for (const isolate of isolates) await isolate.ask('HeapProfiler.collectGarbage')
    const used = await Promise.all(isolates.map((isolate) => isolate.number('process.memoryUsage().heapUsed')))
    return used.reduce((sum, bytes) => sum + bytes, 0) / 2 ** 20
  }

  close(): void {
    this.#socket.close()
  }
}
