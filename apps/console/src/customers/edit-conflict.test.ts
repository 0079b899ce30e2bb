import { expect, test } from 'vitest'
import type { CustomerView } from '@loopline/contracts/customer'
import { touched, type Edit } from './edit-conflict'

const base = { company: 'A', region: 'B', tags: ['x'] } as unknown as CustomerView
const cases: { name: string; mine: Edit; theirs: Partial<CustomerView>; asks: string[] }[] = [
  { name: 'they wrote another field', mine: { company: 'A1' }, theirs: { region: 'B2' }, asks: [] },
  { name: 'they wrote the same field', mine: { company: 'A1' }, theirs: { company: 'A2' }, asks: ['company'] },
  { name: 'both wrote the same', mine: { company: 'A1' }, theirs: { company: 'A1' }, asks: [] },
  { name: 'lists are compared by what is in them', mine: { tags: ['x', 'y'] }, theirs: { tags: ['x'] }, asks: [] },
  { name: 'one of two fields', mine: { company: 'A1', region: 'B1' }, theirs: { region: 'B2' }, asks: ['region'] },
]
for (const { name, mine, theirs, asks } of cases) test(`a conflict to ask about: ${name}`, () => expect(touched(mine, base, { ...base, ...theirs })).toEqual(asks))
