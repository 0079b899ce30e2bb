import { expect, test } from 'vitest'
import { asked, countLeaves, EVERYONE, freshLeaf, OFFERED, OPERATORS_OFFERED, readGroup, typeOf } from './tree'

test('a leaf that says nothing yet is not asked', () => {
  const group = { combinator: 'and' as const, rules: [{ field: 'level' as const, operator: 'in', value: [] }, { field: 'region' as const, operator: 'notNull', value: 'left over' }] }
  expect(asked(group)).toEqual({ combinator: 'and', rules: [{ field: 'region', operator: 'notNull', value: null }] })
  expect(asked(EVERYONE)).toBeUndefined()
})

test('a group that says nothing is not asked, one that does keeps its place', () => {
  const levelA = { field: 'level' as const, operator: 'in', value: ['A'] }
  const empty = { combinator: 'or' as const, rules: [{ ...levelA, value: [] }, { combinator: 'and' as const, rules: [] }] }
  const tree = { combinator: 'and' as const, rules: [empty, { combinator: 'or' as const, rules: [levelA, levelA] }, levelA] }
  expect(asked(tree)).toEqual({ combinator: 'and', rules: [{ combinator: 'or', rules: [levelA, levelA] }, levelA] })
  expect(countLeaves(tree)).toBe(4)
})

const trees = [
  { name: 'nothing is everyone', tree: null, simple: EVERYONE },
  { name: 'a flat group', tree: { combinator: 'or', rules: [{ id: 'x', field: 'level', operator: '=', value: 'A' }] }, simple: { combinator: 'or', rules: [{ field: 'level', operator: '=', value: 'A' }] } },
  { name: 'a group in a group', tree: { combinator: 'and', rules: [{ combinator: 'or', rules: [] }] }, simple: { combinator: 'and', rules: [{ combinator: 'or', rules: [] }] } },
  { name: 'a fourth level', tree: { combinator: 'and', rules: [{ combinator: 'or', rules: [{ combinator: 'and', rules: [{ combinator: 'or', rules: [] }] }] }] }, simple: null },
  { name: 'a negated group within', tree: { combinator: 'and', rules: [{ combinator: 'or', not: true, rules: [] }] }, simple: null },
  { name: 'what is no rule', tree: { combinator: 'and', rules: ['and'] }, simple: null },
  { name: 'a negated group', tree: { combinator: 'and', not: true, rules: [] }, simple: null },
  { name: 'a field of another time', tree: { combinator: 'and', rules: [{ field: 'shoeSize', operator: '=', value: 42 }] }, simple: null },
]
for (const { name, tree, simple } of trees) test(`what the editor can show: ${name}`, () => expect(readGroup(tree)).toEqual(simple))

test('every field on offer begins with an operator of its type', () => {
  for (const field of OFFERED) expect(OPERATORS_OFFERED[typeOf(field)]).toContain(freshLeaf(field).operator)
})
