/** Many speakers in a thread of their own: the calls of the background must not keep the measuring sockets waiting. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import type { Target } from './udp-speaker.ts'
import { UdpSpeaker } from './udp-speaker.ts'

/** What talkers say; no measured peer does. */
const BACKGROUND_BYTE = 0x2a

type ToTalkers = { kind: 'open'; count: number } | { kind: 'speak'; port: number; byte: number; to: Target } | { kind: 'hush'; port: number } | { kind: 'count' }
type FromTalkers = { kind: 'ports'; ports: number[] } | { kind: 'count'; heard: number }

export class Talkers {
  readonly #worker: Worker
  readonly #free: number[]

  private constructor(worker: Worker, ports: number[]) {
    this.#worker = worker
    this.#free = ports
  }

  static async open(count: number): Promise<Talkers> {
    const worker = new Worker(new URL(import.meta.url))
    const { ports } = await ask(worker, { kind: 'open', count }, 'ports')
    return new Talkers(worker, ports)
  }

  take(): number {
    const port = this.#free.pop()
    if (port === undefined) throw new Error('more calls in the background than talkers')
    return port
  }

  giveBack(port: number): void {
    this.#tell({ kind: 'hush', port })
    this.#free.push(port)
  }

  speak(port: number, to: Target, byte = BACKGROUND_BYTE): void {
    this.#tell({ kind: 'speak', port, byte, to })
  }

  /** Packets that all of them heard so far. */
  async heard(): Promise<number> {
    return (await ask(this.#worker, { kind: 'count' }, 'count')).heard
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #tell(message: ToTalkers): void {
    this.#worker.postMessage(message)
  }
}

function ask<Kind extends FromTalkers['kind']>(worker: Worker, message: ToTalkers, kind: Kind): Promise<Extract<FromTalkers, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    const hear = (answer: FromTalkers): void => {
      if (answer.kind !== kind) return
      worker.off('message', hear)
      worker.off('error', reject)
      resolve(answer as Extract<FromTalkers, { kind: Kind }>)
    }
    worker.on('message', hear)
    worker.postMessage(message)
  })
}

function serve(speakers: Map<number, UdpSpeaker>, tell: (message: FromTalkers) => void, message: ToTalkers): void {
  switch (message.kind) {
    case 'open': return void openAll(speakers, message.count, tell)
    case 'speak': return speakers.get(message.port)?.speak(message.byte, message.to)
    case 'hush': return speakers.get(message.port)?.hush()
    case 'count': return tell({ kind: 'count', heard: [...speakers.values()].reduce((sum, { heard }) => sum + heard, 0) })
  }
}

async function openAll(speakers: Map<number, UdpSpeaker>, count: number, tell: (message: FromTalkers) => void): Promise<void> {
  for (let opened = 0; opened < count; opened += 1) {
    const speaker = await UdpSpeaker.open()
    speakers.set(speaker.port, speaker)
  }
  tell({ kind: 'ports', ports: [...speakers.keys()] })
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const speakers = new Map<number, UdpSpeaker>()
  port.on('message', (message: ToTalkers) => serve(speakers, (answer) => port.postMessage(answer), message))
}
