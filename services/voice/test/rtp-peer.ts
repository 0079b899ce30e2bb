/** A far end of the media for tests: a raw UDP socket that speaks tones and remembers every packet it hears. */
import { createSocket } from 'node:dgram'
import { randomInt } from 'node:crypto'
import { decode, encode, PAYLOAD_TYPE, type Law } from '@loopline/rtp/g711'
import { FRAME_SAMPLES, isRtcp, newRtpPacket, readRtp, RTP_HEADER_BYTES, writeRtpHeader, type RtpPacket } from '@loopline/rtp/packet.hot'
import { OVERHEAD_BYTES_MAX } from '@loopline/rtp/srtp/profile'
import type { AgreedAudio, RemoteMedia, SrtpKeys } from '../media/media-messages.ts'
import { srtpReceiverOf, srtpSenderOf } from '../media/primitives.ts'

export interface Heard extends RtpPacket {
  /** ms, monotonic. */
  at: number
  payload: Buffer
}

export interface RtpPeer {
  readonly remote: RemoteMedia
  readonly audio: AgreedAudio
  readonly heard: Heard[]
  /** Packets of RTCP (RFC 5761: on the same port). */
  readonly control: Buffer[]
  readonly ssrc: number
  /** Where the next packets go. */
  target: number
  /** One frame of the tone, at once. */
  say(hz: number | number[]): void
  /** A frame each 20 ms until it is told something else. */
  keepSaying(hz: number | number[]): void
  silent(): void
  /** Speaks SRTP from now on, under keys as voice has them: it sends with their `receive`. New keys begin a new context, the same ones go on. */
  secure(keys: SrtpKeys | null): void
  /** Packets that its keys did not open. */
  unopened(): number
  /** Goes on as another source (RFC 3550 §8.2): from the same place, under another SSRC, by numbers of its own. */
  restart(): void
  /** Of the packet said last. */
  position(): { sequence: number; timestamp: number }
  send(datagram: Uint8Array, port?: number): void
  /** Resolves when it holds for what was heard; looked at after every datagram. */
  when(condition: (heard: Heard[]) => boolean): Promise<void>
  close(): void
}

/** @param host another address of loopback is another host. */
export async function rtpPeer(law: Law = 'PCMA', telephoneEvent: number | null = 101, host = '127.0.0.1'): Promise<RtpPeer> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, host, resolve))
  const { port } = socket.address()
  const heard: Heard[] = []
  const control: Buffer[] = []
  const waiting = new Set<() => void>()
  const packet = { ...newRtpPacket(), payloadType: PAYLOAD_TYPE[law], ssrc: randomInt(2 ** 32), sequence: randomInt(2 ** 16), timestamp: randomInt(2 ** 32) }
  const contexts = new Map<string, { sender: ReturnType<typeof srtpSenderOf>; receiver: ReturnType<typeof srtpReceiverOf> }>()
  let srtp: { sender: ReturnType<typeof srtpSenderOf>; receiver: ReturnType<typeof srtpReceiverOf> } | null = null
  let unopened = 0
  let speaking: NodeJS.Timeout | null = null
  let phase = 0
  socket.on('error', () => undefined)
  socket.on('message', (datagram) => {
    const read = newRtpPacket()
    const isControl = isRtcp(datagram, datagram.length)
    const length = srtp === null ? datagram.length : isControl ? srtp.receiver.unprotectRtcp(datagram, datagram.length) : srtp.receiver.unprotectRtp(datagram, datagram.length)
    if (length === 0) unopened += 1
    else if (isControl) control.push(datagram.subarray(0, length))
    else if (readRtp(datagram, length, read)) heard.push({ ...read, at: performance.now(), payload: datagram.subarray(read.payloadOffset, read.payloadEnd) })
    else return
    for (const look of waiting) look()
  })
  const peer: RtpPeer = {
    remote: { host, port, rtcpPort: port }, heard, control, ssrc: packet.ssrc, target: 0,
    audio: { codec: law, telephoneEvent, ptimeMs: 20, direction: 'sendrecv' },
    say(hz) {
      const samples = Int16Array.from({ length: FRAME_SAMPLES }, () => {
        phase += 1
        return [hz].flat().reduce((sum, each) => sum + 8_000 * Math.sin((2 * Math.PI * each * phase) / 8_000), 0)
      })
      packet.sequence = (packet.sequence + 1) & 0xffff
      packet.timestamp = (packet.timestamp + FRAME_SAMPLES) >>> 0
      const datagram = new Uint8Array(RTP_HEADER_BYTES + FRAME_SAMPLES + OVERHEAD_BYTES_MAX)
      writeRtpHeader(datagram, 0, packet)
      encode(law, samples, datagram, RTP_HEADER_BYTES)
      const length = srtp === null ? datagram.length - OVERHEAD_BYTES_MAX : srtp.sender.protectRtp(datagram, datagram.length - OVERHEAD_BYTES_MAX)
      socket.send(datagram, 0, length, peer.target, '127.0.0.1')
    },
    secure(keys) {
      const name = JSON.stringify(keys)
      srtp = keys && (contexts.get(name) ?? { sender: srtpSenderOf({ ...keys, send: keys.receive }), receiver: srtpReceiverOf({ ...keys, receive: keys.send }) })
      if (srtp !== null) contexts.set(name, srtp)
    },
    unopened: () => unopened,
    keepSaying(hz) {
      peer.silent()
      peer.say(hz)
      speaking = setInterval(() => peer.say(hz), 20)
    },
    silent() {
      if (speaking !== null) clearInterval(speaking)
      speaking = null
    },
    restart: () => void Object.assign(packet, { ssrc: randomInt(2 ** 32), sequence: randomInt(2 ** 16), timestamp: randomInt(2 ** 32) }),
    position: () => ({ sequence: packet.sequence, timestamp: packet.timestamp }),
    send: (datagram, to) => socket.send(datagram, to ?? peer.target, '127.0.0.1'),
    when: (condition) => new Promise((resolve) => {
      const look = (): void => {
        if (!condition(heard)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    }),
    close() {
      peer.silent()
      socket.close()
    },
  }
  return peer
}

/** Power of a tone in what was heard, as a share of all power, 0..1 (Goertzel). */
export function shareOf(hz: number, heard: readonly Heard[]): number {
  const samples = heard.filter(({ payloadType }) => payloadType === 0 || payloadType === 8).flatMap(({ payload, payloadType }) => {
    const frame = new Int16Array(payload.length)
    decode(payloadType === 8 ? 'PCMA' : 'PCMU', payload, 0, payload.length, frame)
    return [...frame]
  })
  return powerShare(hz, samples)
}

/** Over windows of 50 ms, weighted by their power: a frame put in or left out by a jitter buffer shifts the phase of what follows. */
export function powerShare(hz: number, samples: readonly number[]): number {
  let [tone, all] = [0, 0]
  for (let from = 0; from < samples.length; from += WINDOW_SAMPLES) {
    const window = samples.slice(from, from + WINDOW_SAMPLES)
    tone += powerOf(hz, window)
    for (const sample of window) all += sample * sample
  }
  return all === 0 ? 0 : tone / all
}

const WINDOW_SAMPLES = 400

/** Goertzel: the energy of the tone within the samples. */
function powerOf(hz: number, samples: readonly number[]): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / 8_000)
  let [before, last] = [0, 0]
  for (const sample of samples) {
    const next = sample + turn * last - before
    before = last
    last = next
  }
  return (2 * (last * last + before * before - turn * last * before)) / samples.length
}
