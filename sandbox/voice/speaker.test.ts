import { expect, test } from 'vitest'
import { LINEAR_OF } from '@loopline/rtp/g711'
import { FRAME_SAMPLES, copyFrame, soundOf } from './sound.ts'
import { speakerOf } from './speaker.ts'

/** Power of one frequency among all, 0..1, of A-law frames. */
function shareOf(hertz: number, frames: readonly Uint8Array[]): number {
  const samples = frames.flatMap((frame) => [...frame].map((byte) => LINEAR_OF.PCMA[byte] as number))
  const [cos, sin] = samples.reduce(([c, s], sample, index) => {
    const angle = (2 * Math.PI * hertz * index) / 8_000
    return [c + sample * Math.cos(angle), s + sample * Math.sin(angle)]
  }, [0, 0])
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0)
  return energy === 0 ? 0 : (2 * (cos * cos + sin * sin)) / (samples.length * energy)
}

const framesOf = (speaker: ReturnType<typeof speakerOf>, count: number): Uint8Array[] => Array.from({ length: count }, () => {
  const frame = new Uint8Array(FRAME_SAMPLES)
  speaker.next(frame)
  return frame
})
const isSilent = (frame: Uint8Array): boolean => frame.every((byte) => byte === 0xd5)

test('a tone is one tone', () => {
  const frames = framesOf(speakerOf({ kind: 'tone', hertz: 440 }, 1), 50)
  expect(shareOf(440, frames)).toBeGreaterThan(0.95)
  expect(shareOf(700, frames)).toBeLessThan(0.01)
})

test('an echo is what was heard, once', () => {
  const speaker = speakerOf({ kind: 'echo' }, 1)
  const heard = new Uint8Array(FRAME_SAMPLES).fill(0x12)
  speaker.hear(heard)
  const [first, second] = framesOf(speaker, 2)
  expect(first).toEqual(heard)
  expect(isSilent(second as Uint8Array)).toBe(true)
})

test('a person says hello after a breath, then listens between phrases', () => {
  const frames = framesOf(speakerOf({ kind: 'person' }, 7), 50 * 30)
  const talking = frames.map((frame) => !isSilent(frame))
  expect(talking.slice(0, 14).some(Boolean)).toBe(false)
  expect(talking.slice(15, 60).some(Boolean)).toBe(true)
  const share = talking.filter(Boolean).length / talking.length
  expect(share).toBeGreaterThan(0.1)
  expect(share).toBeLessThan(0.9)
})

test('an announcement is said again and again, with a second between', () => {
  const sound = soundOf('powered-off')
  const frames = framesOf(speakerOf({ kind: 'announcement', sound: 'powered-off' }, 1), Math.ceil((2 * sound.length) / FRAME_SAMPLES) + 100)
  const frame = new Uint8Array(FRAME_SAMPLES)
  copyFrame(sound, 20 * FRAME_SAMPLES, frame)
  expect(frames.filter((each) => Buffer.compare(each, frame) === 0).length).toBe(2)
})
