import { expect, test } from 'vitest'
import { changesIn, contested, FRESH } from './line-draft'

test('an edit sends what was changed, and finds what somebody else changed too', () => {
  const mine = { ...FRESH, name: 'mine', weight: 20 }
  expect(changesIn(mine, FRESH)).toEqual({ name: 'mine', weight: 20 })
  const theirs = { ...FRESH, name: 'theirs', maxConcurrent: 5 }
  expect(contested(mine, FRESH, theirs)).toEqual(['name'])
  expect(contested({ ...mine, name: 'theirs' }, FRESH, theirs)).toEqual([])
})
