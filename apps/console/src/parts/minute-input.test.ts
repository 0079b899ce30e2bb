import { expect, test } from 'vitest'
import { minuteOfDay } from '../words/format'
import { minutesOf } from './minute-input'

const cases = [['9:00', 540], ['09:30', 570], ['0930', 570], ['24:00', 1_440], ['00:00', 0], ['23:59', 1_439], ['24:01', null], ['9', null], ['12:60', null], ['', null]] as const
for (const [text, minutes] of cases) test(`"${text}" is ${minutes ?? 'no time of day'}`, () => expect(minutesOf(text)).toBe(minutes))

test('what is written is read back', () => {
  for (const minutes of [0, 59, 600, 1_439, 1_440]) expect(minutesOf(minuteOfDay(minutes))).toBe(minutes)
})
