import { expect, test } from 'vitest'
import { DtmfDetector } from './dtmf-detector.ts'
import { digitTone } from './dtmf-tones.ts'
import { goertzelCoefficient, goertzelPower } from './goertzel.ts'

test('our ear hears each key of ours once, at 100 ms and at the least of Q.24', () => {
  for (const durationMs of [100, 40]) {
    for (const digit of '0123456789*#ABCD') {
      const heard = new DtmfDetector().listen(Int16Array.from([...new Int16Array(400), ...digitTone(digit, durationMs), ...new Int16Array(800)]))
      expect(heard.flatMap((event) => (event.kind === 'began' ? [event.digit] : []))).toEqual([digit])
    }
  }
})

test.each([['1', 697, 1209], ['6', 770, 1477], ['*', 941, 1209], ['D', 941, 1633]])('%s is %i and %i Hz, the higher one 2 dB louder', (digit, low, high) => {
  const samples = digitTone(digit, 1_000)
  const powerOf = (hz: number): number => goertzelPower(samples, 0, samples.length, goertzelCoefficient(hz))
  expect(10 * Math.log10(powerOf(high) / powerOf(low))).toBeCloseTo(2, 1)
  expect(Math.max(...samples.map(Math.abs))).toBeLessThan(32_000)
})

test('what is no key has no sound', () => {
  for (const wrong of ['', 'E', '12', ' ']) expect(() => digitTone(wrong, 100)).toThrow('a key of a telephone')
})
