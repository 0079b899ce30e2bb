import { expect, test } from 'vitest'
import { isE164 } from '@loopline/vocabulary/phone'
import { syntheticCustomer, TEST_CARDS } from './synthetic-customer.ts'

const many = Array.from({ length: 20_000 }, (_, index) => syntheticCustomer(index))

test('no two synthetic customers share a number, and all are E.164', () => {
  const phones = many.flatMap((customer) => customer.phones)
  expect(new Set(phones).size).toBe(phones.length)
  expect(phones.every((phone) => isE164(phone))).toBe(true)
})

test('the first carry the test numbers of the sandbox, nobody else does', () => {
  expect(many[0]?.phones).toEqual(['+8613900000001'])
  expect(many.slice(TEST_CARDS).some(({ phones }) => phones.some((phone) => phone.startsWith('+8613900')))).toBe(false)
})

test('every level, consent and status occurs, most consent', () => {
  const share = (fits: (customer: (typeof many)[number]) => boolean): number => many.filter(fits).length / many.length
  expect(share(({ marketingConsent }) => marketingConsent === 'granted')).toBeCloseTo(0.88, 1)
  for (const level of ['A', 'B', 'C', 'D']) expect(share((customer) => customer.level === level)).toBeGreaterThan(0.08)
  expect(share(({ lastFollowUpDaysAgo }) => (lastFollowUpDaysAgo ?? 99) > 7)).toBeGreaterThan(0.5)
})

test('the same customer is made every time', () => {
  expect(syntheticCustomer(1_234)).toEqual(many[1_234])
})
