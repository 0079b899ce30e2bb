/**
 * Decides what a question to a carrier on somebody's wish came to. Beside the questions that line-table.ts asks by itself: these
 * are told of, whatever answers, and are asked of a line that is down too.
 */
import { randomBytes } from 'node:crypto'
import type { LineProbe } from '@loopline/contracts/line'
import { header, type SipResponse } from '@loopline/sip/message'
import { optionsTo, probeCallId, type Line } from './line-table.ts'

/** Timer E of RFC 3261 §17.1.2.2, as often as fits: over a transport that may lose it. */
const AGAIN_AFTER_MS = [500, 1_500, 3_000]
const PATIENCE_MS = 4_000
const TEXT_MAX = 200

const NOTHING: LineProbe = { failure: 'no-answer', status: null, phrase: null, roundTripMs: null, server: null, allow: null, asked: null }

interface Asked {
  readonly line: Line
  readonly text: string
  readonly address: string
  sentAt: number
  readonly timers: NodeJS.Timeout[]
  readonly done: (probe: LineProbe) => void
}

export class LineProbes {
  readonly #asked = new Map<string, Asked>()

  /** Asks, and calls `done` once: with the answer, or within four seconds without one. */
  ask(line: Line | undefined, done: (probe: LineProbe) => void): void {
    if (!line) return done({ ...NOTHING, failure: 'not-open' })
    const random = randomBytes(12).toString('hex')
    const callId = probeCallId(random)
    const asked: Asked = { line, text: optionsTo(line, random), address: `${line.socket.transport} ${line.remoteHostPort}`, sentAt: 0, timers: [], done }
    this.#asked.set(callId, asked)
    this.#send(asked)
    if (!line.socket.isReliable) asked.timers.push(...AGAIN_AFTER_MS.map((afterMs) => setTimeout(() => this.#send(asked), afterMs)))
    asked.timers.push(setTimeout(() => this.#settle(callId, { ...NOTHING, asked: asked.address }), PATIENCE_MS))
  }

  /** The time is from the last sending: which of several was answered, nobody can tell. */
  #send(asked: Asked): void {
    asked.sentAt = performance.now()
    asked.line.socket.send(asked.text)
  }

  /** An answer to any OPTIONS of ours. `now`: ms, monotonic. */
  hear(response: SipResponse, now: number): void {
    const asked = this.#asked.get(response.callId)
    if (!asked || response.status < 200) return
    this.#settle(response.callId, {
      failure: null, status: response.status, phrase: response.reason.slice(0, TEXT_MAX), roundTripMs: Math.round((now - asked.sentAt) * 10) / 10,
      server: textOf(response, 'server') ?? textOf(response, 'user-agent'), allow: textOf(response, 'allow'), asked: asked.address,
    })
  }

  #settle(callId: string, probe: LineProbe): void {
    const asked = this.#asked.get(callId)
    if (!asked) return
    this.#asked.delete(callId)
    for (const timer of asked.timers) clearTimeout(timer)
    asked.done(probe)
  }

  close(): void {
    for (const { timers } of this.#asked.values()) for (const timer of timers) clearTimeout(timer)
    this.#asked.clear()
  }
}

/** Of a stranger's making: cut to what a page bears. */
function textOf(response: SipResponse, name: string): string | null {
  return header(response, name)?.slice(0, TEXT_MAX) ?? null
}
