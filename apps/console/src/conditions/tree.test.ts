import { expect, test } from 'vitest'
import { asked, EVERYONE, freshLeaf, OFFERED, OPERATORS_OFFERED, simpleGroup, typeOf } from './tree'

test('a leaf that says nothing yet is not asked', () => {
  const group = { combinator: 'and' as const, rules: [{ field: 'level' as const, operator: 'in', value: [] }, { field: 'region' as const, operator: 'notNull', value: 'left over' }] }
  expect(asked(group)).toEqual({ combinator: 'and', rules: [{ field: 'region', operator: 'notNull', value: null }] })
  expect(asked(EVERYONE)).toBeUndefined()
})

const trees = [
  { name: 'nothing is everyone', tree: null, simple: EVERYONE },
  { name: 'a flat group', tree: { combinator: 'or', rules: [{ id: 'x', field: 'level', operator: '=', value: 'A' }] }, simple: { combinator: 'or', rules: [{ field: 'level', operator: '=', value: 'A' }] } },
  { name: 'a group in a group', tree: { combinator: 'and', rules: [{ combinator: 'or', rules: [] }] }, simple: null },
  { name: 'a negated group', tree: { combinator: 'and', not: true, rules: [] }, simple: null },
  { name: 'a field of another time', tree: { combinator: 'and', rules: [{ field: 'shoeSize', operator: '=', value: 42 }] }, simple: null },
]
for (const { name, tree, simple } of trees) test(`what the editor can show: ${name}`, () => expect(simpleGroup(tree)).toEqual(simple))

test('every field on offer begins with an operator of its type', () => {
  for (const field of OFFERED) expect(OPERATORS_OFFERED[typeOf(field)]).toContain(freshLeaf(field).operator)
})
