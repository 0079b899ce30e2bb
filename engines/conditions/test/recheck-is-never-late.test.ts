import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toEvaluator } from '../evaluation.ts'
import { parseCondition } from '../parse-condition.ts'
import { toPredicate } from '../predicate.ts'
import { CATALOGUE, NOW, row, tree, zoneOffset } from './arbitrary.ts'

const DAY = 86_400_000
const FAR = 400 * DAY

function compile(json: unknown) {
  const parsed = parseCondition(json, CATALOGUE)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return { evaluator: toEvaluator(parsed.condition, zoneOffset), predicate: toPredicate(parsed.condition, zoneOffset) }
}

test('between now and recheckAt the answer stays, and recheckAt lies ahead', () => {
  fc.assert(fc.property(tree, row, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }), (json, given, shares) => {
    const { evaluator, predicate } = compile(json)
    const { matches, recheckAt } = evaluator(given, NOW)
    expect(predicate(given, NOW)).toBe(matches)
    if (recheckAt !== null) expect(recheckAt).toBeGreaterThan(NOW)
    const span = (recheckAt ?? NOW + FAR) - NOW
    const last = NOW + span - 1
    for (const at of [last, ...shares.map((share) => Math.min(last, NOW + Math.floor(share * span)))]) {
      expect(predicate(given, at)).toBe(matches)
    }
  }), { numRuns: 5_000 })
})

test('looking again only when asked finds every change', () => {
  fc.assert(fc.property(tree, row, fc.array(fc.integer({ min: 0, max: 40 * DAY }), { maxLength: 20 }), (json, given, offsets) => {
    const { evaluator, predicate } = compile(json)
    let known = evaluator(given, NOW)
    let looks = 0
    for (const at of offsets.map((off) => NOW + off).toSorted((a, b) => a - b)) {
      while (known.recheckAt !== null && known.recheckAt <= at) {
        known = evaluator(given, known.recheckAt)
        looks += 1
      }
      expect(predicate(given, at)).toBe(known.matches)
    }
    expect(looks).toBeLessThan(200)
  }), { numRuns: 2_000 })
})
