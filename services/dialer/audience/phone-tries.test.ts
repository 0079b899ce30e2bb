import { expect, test } from 'vitest'
import type { SealedPhone } from '@loopline/contracts/customer-event'
import type { PhoneId } from '@loopline/vocabulary/ids'
import { bestPhone, hasAlternative } from './phone-tries.ts'

const phone = (id: string, position: number, state: SealedPhone['state'] = 'usable'): SealedPhone => ({ phoneId: id as PhoneId, position, sealed: id, state })
const [mobile, office, home] = [phone('mobile', 0), phone('office', 1), phone('home', 2)]
const tried = (unansweredInARow: number, answered = 0, invalid = false) => ({ tries: unansweredInARow + answered, answered, unansweredInARow, invalid })
const chosen = (...given: Parameters<typeof bestPhone>) => {
  const best = bestPhone(...given)
  return best && [best.phone.phoneId, best.reason]
}

test('the customer\'s own order counts while nothing is known; one phone is no choice', () => {
  expect(chosen([office, mobile], null, null)).toEqual(['mobile', 'first'])
  expect(chosen([mobile], {}, null)).toEqual(['mobile', 'only'])
  expect(chosen([], {}, null)).toBeUndefined()
})

test('after a call that nobody answered the next phone is tried, round and round', () => {
  expect(chosen([mobile, office], { mobile: tried(1) }, null)).toEqual(['office', 'alternative'])
  expect(chosen([mobile, office], { mobile: tried(1), office: tried(1) }, null)).toEqual(['mobile', 'first'])
})

test('of equals the phone that was answered before comes first', () => {
  expect(chosen([mobile, office, home], { mobile: tried(0), home: tried(0, 2) }, null)).toEqual(['home', 'answered-before'])
})

test('an invalid phone is never dialled again, by name neither', () => {
  expect(chosen([mobile, office], { mobile: tried(0, 5, true), office: tried(9) }, null)).toEqual(['office', 'only'])
  expect(chosen([mobile], { mobile: tried(0, 0, true) }, 'mobile')).toBeUndefined()
  expect(chosen([phone('mobile', 0, 'invalid')], null, null)).toBeUndefined()
  expect(chosen([mobile, office], { mobile: tried(4) }, 'mobile')).toEqual(['mobile', 'named'])
})

test('whether there is another phone than this', () => {
  expect(hasAlternative([mobile, office], null, mobile.phoneId)).toBe(true)
  expect(hasAlternative([mobile, office], { office: tried(0, 0, true) }, mobile.phoneId)).toBe(false)
  expect(hasAlternative([mobile], null, mobile.phoneId)).toBe(false)
})
