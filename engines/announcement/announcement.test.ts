import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSound, SECONDS_MAX, SOUND_REFUSALS } from './read-sound.ts'
import type { ReadSound } from './read-sound.ts'
import { telephoneWav } from './telephone-wav.ts'
import { TELEPHONE_RATE, toTelephone } from './to-telephone.ts'

const LAWS = { PCMA: Int16Array.from({ length: 256 }, (_, byte) => (byte - 128) * 200), PCMU: Int16Array.from({ length: 256 }, (_, byte) => (byte - 128) * 100) }

interface Shape { code?: number; channels?: number; rate?: number; bits?: number; claims?: number; before?: number[] }
/** A WAVE file of these samples; `claims`: what the header says of their length. */
function wav(samples: readonly number[], { code = 1, channels = 1, rate = 16_000, bits = 16, claims, before = [] }: Shape = {}): Uint8Array {
  const bytes = bits / 8
  const data = new Uint8Array(samples.length * bytes)
  const body = new DataView(data.buffer)
  samples.forEach((sample, index) => {
    if (bits === 16) body.setInt16(2 * index, sample, true)
    else if (bits === 24) { body.setUint8(3 * index, 0); body.setInt16(3 * index + 1, sample, true) }
    else body.setUint8(index, code === 1 ? (sample >> 8) + 128 : sample)
  })
  const head = new Uint8Array(36)
  const view = new DataView(head.buffer)
  const text = (at: number, word: string): void => { [...word].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0))) }
  text(0, 'RIFF')
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, code, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, rate, true)
  view.setUint16(34, bits, true)
  const length = claims ?? data.length
  return Uint8Array.from([...head, ...before, ...[...'data'].map((letter) => letter.charCodeAt(0)), length & 255, (length >> 8) & 255, (length >> 16) & 255, (length >>> 24) & 255, ...data])
}
const sine = (hz: number, rate: number, seconds = 1): number[] => Array.from({ length: rate * seconds }, (_, at) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * at) / rate)))
const power = (samples: readonly number[]): number => samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
const heard = (sound: ReadSound): number[] => [...toTelephone(sound)].flatMap((piece) => [...piece])
const read = (file: Uint8Array): ReadSound => {
  const sound = readSound(file, LAWS)
  if (typeof sound === 'string') throw new Error(sound)
  return sound
}

for (const rate of [8_000, 11_025, 16_000, 22_050, 44_100, 48_000]) {
  test(`from ${rate} Hz: what a telephone carries is heard as loud as it was, and lasts as long`, () => {
    const out = heard(read(wav(sine(1_000, rate), { rate })))
    expect(out.length).toBe(TELEPHONE_RATE)
    const middle = out.slice(1_000, 7_000)
    expect(power(middle) / 50_000_000).toBeGreaterThan(0.95)
    expect(power(middle) / 50_000_000).toBeLessThan(1.05)
    const expected = middle.map((_, index) => 10_000 * Math.sin((2 * Math.PI * 1_000 * (index + 1_000)) / 8_000))
    expect(power(middle.map((sample, index) => sample - (expected[index] as number))) / 50_000_000).toBeLessThan(0.01)
  })
}

test('what a telephone cannot carry is not folded into what it can', () => {
  for (const hz of [4_600, 5_000, 7_000, 12_000, 20_000]) {
    expect(power(heard(read(wav(sine(hz, 48_000), { rate: 48_000 }))).slice(500, 7_500)) / 50_000_000).toBeLessThan(0.001)
  }
})

test('two channels are mixed, 8 and 24 bits and both laws are read, other chunks are passed over', () => {
  const both = sine(440, 16_000).flatMap((sample) => [sample, 0])
  expect(read(wav(both, { channels: 2 })).samples[9]).toBe(Math.trunc((both[18] as number) / 2))
  expect(read(wav(sine(440, 16_000), { bits: 24 })).samples[9]).toBe(sine(440, 16_000)[9])
  expect(Math.abs((read(wav(sine(440, 16_000), { bits: 8 })).samples[9] as number) - (sine(440, 16_000)[9] as number))).toBeLessThan(256)
  expect(read(wav(Array.from({ length: 8_000 }, () => 130), { code: 6, bits: 8, rate: 8_000 })).samples[0]).toBe(400)
  expect(read(wav(sine(440, 16_000), { before: [...[...'LIST'].map((letter) => letter.charCodeAt(0)), 3, 0, 0, 0, 1, 2, 3, 0] })).samples.length).toBe(16_000)
})

const refused: [string, Uint8Array, string][] = [
  ['no WAVE', new TextEncoder().encode('ID3 an mp3 file, so it is'), 'not-wave'],
  ['a header of 4 GB', wav(sine(440, 16_000), { claims: 0xffff_fff0 }), 'cut-short'],
  ['a codec', wav(sine(440, 16_000), { code: 85 }), 'format'],
  ['an odd rate', wav(sine(440, 16_000), { rate: 4_000 }), 'rate'],
  ['a huge rate', wav(sine(440, 16_000), { rate: 4_000_000_000 }), 'rate'],
  ['eight channels', wav(sine(440, 16_000), { channels: 8 }), 'channels'],
  ['an hour', wav(Array.from({ length: (SECONDS_MAX + 1) * 8_000 }, () => 130), { code: 6, bits: 8, rate: 8_000 }), 'too-long'],
  ['a click', wav(sine(440, 16_000).slice(0, 100)), 'too-short'],
  ['silence', wav(Array.from({ length: 16_000 }, () => 3)), 'silent'],
]
for (const [name, file, why] of refused) test(`threat 21: ${name} is refused: ${why}`, () => expect(readSound(file, LAWS)).toBe(why))

test('threat 21: any bytes are read or refused, and a file changed anywhere too', () => {
  const whole = wav(sine(440, 8_000, 1), { rate: 8_000 })
  const isAnswer = (file: Uint8Array): boolean => {
    const answer = readSound(file, LAWS)
    return typeof answer === 'string' ? SOUND_REFUSALS.includes(answer) : answer.samples.length <= SECONDS_MAX * answer.rate
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), isAnswer))
  fc.assert(fc.property(fc.nat(60), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
    const changed = whole.slice(0, length)
    if (at < changed.length) changed[at] = byte
    return isAnswer(changed)
  }))
})

test('what is kept is read back as it was', () => {
  const alaw = Uint8Array.from({ length: 8_000 }, (_, at) => 100 + (at % 100))
  const back = read(telephoneWav(alaw))
  expect([back.rate, back.samples.length, back.samples[42]]).toEqual([8_000, 8_000, LAWS.PCMA[142]])
})
