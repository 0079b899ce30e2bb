import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { readAudio } from '@loopline/sip/sdp'
import type { Audio, Codec } from '@loopline/sip/sdp'
import { PAYLOAD_TYPE, transcode } from '@loopline/rtp/g711'
import { FRAME_SAMPLES } from './sound.ts'
import { speakerOf } from './speaker.ts'
import type { Manner, Speaker } from './speaker.ts'

const RTP_HEADER_BYTES = 12
const FRAME_MS = 20
/** At most so many frames are made up for after a pause of this process; more would come as a burst. */
const BEHIND_MAX_FRAMES = 5

/** One bound port of the carrier's media gateway, and who speaks there. */
export class Voice {
  readonly port: number
  readonly #socket: Socket
  readonly #packet = new Uint8Array(RTP_HEADER_BYTES + FRAME_SAMPLES)
  readonly #view = new DataView(this.#packet.buffer)
  readonly #frame = this.#packet.subarray(RTP_HEADER_BYTES)
  #speaker: Speaker | null = null
  #to: { audio: Audio; codec: Codec } | null = null
  #sequence = 0
  #timestamp = 0
  #dueAt = 0
  /** RTP packets of this call, both ways. */
  sent = 0
  received = 0

  constructor(socket: Socket) {
    this.#socket = socket
    this.port = socket.address().port
    socket.on('message', (bytes) => this.#hear(bytes))
    socket.on('error', () => undefined) // the other end closed its port: the call ends by its signalling
  }

  /** Speaks to where `offer` listens, with the first codec of the answer; another manner goes on in the same stream. */
  speak(offer: Audio, codec: Codec, manner: Manner, seed: number, now: number): void {
    this.#speaker = speakerOf(manner, seed)
    if (this.#to === null) {
      this.sent = 0
      this.received = 0
      this.#sequence = seed & 0xffff
      this.#timestamp = Math.imul(seed, 2_654_435_761) >>> 0
      this.#dueAt = now
      this.#packet[0] = 0x80
      this.#view.setUint32(8, Math.imul(seed + 1, 2_246_822_519) >>> 0)
    }
    this.#to = { audio: offer, codec }
  }

  hush(): void {
    this.#speaker = null
    this.#to = null
  }

  /** Sends what is due; 20 ms of speech a packet. */
  tick(now: number): void {
    if (this.#to === null || this.#speaker === null) return
    if (now - this.#dueAt > BEHIND_MAX_FRAMES * FRAME_MS) this.#dueAt = now
    for (; this.#dueAt <= now; this.#dueAt += FRAME_MS) this.#say(this.#speaker, this.#to)
  }

  close(): void {
    this.hush()
    this.#socket.close()
  }

  #say(speaker: Speaker, { audio, codec }: { audio: Audio; codec: Codec }): void {
    speaker.next(this.#frame)
    if (codec === 'PCMU') transcode(this.#frame, 0, FRAME_SAMPLES, 'PCMA')
    this.#packet[1] = PAYLOAD_TYPE[codec] | (this.sent === 0 ? 0x80 : 0) // marker: the first of a talkspurt
    this.#view.setUint16(2, this.#sequence)
    this.#view.setUint32(4, this.#timestamp)
    this.#sequence = (this.#sequence + 1) & 0xffff
    this.#timestamp = (this.#timestamp + FRAME_SAMPLES) >>> 0
    this.sent += 1
    if (audio.direction === 'sendonly' || audio.direction === 'inactive') return // they do not listen: on hold
    this.#socket.send(Buffer.from(this.#packet), audio.port, audio.address)
  }

  #hear(bytes: Uint8Array): void {
    const type = (bytes[1] ?? 0) & 0x7f
    if (bytes.length < RTP_HEADER_BYTES || (bytes[0] as number) >> 6 !== 2 || (type !== 0 && type !== 8)) return
    this.received += 1
    const heard = bytes.subarray(RTP_HEADER_BYTES)
    if (type === PAYLOAD_TYPE.PCMU) transcode(heard, 0, heard.length, 'PCMU') // speakers hear and speak A-law
    this.#speaker?.hear(heard)
  }
}

/** So many calls have a voice at once; the others are silent, as the carrier of a load test should be. */
export class VoicePool {
  readonly #free: Voice[]
  readonly #busy = new Set<Voice>()
  readonly #now: () => number
  #timer: NodeJS.Timeout | null = null

  private constructor(voices: Voice[], now: () => number) {
    this.#free = voices
    this.#now = now
  }

  /** @param now ms, monotonic. */
  static async open(address: string, count: number, now: () => number): Promise<VoicePool> {
    return new VoicePool(await Promise.all(Array.from({ length: count }, () => bound(address))), now)
  }

  take(): Voice | null {
    const voice = this.#free.shift() ?? null
    if (voice === null) return null
    this.#busy.add(voice)
    this.#timer ??= setInterval(() => { for (const each of this.#busy) each.tick(this.#now()) }, FRAME_MS / 2)
    return voice
  }

  giveBack(voice: Voice): void {
    if (!this.#busy.delete(voice)) return
    voice.hush()
    this.#free.push(voice) // to the end: late packets of the old call meet nobody for a while
    if (this.#busy.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    for (const voice of [...this.#free, ...this.#busy]) voice.close()
  }
}

function bound(address: string): Promise<Voice> {
  const socket = createSocket({ type: 'udp4', lookup: (host, _options, found) => found(null, host, 4) })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, address, () => {
      socket.removeAllListeners('error')
      resolve(new Voice(socket))
    })
  })
}

/** What the two agreed on: where the offer listens, and the codec that our answer names first. Null without both. */
export function agreedOn(offer: string, answer: string): { audio: Audio; codec: Codec } | null {
  const theirs = readAudio(offer)
  const codec = readAudio(answer)?.codecs[0]
  return theirs === null || codec === undefined || theirs.address === '0.0.0.0' ? null : { audio: theirs, codec }
}
