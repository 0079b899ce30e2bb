import { encode, SILENCE } from '@loopline/rtp/g711'
import { chance } from '../population/chance.ts'
import { FRAME_SAMPLES, copyFrame, soundOf } from './sound.ts'
import type { Phrase, SoundName } from './sound.ts'

/** What comes from the called end once there is sound: what a test number always does, or how a person talks. */
export type Manner =
  | { readonly kind: 'person' }
  | { readonly kind: 'announcement'; readonly sound: SoundName }
  /** A sine, so that whoever listens can be measured. */
  | { readonly kind: 'tone'; readonly hertz: number }
  /** Says what it hears, a frame later. */
  | { readonly kind: 'echo' }

/** One frame after another: 160 samples of A-law in `frame`. */
export interface Speaker {
  next(frame: Uint8Array): void
  /** What came from the other end, A-law. */
  hear(frame: Uint8Array): void
}

const SILENT: Speaker['hear'] = () => undefined
const FRAMES_PER_SECOND = 50
/** A person says nothing for so long before the first word, and again while the other end talks. */
const BEFORE_HELLO_FRAMES = 0.3 * FRAMES_PER_SECOND
const PHRASES: readonly Phrase[] = ['who', 'yes', 'yes', 'busy-now']

/** @param seed another one, another conversation. */
export function speakerOf(manner: Manner, seed: number): Speaker {
  switch (manner.kind) {
    case 'person': return person(seed)
    case 'announcement': return repeated(manner.sound)
    case 'tone': return tone(manner.hertz)
    case 'echo': return echo()
  }
}

/** 喂，你好 — then a phrase, and silence of two to five seconds in which the seller may speak. */
function person(seed: number): Speaker {
  let sound = soundOf('hello')
  let offset = -BEFORE_HELLO_FRAMES * FRAME_SAMPLES
  let said = 0
  return {
    next(frame) {
      const isOver = offset < 0 ? copyFrame(sound, sound.length, frame) && false : copyFrame(sound, offset, frame)
      offset += FRAME_SAMPLES
      if (!isOver) return
      said += 1
      sound = soundOf(PHRASES[Math.floor(chance('phrase', seed, said) * PHRASES.length)] as Phrase)
      offset = -Math.round((2 + 3 * chance('pause', seed, said)) * FRAMES_PER_SECOND) * FRAME_SAMPLES
    },
    hear: SILENT,
  }
}

const BETWEEN_ANNOUNCEMENTS_FRAMES = FRAMES_PER_SECOND

function repeated(name: SoundName): Speaker {
  const sound = soundOf(name)
  let offset = 0
  return {
    next(frame) {
      copyFrame(sound, offset, frame)
      offset += FRAME_SAMPLES
      if (offset > sound.length + BETWEEN_ANNOUNCEMENTS_FRAMES * FRAME_SAMPLES) offset = 0
    },
    hear: SILENT,
  }
}

/** Half of full scale, as a loud voice. */
const TONE_PEAK = 8_000

function tone(hertz: number): Speaker {
  const samples = new Int16Array(FRAME_SAMPLES)
  let said = 0
  return {
    next(frame) {
      for (let index = 0; index < FRAME_SAMPLES; index += 1) samples[index] = Math.round(TONE_PEAK * Math.sin((2 * Math.PI * hertz * (said + index)) / 8_000))
      said += FRAME_SAMPLES
      encode('PCMA', samples, frame, 0)
    },
    hear: SILENT,
  }
}

function echo(): Speaker {
  const heard = new Uint8Array(FRAME_SAMPLES).fill(SILENCE.PCMA)
  return {
    next(frame) {
      frame.set(heard)
      heard.fill(SILENCE.PCMA)
    },
    hear: (frame) => heard.set(frame.subarray(0, FRAME_SAMPLES)),
  }
}
