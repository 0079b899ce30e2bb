import { expect, test } from 'vitest'
import { goertzelCoefficient, goertzelPower, meanSquare } from './goertzel.ts'
import { amplitudeOf, ringBack, sequenceOf, toneSamples } from './tone.ts'

const powerOf = (samples: Int16Array, hz: number): number => goertzelPower(samples, 0, samples.length, goertzelCoefficient(hz))
const decibels = (power: number): number => 10 * Math.log10(power)

test.each([300, 440, 697, 1_000, 1_633, 3_400])('a sine of %i Hz has all its power in its own bin', (hz) => {
  const samples = toneSamples({ hz: [hz], levelDbm0: -10, durationMs: 100 })
  expect(decibels(powerOf(samples, hz) / (amplitudeOf(-10) ** 2 / 2))).toBeCloseTo(0, 0)
  expect(decibels(powerOf(samples, hz) / meanSquare(samples, 0, samples.length))).toBeCloseTo(0, 0)
  expect(decibels(powerOf(samples, hz + 200) / powerOf(samples, hz))).toBeLessThan(-20)
})

test('two tones do not disturb each other', () => {
  const samples = toneSamples({ hz: [440, 1_000], levelDbm0: -13, durationMs: 100 })
  expect(decibels(powerOf(samples, 440) / powerOf(samples, 1_000))).toBeCloseTo(0, 0)
})

test('nothing has no power', () => {
  expect([powerOf(new Int16Array(160), 440), meanSquare(new Int16Array(160), 5, 5)]).toEqual([0, 0])
})

test('levels are those of G.711: +3.14 dBm0 is full scale, 6 dB are a half', () => {
  expect(amplitudeOf(3.14)).toBe(32_767)
  expect(amplitudeOf(-2.88) / amplitudeOf(3.14)).toBeCloseTo(0.5, 3)
})

test('too many loud tones are clipped, not wrapped', () => {
  const samples = toneSamples({ hz: [400, 400, 400], levelDbm0: 3.14, durationMs: 20 })
  expect([Math.max(...samples), Math.min(...samples)]).toEqual([32_767, -32_768])
})

test('ring-back is one second of 450 Hz in five', () => {
  const samples = ringBack()
  expect(samples.length).toBe(40_000)
  expect(decibels(goertzelPower(samples, 0, 8_000, goertzelCoefficient(450)) / meanSquare(samples, 0, 8_000))).toBeCloseTo(0, 1)
  expect(meanSquare(samples, 8_000, 40_000)).toBe(0)
})

test('a sequence is as long as its parts', () => {
  expect(sequenceOf([{ hz: [440], levelDbm0: 0, durationMs: 30 }, { hz: [], levelDbm0: 0, durationMs: 20 }]).length).toBe(400)
})
