import { readFileSync } from 'node:fs'
import type { Announcement } from '../happening.ts'

/** What a callee says, in A-law; the announcements of the network have their own names. */
export type Phrase = 'hello' | 'who' | 'yes' | 'busy-now'
export type SoundName = Phrase | Exclude<Announcement, 'ring-back'>

/** 20 ms at 8 kHz. */
export const FRAME_SAMPLES = 160
/** A-law of silence. */
const SILENCE_ALAW = 0xd5

const sounds = new Map<SoundName, Uint8Array>()

/** A sound as A-law samples, read once. */
export function soundOf(name: SoundName): Uint8Array {
  let sound = sounds.get(name)
  if (sound === undefined) {
    sound = readFileSync(new URL(`./sounds/${name}.al`, import.meta.url))
    sounds.set(name, sound)
  }
  return sound
}

/** Fills `frame` with the samples from `offset` on, and silence behind the end. Answers whether the sound is over. */
export function copyFrame(sound: Uint8Array, offset: number, frame: Uint8Array): boolean {
  const part = sound.subarray(offset, offset + FRAME_SAMPLES)
  frame.set(part)
  frame.fill(SILENCE_ALAW, part.length)
  return offset + FRAME_SAMPLES >= sound.length
}

/** G.711 A-law of a linear sample, 16 bit (ITU-T G.711 table 1a). */
export function alawOf(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  let magnitude = Math.min(32_767, sample >= 0 ? sample : -sample - 1) >> 3
  if (magnitude > 4_095) magnitude = 4_095
  let exponent = 7
  while (exponent > 0 && (magnitude & (1 << (exponent + 4))) === 0) exponent -= 1
  const mantissa = exponent === 0 ? (magnitude >> 1) & 0x0f : (magnitude >> exponent) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

/** G.711 μ-law of an A-law sample, by way of its linear value. */
export const ULAW_OF_ALAW: Uint8Array = Uint8Array.from({ length: 256 }, (_, alaw) => ulawOf(linearOf(alaw)))

function linearOf(alaw: number): number {
  const bits = alaw ^ 0x55
  const exponent = (bits >> 4) & 7
  const mantissa = bits & 0x0f
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1)
  return (bits & 0x80) === 0 ? -magnitude : magnitude
}

function ulawOf(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132
  let exponent = 7
  while (exponent > 0 && (magnitude & (1 << (exponent + 7))) === 0) exponent -= 1
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff
}
