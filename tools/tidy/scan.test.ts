import { expect, test } from 'vitest'
import { scan } from './scan.ts'

const cases: [name: string, text: string, code: string][] = [
  ['a comment', 'a // b "c"\nd', 'a         \nd'],
  ['a block comment keeps its lines', 'a /* x\ny */ b', 'a     \n     b'],
  ['a string with an escaped quote', String.raw`f('it\'s // no comment')`, `f('${' '.repeat(19)}')`],
  ['a template with code inside', 'x`a ${b + `c`} d` // e', 'x`  ${b + ` `}  `     '],
  ['a regular expression with a quote and a slash in a class', `a.replace(/['"/]/g, b)`, 'a.replace(/     /g, b)'],
  ['a division is no regular expression', 'a / b / "c"', 'a / b / " "'],
  ['an object inside a template', 'x`${{ a: 1 }}`', 'x`${{ a: 1 }}`'],
]

test.each(cases)('code without %s', (_, text, code) => {
  expect(scan(text).code).toBe(code)
})

test('templates come with their parameters replaced and their line', () => {
  expect(scan('one\nsql`select ${a} from ${b(`x`)}`').templates).toEqual([
    { text: 'select $0 from $0', line: 2 },
    { text: 'x', line: 2 },
  ])
})
