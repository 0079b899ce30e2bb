import { stripTypeScriptTypes } from 'node:module'
import { expect, test } from 'vitest'
import { unstrippable } from './unstrippable.ts'

test.each([
  ['an enum', 'enum Color { red }'],
  ['a parameter property', 'class A { constructor(private x: number) {} }'],
  ['a namespace with values', 'namespace A { export const b = 1 }'],
  ['an old assertion', 'const a = <string>b'],
  ['a syntax error', 'const = 1'],
])('%s is refused', (_name, text) => {
  expect(unstrippable([{ path: 'a.ts', text }], stripTypeScriptTypes)).toMatchObject([{ path: 'a.ts', because: expect.any(String) as string }])
})

test('what Node runs passes', () => {
  const text = 'import type { A } from "./a.ts"\nexport const f = <T,>(x: T, y: number = 1): T => (x satisfies unknown as T)\nclass B { #x?: A; declare y: number }\n'
  expect(unstrippable([{ path: 'a.ts', text }], stripTypeScriptTypes)).toEqual([])
})
