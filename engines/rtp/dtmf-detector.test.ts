import { describe, expect, test } from 'vitest'
import { DtmfDetector, type DtmfHeard } from './dtmf-detector.ts'
import { decode, encode } from './g711.ts'
import { FRAME_SAMPLES } from './packet.hot.ts'
import { amplitudeOf, sequenceOf, toneSamples, type Tone } from './tone.ts'

const LOW: Record<string, number> = {}
const HIGH: Record<string, number> = {}
for (const [row, keys] of ['123A', '456B', '789C', '*0#D'].entries()) {
  for (const [column, key] of [...keys].entries()) {
    LOW[key] = [697, 770, 852, 941][row] as number
    HIGH[key] = [1209, 1336, 1477, 1633][column] as number
  }
}
const pause = (durationMs: number): Tone => ({ hz: [], levelDbm0: 0, durationMs })

interface Key { levelDbm0?: number; highAboveDb?: number; offset?: number; durationMs?: number }
function key(digit: string, { levelDbm0 = -12, highAboveDb = 0, offset = 0, durationMs = 70 }: Key = {}): Int16Array {
  const low = toneSamples({ hz: [(LOW[digit] as number) * (1 + offset)], levelDbm0, durationMs })
  const high = toneSamples({ hz: [(HIGH[digit] as number) * (1 + offset)], levelDbm0: levelDbm0 + highAboveDb, durationMs })
  return low.map((sample, n) => sample + (high[n] as number))
}
function joined(...parts: Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
/** A seeded generator (Numerical Recipes), −1..1. */
function noiseFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
}
function withNoise(samples: Int16Array, levelDbm0: number, seed = 1): Int16Array {
  const next = noiseFrom(seed)
  const amplitude = amplitudeOf(levelDbm0) * Math.sqrt(1.5)
  return samples.map((sample) => sample + Math.round(amplitude * next()))
}
function heard(samples: Int16Array): DtmfHeard[] {
  const detector = new DtmfDetector()
  const events: DtmfHeard[] = []
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES) events.push(...detector.listen(samples.subarray(at, at + FRAME_SAMPLES)))
  return events
}
const digits = (samples: Int16Array): string => heard(samples).map((event) => (event.kind === 'began' ? event.digit : '')).join('')
/** One key between pauses, begun at every place within a block: 102 ways. */
function timesHeard(digit: string, over: Key, noiseDbm0 = -90): number {
  let times = 0
  for (let shift = 0; shift < 102; shift += 3) {
    const samples = withNoise(joined(new Int16Array(400 + shift), key(digit, over), new Int16Array(800)), noiseDbm0, shift)
    const found = digits(samples)
    expect(['', digit]).toContain(found)
    if (found === digit) times += 1
  }
  return times / 34
}

test('every key is heard once, begins and ends', () => {
  const all = [...'1234567890*#ABCD']
  const dialled = joined(...all.flatMap((digit) => [key(digit), new Int16Array(560)]))
  expect(digits(dialled)).toBe(all.join(''))
  const [first, second] = heard(dialled)
  expect([first, second?.kind]).toEqual([{ kind: 'began', digit: '1' }, 'ended'])
  expect(second?.kind === 'ended' ? Math.abs(second.durationMs - 70) : 99).toBeLessThan(14)
})

test('also after either law of G.711, and in frames of any size', () => {
  const dialled = joined(...[...'13800138000'].flatMap((digit) => [key(digit, { durationMs: 50 }), new Int16Array(400)]))
  for (const law of ['PCMA', 'PCMU'] as const) {
    const coded = new Uint8Array(dialled.length)
    encode(law, dialled, coded, 0)
    const linear = new Int16Array(dialled.length)
    decode(law, coded, 0, coded.length, linear)
    expect(digits(linear)).toBe('13800138000')
  }
  const whole = new DtmfDetector().listen(dialled)
  expect(whole.flatMap((event) => (event.kind === 'began' ? [event.digit] : [])).join('')).toBe('13800138000')
})

