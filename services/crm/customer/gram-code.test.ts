import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gramCode, gramCodeHalves } from './gram-code.ts'
import { gramsOf } from './name-grams.ts'

const codeOfHalves = (grams: string[]): string[] => {
  const halves = gramCodeHalves(grams)
  return grams.map((_, at) => String((BigInt(halves[2 * at] as number) << 32n) | BigInt((halves[2 * at + 1] as number) >>> 0)))
}
const gram = fc.string({ unit: 'binary', minLength: 1, maxLength: 3 })

test('a word has the same number whoever asks, and no other word has it', () => {
  fc.assert(fc.property(fc.uniqueArray(gram, { maxLength: 50 }), (grams) => {
    const codes = grams.map(gramCode)
    expect(codeOfHalves(grams)).toEqual(codes)
    const isNul = (text: string): boolean => text.includes('\0')
    expect(new Set(codes.filter((_, at) => !isNul(grams[at] as string))).size).toBe(grams.filter((text) => !isNul(text)).length)
  }))
})

test('no word of a name is longer than its number holds', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (name, company) => {
    for (const word of gramsOf(name, company)) expect([...word].length).toBeLessThanOrEqual(3)
  }))
})

test('the first character stands highest, as in the migration of words to numbers', () => {
  // select (ascii('张')::bigint << 42) | (ascii('伟')::bigint << 21) | ascii('')
  expect(gramCode('张伟')).toBe(String(24352n * 2n ** 42n + 20255n * 2n ** 21n))
  expect(gramCode('ZW')).toBe(String(90n * 2n ** 42n + 87n * 2n ** 21n))
})
