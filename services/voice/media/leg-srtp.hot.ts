/**
 * SRTP of one leg through all its session descriptions: which context seals what we send and opens what comes.
 * A context lives as long as its leg, also while the leg is plain in between: under a key that comes again its counters go
 * on, so that no index is used twice (RFC 3711 §9.1: a two-time pad) and no packet is played twice.
 * Budget: no allocation per packet beside the transform's; srtp.bench.ts.
 */
import type { SrtpReceiver } from '@loopline/rtp/srtp/receiver.hot'
import type { SrtpSender } from '@loopline/rtp/srtp/sender.hot'
import type { SrtpKeys } from './media-messages.ts'
import { srtpReceiverOf, srtpSenderOf } from './primitives.ts'

/** Theirs, as often as they like to change it: the oldest is forgotten. Ours is one a suite for a call's whole life and never is. */
const RECEIVERS_MAX = 8

export class LegSrtp {
  readonly #senders = new Map<string, SrtpSender>()
  readonly #receivers = new Map<string, SrtpReceiver>()
  #sender: SrtpSender | null = null
  #receiver: SrtpReceiver | null = null
  /** Of the key before: they send under it until our answer reaches them. Given up with the first packet under the new one. */
  #former: SrtpReceiver | null = null

  /** Whether the leg is encrypted now. */
  get isOn(): boolean {
    return this.#sender !== null
  }

  /** The keys of the latest session description; null for plain RTP. */
  use(keys: SrtpKeys | null): void {
    const before = this.#receiver
    this.#sender = keys && latest(this.#senders, `${keys.profile} ${keys.send}`, () => srtpSenderOf(keys))
    this.#receiver = keys && latest(this.#receivers, `${keys.profile} ${keys.receive}`, () => srtpReceiverOf(keys))
    if (this.#receivers.size > RECEIVERS_MAX) this.#receivers.delete(this.#receivers.keys().next().value as string)
    if (before !== this.#receiver) this.#former = this.#receiver && before
  }

  /** Deciphers in place: the length of the RTP packet, or 0 when it is to be dropped. */
  openRtp(packet: Uint8Array, length: number): number {
    if (this.#receiver === null) return 0
    const opened = this.#receiver.unprotectRtp(packet, length)
    if (this.#former === null) return opened
    if (opened === 0) return this.#former.unprotectRtp(packet, length)
    this.#former = null
    return opened
  }

  openRtcp(packet: Uint8Array, length: number): number {
    if (this.#receiver === null) return 0
    const opened = this.#receiver.unprotectRtcp(packet, length)
    return opened === 0 && this.#former !== null ? this.#former.unprotectRtcp(packet, length) : opened
  }

  /** Enciphers in place: the new length, or 0. Needs OVERHEAD_BYTES_MAX behind the packet. */
  sealRtp(packet: Uint8Array, length: number): number {
    return this.#sender === null || length === 0 ? 0 : this.#sender.protectRtp(packet, length)
  }

  sealRtcp(packet: Uint8Array, length: number): number {
    return this.#sender === null || length === 0 ? 0 : this.#sender.protectRtcp(packet, length)
  }
}

/** The context of a key, old or new; it becomes the last of all. */
function latest<Context>(contexts: Map<string, Context>, key: string, make: () => Context): Context {
  const context = contexts.get(key) ?? make()
  contexts.delete(key)
  contexts.set(key, context)
  return context
}
