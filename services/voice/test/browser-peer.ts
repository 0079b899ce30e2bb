/** A browser's end of the media for tests: checks by ICE, shakes hands by werift's DTLS, speaks by SRTP. */
import { createSocket } from 'node:dgram'
import { randomBytes, randomInt } from 'node:crypto'
import { DtlsClient, type Transport } from 'werift'
import { encode } from '@loopline/rtp/g711'
import { kindOf } from '@loopline/rtp/ice/demux'
import { ATTRIBUTE, buildBinding } from '@loopline/rtp/ice/stun-message'
import { FRAME_SAMPLES, newRtpPacket, readRtp, RTP_HEADER_BYTES, writeRtpHeader } from '@loopline/rtp/packet.hot'
import { OVERHEAD_BYTES_MAX } from '@loopline/rtp/srtp/profile'
import { createCertificate } from '../media/handshakes.ts'
import type { BrowserLeg } from '../media/media-messages.ts'
import { hmacSha1, srtpOf } from '../media/primitives.ts'
import type { Heard } from './rtp-peer.ts'

export interface BrowserPeer {
  wish: Omit<BrowserLeg, 'kind'>
  heard: Heard[]
  /** What it sent by SRTP, as it was on the wire. */
  said: Uint8Array[]
  /** Checks until it is answered, then shakes hands; resolves with both ends' keys in place. */
  connect(port: number): Promise<void>
  /** One check, as a browser renews its consent. */
  check(): void
  keepSaying(hz: number): void
  send(datagram: Uint8Array): void
  when(condition: (heard: Heard[]) => boolean): Promise<void>
  close(): void
}

const CHECK_MS = 500

export async function browserPeer(): Promise<BrowserPeer> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const certificate = await createCertificate()
  const wish = { ufrag: randomBytes(4).toString('hex'), password: randomBytes(16).toString('hex'), remoteUfrag: randomBytes(4).toString('hex'), fingerprint: certificate.fingerprint, ssrc: randomInt(2 ** 32), cname: 'test' }
  const heard: Heard[] = []
  const said: Uint8Array[] = []
  const waiting = new Set<() => void>()
  const timers: NodeJS.Timeout[] = []
  let target = 0
  let srtp: ReturnType<typeof srtpOf> | null = null
  const answered = Promise.withResolvers<void>()
  const transport: Transport = {
    type: 'test', address: { address: '', family: 'IPv4', port: 0 }, closed: false, onData: () => {},
    send: (data) => Promise.resolve(socket.send(data, target, '127.0.0.1')), close: () => Promise.resolve(),
  }
  socket.on('error', () => undefined)
  socket.on('message', (datagram) => {
    const kind = kindOf(datagram)
    if (kind === 'stun') answered.resolve()
    else if (kind === 'dtls') transport.onData(datagram, ['', 0])
    else if (kind === 'srtp' && srtp !== null) {
      const length = srtp.receiver.unprotectRtp(datagram, datagram.length)
      const read = newRtpPacket()
      if (length > 0 && readRtp(datagram, length, read)) heard.push({ ...read, at: performance.now(), payload: datagram.subarray(read.payloadOffset, read.payloadEnd) })
    }
    for (const look of waiting) look()
  })
  const text = (value: string): Uint8Array => Buffer.from(value)
  const packet = { ...newRtpPacket(), payloadType: 8, ssrc: randomInt(2 ** 32), sequence: randomInt(2 ** 15), timestamp: randomInt(2 ** 32) }
  let phase = 0
  const say = (hz: number): void => {
    if (srtp === null) return
    const samples = Int16Array.from({ length: FRAME_SAMPLES }, () => 8_000 * Math.sin((2 * Math.PI * hz * phase++) / 8_000))
    packet.sequence = (packet.sequence + 1) & 0xffff
    packet.timestamp = (packet.timestamp + FRAME_SAMPLES) >>> 0
    const bytes = new Uint8Array(RTP_HEADER_BYTES + FRAME_SAMPLES + OVERHEAD_BYTES_MAX)
    writeRtpHeader(bytes, 0, packet)
    encode('PCMA', samples, bytes, RTP_HEADER_BYTES)
    const sealed = bytes.subarray(0, srtp.sender.protectRtp(bytes, RTP_HEADER_BYTES + FRAME_SAMPLES))
    said.push(sealed)
    socket.send(sealed, target, '127.0.0.1')
  }
  const peer: BrowserPeer = {
    wish, heard, said,
    check() {
      const attributes = [
        { type: ATTRIBUTE.username, value: text(`${wish.ufrag}:${wish.remoteUfrag}`) }, { type: ATTRIBUTE.useCandidate, value: new Uint8Array(0) },
        { type: ATTRIBUTE.iceControlling, value: Uint8Array.from(randomBytes(8)) }, { type: ATTRIBUTE.priority, value: Uint8Array.of(110, 0, 30, 255) },
      ]
      socket.send(buildBinding({ class: 'request', transactionId: Uint8Array.from(randomBytes(12)), attributes }, text(wish.password), hmacSha1), target, '127.0.0.1')
    },
    async connect(port) {
      target = port
      peer.check()
      timers.push(setInterval(() => peer.check(), CHECK_MS))
      await answered.promise
      const client = new DtlsClient({
        cert: certificate.certPem, key: certificate.keyPem, signatureHash: { hash: 4, signature: 3 }, transport, srtpProfiles: [1], extendedMasterSecret: true,
      })
      const connected = new Promise<void>((resolve) => { client.onConnect.once(() => resolve()) })
      await Promise.all([client.connect(), connected])
      const { localKey, localSalt, remoteKey, remoteSalt } = client.extractSessionKeys(16, 14)
      const both = (...parts: Buffer[]): string => Buffer.concat(parts).toString('base64')
      srtp = srtpOf({ profile: 'AES_CM_128_HMAC_SHA1_80', send: both(localKey, localSalt), receive: both(remoteKey, remoteSalt) })
    },
    keepSaying(hz) {
      timers.push(setInterval(() => say(hz), 20))
    },
    send: (datagram) => socket.send(datagram, target, '127.0.0.1'),
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
      for (const timer of timers.splice(0)) clearInterval(timer)
      socket.close()
    },
  }
  return peer
}
