/**
 * What SRTP costs: µs per packet of G.711 (12 + 160 bytes) with the primitives of node:crypto, each direction and profile,
 * and werift's own for comparison. Aim: at most 8 µs (the budget of the media thread, docs/adr/0007). Best of five rounds.
 * Run: node services/voice/media/srtp.bench.ts [packets]. Prints JSON last.
 */
import { randomBytes } from 'node:crypto'
import { RtpHeader, SrtpSession } from 'werift'
import { masterBytes, OVERHEAD_BYTES_MAX, type SrtpProfile } from '@loopline/rtp/srtp/profile'
import { srtpOf } from './primitives.ts'
import type { SrtpKeys } from './media-messages.ts'

const packets = Number(process.argv[2] ?? 100_000)
const PACKET_BYTES = 172
const ROUNDS = 5

function loopback(profile: SrtpProfile): SrtpKeys {
  const key = randomBytes(masterBytes(profile)).toString('base64')
  return { profile, send: key, receive: key }
}

function packet(sequence: number): Uint8Array {
  const bytes = new Uint8Array(PACKET_BYTES + OVERHEAD_BYTES_MAX).fill(0xd5, 12, PACKET_BYTES)
  bytes.set([0x80, 8, sequence >> 8, sequence & 0xff], 0)
  return bytes
}

/** µs for each of `packets`, which are made before. */
function perPacket(work: (packet: Uint8Array, at: number) => void, made: readonly Uint8Array[]): number {
  const from = performance.now()
  for (let at = 0; at < made.length; at++) work(made[at] as Uint8Array, at)
  return ((performance.now() - from) * 1_000) / made.length
}

function ours(profile: SrtpProfile): [protect: number, unprotect: number] {
  const { sender, receiver } = srtpOf(loopback(profile))
  const made = Array.from({ length: packets }, (_, sequence) => packet(sequence))
  let length = 0
  const protect = perPacket((bytes) => { length = sender.protectRtp(bytes, PACKET_BYTES) }, made)
  let opened = 0
  const unprotect = perPacket((bytes) => { if (receiver.unprotectRtp(bytes, length) > 0) opened++ }, made)
  if (opened !== packets) throw new Error(`${packets - opened} packets were not opened`)
  return [protect, unprotect]
}

function werifts(profile: 1 | 7): [protect: number, unprotect: number] {
  const keys = { localMasterKey: randomBytes(16), localMasterSalt: randomBytes(profile === 7 ? 12 : 14) }
  const session = new SrtpSession({ profile, keys: { ...keys, remoteMasterKey: keys.localMasterKey, remoteMasterSalt: keys.localMasterSalt } })
  const count = Math.min(packets, 20_000)
  const made = Array.from({ length: count }, (_, sequence) => packet(sequence).subarray(0, PACKET_BYTES))
  const sealed: Buffer[] = []
  const protect = perPacket((bytes, at) => {
    sealed.push(session.encrypt(Buffer.from(bytes.subarray(12)), new RtpHeader({ version: 2, payloadType: 8, sequenceNumber: at & 0xffff, timestamp: 0, ssrc: 0 })))
  }, made)
  return [protect, perPacket((bytes) => session.decrypt(bytes as Buffer), sealed)]
}

/** The best round: the others were disturbed. */
function best(measure: () => [number, number]): { protect: number; unprotect: number } {
  const rounds = Array.from({ length: ROUNDS }, measure)
  const least = (at: 0 | 1): number => Number(Math.min(...rounds.map((round) => round[at])).toFixed(2))
  return { protect: least(0), unprotect: least(1) }
}

const figures = {
  packets,
  aesCm80: best(() => ours('AES_CM_128_HMAC_SHA1_80')),
  aesCm32: best(() => ours('AES_CM_128_HMAC_SHA1_32')),
  gcm: best(() => ours('AEAD_AES_128_GCM')),
  weriftAesCm80: best(() => werifts(1)),
  weriftGcm: best(() => werifts(7)),
}
for (const [name, figure] of Object.entries(figures)) console.log(name, figure)
console.log(JSON.stringify(figures))
