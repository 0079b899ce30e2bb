import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mixFrom, mixMinusSelf } from './mix.hot.ts'
import { FRAME_SAMPLES } from './packet.hot.ts'

const frame = (sample = 0): Int16Array => new Int16Array(FRAME_SAMPLES).fill(sample)
const scratch = new Int32Array(FRAME_SAMPLES)

function mixed(...samples: number[]): number[] {
  const heard = samples.map(() => frame())
  mixMinusSelf(samples.map(frame), heard, samples.length, scratch)
  expect(heard.every((out) => out.every((sample) => sample === out[0]))).toBe(true)
  return heard.map((out) => out[0] as number)
}

test.each([
  { name: 'two hear each other', spoken: [100, -7], heard: [-7, 100] },
  { name: 'three hear the other two', spoken: [1, 10, 100], heard: [110, 101, 11] },
  { name: 'one alone hears nothing', spoken: [5], heard: [0] },
  { name: 'loud voices are clipped, not wrapped', spoken: [30_000, 30_000, 30_000], heard: [32_767, 32_767, 32_767] },
  { name: 'downwards too', spoken: [-30_000, -30_000, -1], heard: [-30_001, -30_001, -32_768] },
  { name: 'a clipped sum still loses one’s own voice', spoken: [32_767, 32_767, -32_768], heard: [-1, -1, 32_767] },
])('$name', ({ spoken, heard }) => expect(mixed(...spoken)).toEqual(heard))

test('legs beyond the count neither speak nor hear', () => {
  const heard = [frame(), frame(), frame(9)]
  mixMinusSelf([frame(1), frame(2), frame(4)], heard, 2, scratch)
  expect(heard.map((out) => out[0])).toEqual([2, 1, 9])
})

test('a mask says who is heard: whispered to the agent alone', () => {
  const [agent, customer, supervisor] = [frame(1), frame(10), frame(100)]
  const hears = (from: number): number => {
    const out = frame()
    mixFrom([agent, customer, supervisor], from, out, scratch)
    return out[0] as number
  }
  expect({ agent: hears(0b110), customer: hears(0b001), supervisor: hears(0b011), nobody: hears(0) }).toEqual({ agent: 110, customer: 1, supervisor: 11, nobody: 0 })
})

test('the sum of any legs is that of arithmetic, clipped', () => {
  const leg = fc.int16Array({ minLength: FRAME_SAMPLES, maxLength: FRAME_SAMPLES })
  fc.assert(fc.property(fc.array(leg, { minLength: 1, maxLength: 5 }), (spoken) => {
    const heard = spoken.map(() => frame())
    mixMinusSelf(spoken, heard, spoken.length, scratch)
    for (const [self, out] of heard.entries()) {
      const want = spoken.filter((_, other) => other !== self).reduce((sum, other) => sum + (other[80] as number), 0)
      expect(out[80]).toBe(Math.max(-32_768, Math.min(32_767, want)))
    }
  }))
})
