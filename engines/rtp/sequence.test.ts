import { describe, expect, test } from 'vitest'
import { newSequenceLine, stepSequence } from './sequence.ts'

const STARTS = [0, 1, 2, 99, 100, 127, 128, 255, 256, 32_767, 32_768, 62_535, 62_536, 65_436, 65_534, 65_535]
const wire = (number: number): number => number & 0xffff

describe.each(STARTS)('from %i', (start) => {
  test('numbers go on over two wraps', () => {
    const line = newSequenceLine(start)
    for (let n = 1; n <= 140_000; n += 1) {
      if (stepSequence(line, wire(start + n)) !== 'next' || line.current !== start + n) expect.fail(`at ${start + n}`)
    }
    expect(line).toMatchObject({ first: start, highest: start + 140_000 })
  })

  test('a gap, what was overtaken and a repeat', () => {
    const line = newSequenceLine(start)
    const seen = [2_999, 2_998, 2_900, 2_999, 3_000].map((n) => [stepSequence(line, wire(start + n)), line.current - start])
    expect(seen).toEqual([['next', 2_999], ['late', 2_998], ['late', 2_900], ['late', 2_999], ['next', 3_000]])
  })

  test('what came before the first stands before it', () => {
    const line = newSequenceLine(start)
    expect([stepSequence(line, wire(start - 1)), line.current, line.highest]).toEqual(['late', start - 1, start])
  })

  test('one stray packet changes nothing, two in a row begin anew', () => {
    const line = newSequenceLine(start)
    stepSequence(line, wire(start + 1))
    const far = wire(start + 30_000)
    expect(stepSequence(line, far)).toBe('jumped')
    expect(stepSequence(line, wire(start + 2))).toBe('next')
    expect(stepSequence(line, far)).toBe('jumped')
    expect(stepSequence(line, wire(far + 1))).toBe('restarted')
    expect(line).toMatchObject({ first: wire(far + 1), highest: wire(far + 1) })
    expect(stepSequence(line, wire(far + 2))).toBe('next')
  })
})
