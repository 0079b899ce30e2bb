/**
 * One end of a conversation: what it sends is checked, counted, and handed to whoever listens; what it hears is renumbered
 * into its own unbroken stream. A packet that is only relayed stays in the buffer it came in.
 * Budget: 2 µs and no allocation per relayed packet beside the socket's own (node:dgram takes about 10); relay.bench.ts.
 */
import { encode, transcode } from '@loopline/rtp/g711'
import { FRAME_SAMPLES, newRtpPacket, RTP_HEADER_BYTES, type RtpPacket } from '@loopline/rtp/packet.hot'
import { Reception } from '@loopline/rtp/reception.hot'
import { EVENT_PAYLOAD_BYTES, writeEvent } from '@loopline/rtp/telephone-event'
import type { EventPacket } from '@loopline/rtp/telephone-event-sender'
import type { AgreedAudio, WantedReports } from './media-messages.ts'
import type { OutStream } from './out-stream.hot.ts'

/** Takes a packet of RTP to the far end: plain, or protected first. */
export interface Transport {
  /** `bytes[offset, end)` is ours to change. */
  send(bytes: Uint8Array, offset: number, end: number): void
  sendRtcp(bytes: Uint8Array, length: number): void
  close(): void
}

/** Who wants the audio of a leg frame by frame: mixer and recorder, through a jitter buffer. */
export interface AudioTap {
  put(packet: RtpPacket, bytes: Uint8Array, now: number): void
}

/** Hears the packets of RFC 4733 that come from a leg. */
export interface EventEar {
  hear(packet: RtpPacket, bytes: Uint8Array, now: number): void
}

const NONE = -1
const NO_REPORTS: WantedReports = { voipMetrics: false, roundTrip: false }
const SPOKEN_BYTES = RTP_HEADER_BYTES + FRAME_SAMPLES

export class Leg {
  /** Names this leg as a source; never 0. */
  readonly number: number
  readonly out: OutStream
  transport: Transport | null = null
  /** What we send: 0 is PCMU, 8 PCMA. Both are understood whichever was agreed (RFC 3551 §6: static types). */
  payloadType = 8
  telephoneEvent = NONE
  ptimeMs = 20
  maySend = false
  mayHear = false
  /** For the reports of leg-meter.ts. */
  wantedReports: WantedReports = NO_REPORTS
  /** The leg that hears this one and nobody else: its packets are passed on as they are. */
  relayTo: Leg | null = null
  tap: AudioTap | null = null
  /** Hears digits in the sound itself, of a leg that agreed on no telephone-events. */
  toneEar: AudioTap | null = null
  /** A digit is being sent to this leg: voices wait (RFC 4733 §2.2.1). */
  isSendingDigit = false
  /** When audio last came, ms, monotonic. */
  heardAt = -1
  /** How its packets arrive. */
  readonly reception = new Reception()
  eventEar: EventEar | null = null
  readonly #spoken = newRtpPacket()
  readonly #bytes = new Uint8Array(SPOKEN_BYTES)

  constructor(number: number, out: OutStream) {
    this.number = number
    this.out = out
  }

  agree(audio: AgreedAudio): void {
    this.payloadType = audio.codec === 'PCMU' ? 0 : 8
    this.telephoneEvent = audio.telephoneEvent ?? NONE
    this.ptimeMs = audio.ptimeMs
    this.wantedReports = audio.wantedReports ?? NO_REPORTS
    this.out.part()
    this.maySend = audio.direction === 'sendrecv' || audio.direction === 'sendonly'
    this.mayHear = audio.direction === 'sendrecv' || audio.direction === 'recvonly'
  }

  /** A packet of this leg's peer, and of nobody else: its source was proved before. Changed in place. */
  receive(bytes: Uint8Array, packet: RtpPacket, now: number): void {
    if (!this.mayHear || packet.payloadOffset === packet.payloadEnd) return
    const { payloadType } = packet
    if (payloadType === 0 || payloadType === 8) this.#onAudio(bytes, packet, now)
    else if (payloadType === this.telephoneEvent) this.#onEvent(bytes, packet, now)
  }

  #onAudio(bytes: Uint8Array, packet: RtpPacket, now: number): void {
    this.reception.receive(packet, true, now)
    this.heardAt = now
    if (this.toneEar !== null) this.toneEar.put(packet, bytes, now)
    if (this.tap !== null) this.tap.put(packet, bytes, now)
    if (this.relayTo !== null) this.relayTo.pass(bytes, packet, this.number, now)
  }

  #onEvent(bytes: Uint8Array, packet: RtpPacket, now: number): void {
    this.reception.receive(packet, false, now)
    this.heardAt = now
    if (this.eventEar !== null) this.eventEar.hear(packet, bytes, now)
    const hearer = this.relayTo
    if (hearer !== null && hearer.telephoneEvent !== NONE) hearer.pass(bytes, packet, this.number, now)
  }

  /** Sends on what another leg said: its law and its payload type for events become ours. */
  pass(bytes: Uint8Array, packet: RtpPacket, source: number, now: number): void {
    if (!this.maySend || this.isSendingDigit || this.transport === null) return
    if (packet.payloadOffset < RTP_HEADER_BYTES) return
    if (packet.payloadType !== 0 && packet.payloadType !== 8) packet.payloadType = this.telephoneEvent
    else if (packet.payloadType !== this.payloadType) this.#transcode(bytes, packet)
    if (!this.out.renumber(bytes, packet, source, now)) return
    this.transport.send(bytes, packet.payloadOffset - RTP_HEADER_BYTES, packet.payloadEnd)
  }

  /** Sends a frame of our own making. */
  say(samples: Int16Array, now: number): void {
    if (!this.isSendingDigit) this.sayTone(samples, now)
  }

  /** Whether telephone-events were agreed with it. */
  get hearsEvents(): boolean {
    return this.telephoneEvent !== NONE
  }

  /** Sends a frame of a digit in the sound itself. */
  sayTone(samples: Int16Array, now: number): void {
    if (!this.maySend || this.transport === null) return
    const packet = this.#spoken
    packet.payloadOffset = RTP_HEADER_BYTES
    packet.payloadEnd = SPOKEN_BYTES
    encode(this.payloadType === 8 ? 'PCMA' : 'PCMU', samples, this.#bytes, RTP_HEADER_BYTES)
    this.out.next(this.#bytes, packet, this.payloadType, now)
    this.transport.send(this.#bytes, 0, SPOKEN_BYTES)
  }

  /** One packet of a digit of ours (RFC 4733 §2.5.1). */
  sayEvent({ marker, timestamp, payload }: EventPacket): void {
    if (!this.maySend || this.transport === null || this.telephoneEvent === NONE) return
    const packet = this.#spoken
    packet.payloadOffset = RTP_HEADER_BYTES
    packet.payloadEnd = RTP_HEADER_BYTES + EVENT_PAYLOAD_BYTES
    writeEvent(this.#bytes, RTP_HEADER_BYTES, payload)
    this.out.event(this.#bytes, packet, { payloadType: this.telephoneEvent, marker, timestamp })
    this.transport.send(this.#bytes, 0, packet.payloadEnd)
  }

  #transcode(bytes: Uint8Array, packet: RtpPacket): void {
    transcode(bytes, packet.payloadOffset, packet.payloadEnd, packet.payloadType === 8 ? 'PCMA' : 'PCMU')
    packet.payloadType = this.payloadType
  }
}
