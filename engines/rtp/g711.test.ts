import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode, LINEAR_OF, SILENCE, transcode, type Law } from './g711.ts'

const LAWS: readonly Law[] = ['PCMA', 'PCMU']
const BYTES = Array.from({ length: 256 }, (_, code) => code)

function encoded(law: Law, ...samples: number[]): number[] {
  const out = new Uint8Array(samples.length)
  encode(law, Int16Array.from(samples), out, 0)
  return [...out]
}
function otherLaw(from: Law, ...codes: number[]): number[] {
  const bytes = Uint8Array.from(codes)
  transcode(bytes, 0, bytes.length, from)
  return [...bytes]
}

/** G.711 Tables 1a and 2a at the ends of segments: value numbers from 1, output values in the Recommendation's own scale. */
describe('output values of the tables', () => {
  const alaw = [[1, 1], [2, 3], [16, 31], [32, 63], [33, 66], [48, 126], [49, 132], [64, 252], [65, 264], [80, 504], [81, 528], [96, 1008], [97, 1056], [112, 2016], [113, 2112], [128, 4032]] as const
  test.each(alaw)('A-law value %i is %i', (value, output) => {
    expect(LINEAR_OF.PCMA[0xd5 ^ (value - 1)]).toBe(output * 8)
    expect(LINEAR_OF.PCMA[0x55 ^ (value - 1)]).toBe(-output * 8)
  })
  const ulaw = [[1, 0], [2, 2], [16, 30], [17, 33], [32, 93], [33, 99], [48, 219], [49, 231], [64, 471], [65, 495], [80, 975], [81, 1023], [96, 1983], [97, 2079], [112, 3999], [113, 4191], [128, 8031]] as const
  test.each(ulaw)('μ-law value %i is %i', (value, output) => {
    expect(LINEAR_OF.PCMU[0xff - (value - 1)]).toBe(output * 4)
    expect((LINEAR_OF.PCMU[0x7f - (value - 1)] as number) + output * 4).toBe(0)
  })
})

/** The same tables, column of decision values: the input at which the next value begins. */
describe('decision values of the tables', () => {
  const alaw = [[16, 32], [32, 64], [48, 128], [64, 256], [80, 512], [96, 1024], [112, 2048]] as const
  test.each(alaw)('A-law value %i ends at %i', (value, decision) => {
    expect(encoded('PCMA', decision * 8 - 1, decision * 8)).toEqual([0xd5 ^ (value - 1), 0xd5 ^ value])
  })
  const ulaw = [[1, 1], [16, 31], [32, 95], [48, 223], [64, 479], [80, 991], [96, 2015], [112, 4063]] as const
  test.each(ulaw)('μ-law value %i ends at %i', (value, decision) => {
    expect(encoded('PCMU', decision * 4 - 1, decision * 4)).toEqual([0xff - (value - 1), 0xff - value])
  })
})

test('the 1 kHz sequences at 0 dBm0 (Tables 5 and 6) are the Recommendation’s sine', () => {
  const tables = { PCMA: [0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4], PCMU: [0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e] }
  for (const law of LAWS) {
    const samples = tables[law].map((code) => LINEAR_OF[law][code] as number)
    const power = samples.reduce((sum, sample) => sum + sample ** 2, 0) / 8
    const fullScale = { PCMA: 32_768 * 10 ** (-3.14 / 20), PCMU: 8_159 * 4 * 10 ** (-3.17 / 20) }[law]
    expect(Math.abs(10 * Math.log10(power / (fullScale ** 2 / 2)))).toBeLessThan(0.1)
  }
})

describe.each(LAWS)('%s', (law) => {
  test('every byte survives linear and back', () => {
    const out = new Int16Array(256)
    decode(law, Uint8Array.from(BYTES), 0, 256, out)
    expect(encoded(law, ...out)).toEqual(BYTES.map((code) => law === 'PCMU' && code === 0x7f ? 0xff : code)) // −0 is 0
  })

  test('a louder sample is never quieter, and the error stays within half a step', () => {
    const table = LINEAR_OF[law]
    fc.assert(fc.property(fc.integer({ min: -32_768, max: 32_767 }), (sample) => {
      const [here, louder] = encoded(law, sample, Math.min(32_767, sample + 1)).map((code) => table[code] as number) as [number, number]
      expect(louder).toBeGreaterThanOrEqual(here)
      expect(Math.abs(here - sample)).toBeLessThanOrEqual(Math.max(8, (Math.abs(sample) + 132) / 32))
    }), { numRuns: 2_000 })
  })

  test('silence stays within the smallest step in the other law', () => {
    const other = law === 'PCMA' ? 'PCMU' : 'PCMA'
    const [code] = otherLaw(law, SILENCE[law])
    expect(LINEAR_OF[other][code as number]).toBe(8)
  })
})

describe('one law to the other', () => {
  test('at every step louder stays louder and the sign is kept', () => {
    for (const value of BYTES.slice(0, 127)) {
      const heard = (law: Law, code: number): number => LINEAR_OF[law][code] as number
      const [inA, louderInA, negativeInA] = otherLaw('PCMU', 0xff - value, 0xff - value - 1, 0x7f - value) as [number, number, number]
      expect(heard('PCMA', louderInA)).toBeGreaterThanOrEqual(heard('PCMA', inA))
      expect(negativeInA).toBe(inA ^ 0x80)
    }
  })

  /** G.711 §3.3: only the pairs of small values that share one of the other law are lost on the way. */
  test('A to μ to A keeps every byte but those sharing a μ-law value', () => {
    const changed = BYTES.slice(0, 128).map((value) => 0xd5 ^ value).filter((code) => otherLaw('PCMU', ...otherLaw('PCMA', code))[0] !== code)
    expect(changed.map((code) => (0xd5 ^ code) + 1)).toEqual([26, 28, 30, 32, 45, 47, 63, 81])
  })

  test('μ to A to μ keeps every byte but those sharing an A-law value', () => {
    const changed = BYTES.slice(0, 128).map((value) => 0xff - value).filter((code) => otherLaw('PCMA', ...otherLaw('PCMU', code))[0] !== code)
    expect(changed.map((code) => 0xff - code)).toEqual([0, 2, 4, 6, 8, 10, 12, 14])
  })

  test('entries of Tables 3 and 4', () => {
    const table3 = [[49, 46], [50, 48], [65, 64], [81, 80], [82, 82], [96, 96], [128, 128]] as const
    for (const [mu, a] of table3) expect(otherLaw('PCMU', 0xff - (mu - 1))).toEqual([0xd5 ^ (a - 1)])
    const table4 = [[1, 1], [2, 3], [9, 16], [25, 32], [80, 80], [81, 80], [82, 81], [128, 127]] as const
    for (const [a, mu] of table4) expect(otherLaw('PCMA', 0xd5 ^ (a - 1))).toEqual([0xff - mu])
  })

  test('only the bytes asked for change', () => {
    const bytes = Uint8Array.from([1, 2, 3, 4])
    transcode(bytes, 1, 3, 'PCMA')
    expect([bytes[0], bytes[3]]).toEqual([1, 4])
    expect([bytes[1], bytes[2]]).toEqual(otherLaw('PCMA', 2, 3))
  })
})
