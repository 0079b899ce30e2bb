/**
 * A browser's leg on the one port for browsers: ICE proves where it is, DTLS in another thread gives the keys, SRTP carries
 * the voice. DTLS and media are heard from proven addresses only (threat 11), media only when it is authentic (threat 10).
 * Budget: 12 µs per packet and direction with AES-CM, no allocation beside the ciphers'; relay.bench.ts.
 */
import type { Address } from '@loopline/rtp/ice/address'
import { openIce, step, type IceAgent, type IceEffect, type IceInput } from '@loopline/rtp/ice/lite-agent'
import { newRtpPacket, readRtp } from '@loopline/rtp/packet.hot'
import { OVERHEAD_BYTES_MAX } from '@loopline/rtp/srtp/profile'
import type { Leg, Transport } from './leg.hot.ts'
import type { BrowserLeg as BrowserWish, SrtpKeys } from './media-messages.ts'
import type { ControlEar } from './plain-leg.hot.ts'
import { hmacSha1, srtpOf } from './primitives.ts'

/** A laptop that sleeps or a page that is gone: five seconds, two of Chromium's checks (reliability.md F24). */
const CONSENT_MS = 5_000
const BUFFER_BYTES = 1_500

/** The socket, and who is told what became of this leg. */
export interface BrowserSurroundings {
  send(bytes: Uint8Array, offset: number, length: number, to: Address): void
  onProven(leg: BrowserLeg, address: Address): void
  onForgotten(leg: BrowserLeg, address: Address): void
  /** Media may flow, or no longer. */
  onState(leg: BrowserLeg, isUp: boolean, reason: string | null): void
  onClosed(leg: BrowserLeg): void
}

export class BrowserLeg implements Transport {
  readonly key: string
  readonly leg: Leg
  readonly ufrag: string
  dropped = 0
  readonly #ice: IceAgent
  readonly #around: BrowserSurroundings
  readonly #control: ControlEar
  readonly #packet = newRtpPacket()
  readonly #bytes = new Uint8Array(BUFFER_BYTES)
  #srtp: ReturnType<typeof srtpOf> | null = null
  #isUp = false
  #isClosed = false

  constructor(wish: BrowserWish & { key: string }, leg: Leg, around: BrowserSurroundings, control: ControlEar) {
    this.key = wish.key
    this.leg = leg
    this.ufrag = wish.ufrag
    this.#around = around
    this.#control = control
    const { ufrag, password, remoteUfrag } = wish
    this.#ice = openIce({ ufrag, password, remoteUfrag, consentMs: CONSENT_MS, hmacSha1 }, performance.now())
    leg.transport = this
  }

  /** Where DTLS of ours goes; null before the first check. */
  get selected(): Address | null {
    return this.#ice.selected
  }

  onIce(input: IceInput, now: number): void {
    for (const effect of step(this.#ice, input, now)) this.#onEffect(effect)
  }

  onKeys(keys: SrtpKeys): void {
    this.#srtp = srtpOf(keys)
    this.#tellState(null)
  }

  onRtp(datagram: Uint8Array, now: number): void {
    const length = this.#srtp === null ? 0 : this.#srtp.receiver.unprotectRtp(datagram, datagram.length)
    if (length === 0 || !readRtp(datagram, length, this.#packet)) {
      this.dropped += 1
      return
    }
    this.leg.receive(datagram, this.#packet, now)
  }

  onRtcp(datagram: Uint8Array, now: number): void {
    const length = this.#srtp === null ? 0 : this.#srtp.receiver.unprotectRtcp(datagram, datagram.length)
    if (length > 0) this.#control.onRtcp(this.leg, datagram, length, now)
  }

  send(bytes: Uint8Array, offset: number, end: number): void {
    const length = this.#copy(bytes, offset, end)
    if (length > 0 && this.#srtp !== null) this.#post(this.#srtp.sender.protectRtp(this.#bytes, length))
  }

  sendRtcp(bytes: Uint8Array, length: number): void {
    const copied = this.#copy(bytes, 0, length)
    if (copied > 0 && this.#srtp !== null) this.#post(this.#srtp.sender.protectRtcp(this.#bytes, copied))
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#srtp = null
    this.leg.transport = null
    this.#around.onClosed(this)
  }

  #copy(bytes: Uint8Array, offset: number, end: number): number {
    const length = end - offset
    if (length + OVERHEAD_BYTES_MAX > BUFFER_BYTES) return 0
    for (let index = 0; index < length; index += 1) this.#bytes[index] = bytes[offset + index] as number
    return length
  }

  #post(length: number): void {
    const to = this.#ice.selected
    if (length > 0 && to !== null && this.#ice.state === 'connected') this.#around.send(this.#bytes, 0, length, to)
  }

  #onEffect(effect: IceEffect): void {
    switch (effect.kind) {
      case 'send': return this.#around.send(effect.bytes, 0, effect.bytes.length, effect.to)
      case 'proven': return this.#around.onProven(this, effect.address)
      case 'forgotten': return this.#around.onForgotten(this, effect.address)
      case 'selected': return this.#tellState(null)
      case 'lost': return this.#tellState('consent-lost')
      case 'ignored': {
        this.dropped += 1
      }
    }
  }

  #tellState(reason: string | null): void {
    const isUp = this.#srtp !== null && this.#ice.state === 'connected'
    if (isUp === this.#isUp && reason === null) return
    this.#isUp = isUp
    this.#around.onState(this, isUp, reason)
  }
}
