import { expect, test } from 'vitest'
import type { LineId } from '@loopline/vocabulary/ids'
import type { LiveLine } from '../line/line-board.ts'
import { ourNumber } from './our-number.ts'

const line = (lineId: string, callerIds: string[], sandbox = false): LiveLine => ({ row: { lineId: lineId as LineId, callerIds, sandbox } }) as unknown as LiveLine
const lines = [line('a', ['+86 20 1234 5678', '13800000001']), line('b', ['+862087654321', '+14155550100']), line('c', ['+8675500000000'], true)]

test.each([
  ['+862012345678', '+86 20 1234 5678'], ['02012345678', '+86 20 1234 5678'], ['0086-20-12345678', '+86 20 1234 5678'], ['862012345678', '+86 20 1234 5678'],
  ['+8613800000001', '13800000001'], ['013800000001', '13800000001'],
  ['02087654321', '+862087654321'], ['0014155550100', '+14155550100'], // delivered on another line of ours
])('%s is our %s', (dialled, known) => {
  expect(ourNumber(lines, 'a' as LineId, dialled)).toBe(known)
})

test.each(['+8675500000000', '4155550100', '+12012345678', '95555', ''])('%s is not ours on this line', (dialled) => {
  expect(ourNumber(lines, 'a' as LineId, dialled)).toBeNull()
})
