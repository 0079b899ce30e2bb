/** The sandbox carrier as a test sees it: what its control port shows and what its log holds, which are the truth. */
import { createHmac } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Product } from './product.ts'

/** As much of a call's record as tests judge by; instants are unix ms (sandbox/call-record.ts). */
export interface CarrierRecord {
  callId: string
  number: string
  /** host:port of our line. */
  from: string
  invitedAt: number
  ringingAt: number | null
  finalStatus: number | null
  finalAt: number | null
  cancelAt: number | null
  endedAt: number | null
  byeBy: 'caller' | 'callee' | null
  /** Packets of the called end and those it got; null while the call is open. */
  rtp: { sent: number; received: number } | null
}

export interface TestNumber {
  number: string
  outcome: string
}

interface LogLine extends CarrierRecord {
  event: 'invite' | 'end' | 'ack'
  at: number
}

export class Carrier {
  readonly #control: string
  readonly #log: string

  constructor(product: Product, name: 'sandbox' | 'sandbox-chinese') {
    this.#control = String(product.told(name)['control'])
    this.#log = join(product.home, 'log', `${name}-calls.ndjson`)
  }

  testNumbers(): Promise<TestNumber[]> {
    return this.#ask('GET', '/test-numbers')
  }

  async openCalls(): Promise<CarrierRecord[]> {
    return (await this.#ask<{ calls: CarrierRecord[] }>('GET', '/calls')).calls
  }

  /** Distinct Call-IDs since its start. */
  async callsSeen(): Promise<number> {
    return (await this.#ask<{ calls: number }>('GET', '/stats')).calls
  }

  /** Rings and talks of the population take that much longer; test numbers keep theirs. */
  async slowDown(timeScale: number): Promise<void> {
    await this.#ask('PUT', '/settings', { timeScale })
  }

  /** Somebody of the sandbox calls a line of ours, over the socket that it is reached by. @param peer the line's host:port. */
  async callIn(wish: { from: string; to: string; peer: string; talkMs?: number; patienceMs?: number }): Promise<void> {
    await this.#ask('POST', '/calls-in', wish)
  }

  /** Switches of sandbox/misbehaviour.ts, such as `{ answer404: true }`. */
  async misbehave(switches: Readonly<Record<string, number | boolean>>): Promise<void> {
    await this.#ask('PUT', '/misbehaviour', switches)
  }

  /** Instants at which an INVITE with a new Call-ID came, by the log; of one number when one is named. */
  invites(number?: string): { callId: string; at: number }[] {
    const hash = number === undefined ? null : numberHash(number)
    const seen = new Map<string, number>()
    for (const line of this.#lines('invite')) if (!seen.has(line.callId) && (hash === null || line.number === hash)) seen.set(line.callId, line.at)
    return [...seen].map(([callId, at]) => ({ callId, at }))
  }

  /** Of one number when one is named. */
  endedCalls(number?: string): CarrierRecord[] {
    const hash = number === undefined ? null : numberHash(number)
    return this.#lines('end').filter((line) => hash === null || line.number === hash)
  }

  #lines(event: LogLine['event']): LogLine[] {
    if (!existsSync(this.#log)) return []
    const lines = readFileSync(this.#log, 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as LogLine).filter((line) => line.event === event)
  }

  async #ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.#control}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    if (!response.ok) throw new Error(`${method} ${path} of the carrier answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Answer
  }
}

/** How the log names a number (sandbox/README.md). */
const numberHash = (number: string): string => createHmac('sha256', 'loopline-sandbox-carrier-log').update(number).digest('base64url').slice(0, 22)
