import { expect, test } from 'vitest'
import { dialledForm, reaches, type NumberRules } from './dialled-number.ts'
import type { E164 } from './phone.ts'

const MOBILE = '+8618612345678' as E164
const ABROAD = '+14155550123' as E164

const cases: { name: string; rules: NumberRules; number: E164; want: string }[] = [
  { name: 'as it is', rules: { numberFormat: 'e164' }, number: MOBILE, want: '+8618612345678' },
  { name: 'without plus', rules: { numberFormat: 'e164-no-plus' }, number: MOBILE, want: '8618612345678' },
  { name: 'at home', rules: { numberFormat: 'national' }, number: MOBILE, want: '18612345678' },
  { name: 'at home, a number of abroad', rules: { numberFormat: 'national' }, number: ABROAD, want: '0014155550123' },
  { name: 'another home', rules: { numberFormat: 'national', countryCode: '1' }, number: ABROAD, want: '4155550123' },
  { name: 'a prefix of the carrier', rules: { numberFormat: 'national', addPrefix: '00' }, number: MOBILE, want: '0018612345678' },
  { name: 'a technical prefix and no plus', rules: { numberFormat: 'e164', stripPrefix: '+', addPrefix: '9988#' }, number: MOBILE, want: '9988#8618612345678' },
  { name: 'taken off only where it stands', rules: { numberFormat: 'e164-no-plus', stripPrefix: '86' }, number: ABROAD, want: '14155550123' },
]

test.each(cases)('a number is written as its carrier wants it: $name', ({ rules, number, want }) => {
  expect(dialledForm(rules, number)).toBe(want)
})

test('a line without places calls everywhere, one with places those alone', () => {
  expect(reaches([], ABROAD)).toBe(true)
  expect(reaches(['+86'], ABROAD)).toBe(false)
  expect(reaches(['+86', '+1415'], ABROAD)).toBe(true)
})
