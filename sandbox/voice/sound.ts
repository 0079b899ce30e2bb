import { readFileSync } from 'node:fs'
import { SILENCE } from '@loopline/rtp/g711'
import type { Announcement } from '../happening.ts'

/** What a callee says, in A-law; the announcements of the network have their own names. */
export type Phrase = 'hello' | 'who' | 'yes' | 'busy-now'
export type SoundName = Phrase | Exclude<Announcement, 'ring-back'>

/** 20 ms at 8 kHz. */
export const FRAME_SAMPLES = 160

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
  frame.fill(SILENCE.PCMA, part.length)
  return offset + FRAME_SAMPLES >= sound.length
}