describe('Q.24: what must be heard', () => {
  test.each<[string, Key, number]>([
    ['40 ms', { durationMs: 40 }, -90], ['at −3 dBm0 each', { levelDbm0: -3.5 }, -90], ['at −30 dBm0 each', { levelDbm0: -30 }, -90],
    ['the high tone 4 dB above', { highAboveDb: 4 }, -90], ['the high tone 8 dB below', { highAboveDb: -8 }, -90],
    ['1.5 % too high', { offset: 0.015 }, -90], ['1.5 % too low', { offset: -0.015 }, -90],
    ['noise 15 dB below', {}, -24], ['all at its worst', { durationMs: 45, offset: 0.015, levelDbm0: -25, highAboveDb: -4 }, -45],
  ])('%s', (_, over, noiseDbm0) => {
    for (const digit of '1D50') expect(timesHeard(digit, over, noiseDbm0)).toBe(1)
  })

  test('digits 40 ms apart, and equal ones', () => {
    expect(digits(joined(...[...'110099'].flatMap((digit) => [key(digit, { durationMs: 50 }), new Int16Array(320)])))).toBe('110099')
  })

  test('a break of 10 ms does not make two of one', () => {
    expect(digits(joined(key('5', { durationMs: 60 }), new Int16Array(80), key('5', { durationMs: 60 }), new Int16Array(800)))).toBe('5')
  })

  test('one key directly after another', () => expect(digits(joined(key('1'), key('2'), new Int16Array(800)))).toBe('12'))
})

describe('what must not be heard', () => {
  test.each<[string, Key]>([
    ['20 ms', { durationMs: 20 }], ['3.5 % too high', { offset: 0.035 }], ['3.5 % too low', { offset: -0.035 }], ['at −42 dBm0', { levelDbm0: -42 }], ['the high tone 8 dB above', { highAboveDb: 8 }], ['the high tone 13 dB below', { highAboveDb: -13 }],
  ])('%s', (_, over) => {
    for (const digit of '1D50') expect(timesHeard(digit, over)).toBe(0)
  })

  test.each([
    ['dial tone and ring-back, 450 Hz', [450]], ['one tone of a digit', [697]], ['three tones', [697, 770, 1209]], ['a call-progress pair, 440 and 480 Hz', [440, 480]],
    ['a modem, 2100 Hz', [2_100]], ['tones between the keys', [733, 1_272]],
  ])('%s', (_, hz) => expect(digits(toneSamples({ hz, levelDbm0: -12, durationMs: 2_000 }))).toBe(''))

  test('a minute of white noise, soft and loud', () => {
    for (const level of [-30, -10]) expect(digits(withNoise(new Int16Array(480_000), level, 7))).toBe('')
  })

  test('speech-like sound, gliding voices with formants: less than one digit in a minute, and never two in a row', () => {
    const found = [1, 2, 3, 4, 5].map((speaker) => digits(babble(speaker, 60)))
    expect(found.join('').length).toBeLessThan(5)
    expect(Math.max(...found.map(({ length }) => length))).toBeLessThan(2)
  })

  test('keys pressed while somebody talks softly behind are still heard', () => {
    const behind = babble(3, 2).map((sample) => sample >> 5)
    const dialled = joined(new Int16Array(800), ...[...'147#'].flatMap((digit) => [key(digit, { durationMs: 100 }), new Int16Array(800)]))
    expect(digits(dialled.map((sample, n) => sample + (behind[n] ?? 0)))).toBe('147#')
  })
})

test('silence and nothing say nothing', () => {
  expect([heard(new Int16Array(8_000)), new DtmfDetector().listen(new Int16Array(0)), digits(sequenceOf([pause(100)]))]).toEqual([[], [], ''])
})

/** Voiced syllables: harmonics of a gliding pitch, weighted by three wandering formants, with an envelope and breath noise. */
function babble(seed: number, seconds: number): Int16Array {
  const next = noiseFrom(seed * 7_919)
  const out = new Int16Array(seconds * 8_000)
  for (let at = 0; at < out.length;) {
    const length = Math.floor(800 + 1_200 * Math.abs(next()))
    const pitch = 90 + 160 * Math.abs(next())
    const glide = next() * 0.2
    const formants = [300 + 600 * Math.abs(next()), 900 + 1_300 * Math.abs(next()), 2_200 + 900 * Math.abs(next())]
    const harmonics = Array.from({ length: Math.floor(3_400 / pitch) }, (_, k) => {
      const hz = (k + 1) * pitch
      return formants.reduce((gain, formant, n) => gain + (n === 0 ? 1 : 0.6) / (1 + ((hz - formant) / 70) ** 2), 0)
    })
    let phase = 0
    for (let n = 0; n < length && at + n < out.length; n += 1) {
      phase += (2 * Math.PI * pitch * (1 + (glide * n) / length)) / 8_000
      const voiced = harmonics.reduce((sum, gain, k) => sum + gain * Math.sin(phase * (k + 1)), 0)
      out[at + n] = 5_000 * Math.sin((Math.PI * n) / length) * voiced + 200 * next()
    }
    at += length + Math.floor(400 * Math.abs(next()))
  }
  return out
}
