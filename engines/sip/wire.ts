import { assert } from '@loopline/vocabulary/assert'
import type { CallEffect } from './call-effect.ts'

/** What one call has to send and to report since its last step, and its counters. Shared by the call's parts. */
export interface Wire {
  effects: CallEffect[]
  /** TCP, TLS or WebSocket below: transactions repeat nothing by timer (RFC 3261 §17.1.1.2, §17.1.2.2, §17.2.1). */
  readonly isReliable: boolean
  retransmissions: number
  wakeLateMs: number
}

export function newWire(isReliable = false): Wire {
  return { effects: [], isReliable, retransmissions: 0, wakeLateMs: 0 }
}

export function send(wire: Wire, text: string, hop: string | null): void {
  wire.effects.push({ kind: 'send', text, hop })
}

export function resend(wire: Wire, text: string, hop: string | null): void {
  assert(text !== '', 'what may be sent again is kept')
  wire.retransmissions++
  send(wire, text, hop)
}

/** Hands over the collected effects, in order, and starts a new collection. */
export function takeEffects(wire: Wire): CallEffect[] {
  const { effects } = wire
  wire.effects = []
  return effects
}
