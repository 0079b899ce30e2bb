import { expect, test } from 'vitest'
import { rangeOf, wavBytes, wavHeader } from './wav.ts'

test('the header tells lengths, channels, rate and width', () => {
  const view = new DataView(wavHeader(8_000).buffer)
  expect([view.getUint32(4, true), view.getUint16(22, true), view.getUint32(24, true), view.getUint32(28, true), view.getUint16(34, true), view.getUint32(40, true)])
    .toEqual([32_036, 2, 8_000, 32_000, 16, 32_000])
  expect(wavBytes(8_000)).toBe(32_044)
})

const ranges = [
  { header: undefined, want: null }, { header: 'bytes=0-', want: { from: 0, to: 100 } }, { header: 'bytes=10-19', want: { from: 10, to: 20 } },
  { header: 'bytes=90-400', want: { from: 90, to: 100 } }, { header: 'bytes=-30', want: { from: 70, to: 100 } }, { header: 'bytes=100-', want: 'unsatisfiable' },
  { header: 'bytes=20-10', want: 'unsatisfiable' }, { header: 'bytes=-0', want: 'unsatisfiable' }, { header: 'bytes=-', want: null }, { header: 'bytes=0-1,4-5', want: null }, { header: 'lines=1-2', want: null },
] as const
for (const { header, want } of ranges) test(`of 100 bytes, ${header ?? 'no range'} is ${JSON.stringify(want)}`, () => expect(rangeOf(header, 100)).toEqual(want))
