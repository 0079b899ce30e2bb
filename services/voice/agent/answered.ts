/** Remembers answers over UDP, so that a request that comes again gets the same one and is not obeyed twice (RFC 3261 §17.2.2). */
import { branchOf } from '@loopline/sip/header/via'
import { header, type SipRequest } from '@loopline/sip/message'
import type { AgentFlow } from './agent-flow.ts'

/** 64 × T1. */
const KEEP_MS = 32_000
const KEPT_MAX = 2_000

export class Answered {
  readonly #answers = new Map<string, { text: string; until: number }>()

  keep(flow: AgentFlow, request: SipRequest, text: string, now: number): void {
    if (this.#answers.size >= KEPT_MAX) this.#answers.delete(this.#answers.keys().next().value as string)
    this.#answers.set(keyOf(flow, request), { text, until: now + KEEP_MS })
  }

  /** Sends the answer again. False when the request is new. */
  repeat(flow: AgentFlow, request: SipRequest): boolean {
    if (flow.transport !== 'UDP') return false
    const known = this.#answers.get(keyOf(flow, request))
    if (known !== undefined) flow.send(known.text)
    return known !== undefined
  }

  forget(now: number): void {
    for (const [key, { until }] of this.#answers) {
      if (until > now) return                              // in the order of their making
      this.#answers.delete(key)
    }
  }
}

const keyOf = (flow: AgentFlow, request: SipRequest): string =>
  `${flow.id} ${request.method} ${request.cseq} ${branchOf(header(request, 'via') as string)}`
