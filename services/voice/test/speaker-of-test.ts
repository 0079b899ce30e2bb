/** A leg whose far end speaks without a pause, packet by packet, on a clock of the test's. */
import { PAYLOAD_TYPE } from '@loopline/rtp/g711'
import { FRAME_SAMPLES, newRtpPacket } from '@loopline/rtp/packet.hot'
import { Leg } from '../media/leg.hot.ts'
import { OutStream } from '../media/out-stream.hot.ts'

export const FRAME_MS = 20
/** An A-law byte of half scale: a tone of 0 Hz, so to say, but nothing that is silence. */
const LOUD = 0xaa

export class Speaker {
  readonly leg: Leg
  readonly #packet = { ...newRtpPacket(), payloadType: PAYLOAD_TYPE.PCMA, ssrc: 7, payloadOffset: 12, payloadEnd: 12 + FRAME_SAMPLES }
  readonly #bytes = new Uint8Array(12 + FRAME_SAMPLES).fill(LOUD)

  constructor(number: number) {
    this.leg = new Leg(number, new OutStream({ ssrc: number, sequence: 0, timestamp: 0 }))
    this.leg.agree({ codec: 'PCMA', telephoneEvent: null, ptimeMs: FRAME_MS, direction: 'sendrecv' })
  }

  say(at: number): void {
    this.#packet.sequence = (this.#packet.sequence + 1) & 0xffff
    this.#packet.timestamp = (this.#packet.timestamp + FRAME_SAMPLES) >>> 0
    this.leg.receive(this.#bytes, { ...this.#packet }, at)
  }
}
