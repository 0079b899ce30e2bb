import { expect, test } from 'vitest'
import { readNumberLine, toE164 } from './number-line.ts'

const cases: { line: string; code?: string; want: ReturnType<typeof readNumberLine> }[] = [
  { line: '+8613812340001', want: { number: '+8613812340001' as never, reason: null } },
  { line: '13812340001,不要再打', want: { number: '+8613812340001' as never, reason: '不要再打' } },
  { line: '"138 1234-0001";"said so"\r', want: { number: '+8613812340001' as never, reason: 'said so' } },
  { line: '\uFEFF0086 138 1234 0001', want: { number: '+8613812340001' as never, reason: null } },
  { line: '305,5551234', code: '1', want: { number: '+13055551234' as never, reason: null } },
  { line: '13055551234', code: '1', want: { number: '+13055551234' as never, reason: null } },
  { line: '3055551234', code: '1', want: { number: '+13055551234' as never, reason: null } },
  { line: '020 7946 0018', code: '44', want: { number: '+442079460018' as never, reason: null } },
  { line: '02079460018', want: 'not-a-number' },
  { line: 'phone,reason', want: 'not-a-number' },
  { line: '   ', want: 'empty' },
  { line: '+86138123400011234567', want: 'not-a-number' },
]
for (const { line, code, want } of cases) test(JSON.stringify(line), () => expect(readNumberLine(line, code ?? null)).toEqual(want))

test('a number as somebody types it', () => {
  expect(toE164('+86 138-1234-0001')).toBe('+8613812340001')
  expect(toE164('138 1234 0001')).toBe('+8613812340001')
  expect(toE164('hello')).toBeNull()
})
