import { expect, test } from 'vitest'
import { numberDigits } from '@loopline/routing/caller-ids/region'
import type { LineId } from '@loopline/vocabulary/ids'
import { CallerIdBoard } from '../caller-id/caller-id-board.ts'
import type { CallerIdRow } from '../caller-id/caller-id.sql.ts'
import type { LiveLine } from '../line/line-board.ts'
import { ourNumber } from './our-number.ts'

const line = (lineId: string, sandbox = false): LiveLine => ({ row: { lineId: lineId as LineId, sandbox } }) as unknown as LiveLine
const lines = [line('a'), line('b'), line('c', true)]
const number = (text: string, lineId: string, state: CallerIdRow['state'] = 'active'): CallerIdRow => ({
  callerId: text, version: 1, number: text, digits: numberDigits(text), lineIds: [lineId as LineId], groupId: 'g', province: null, area: null, proof: 'contract', state, reason: null, stateBy: null,
  stateAt: new Date(0), untilAt: null, quotaHour: null, quotaDay: null, channels: null, releasedAt: null, note: '', health: null, judgedTo: null, callsSince: 0, updatedAt: new Date(0),
})
const board = new CallerIdBoard({ now: () => 0, monotonic: () => 0 })
board.update([
  number('+86 20 1234 5678', 'a'), number('13800000001', 'a', 'resting'), number('+862087654321', 'b', 'retired'), number('+14155550100', 'b', 'held'), number('+8675500000000', 'c'),
], { groups: [], slots: [], sandboxLines: new Set() })

test.each([
  ['+862012345678', '+86 20 1234 5678'], ['02012345678', '+86 20 1234 5678'], ['0086-20-12345678', '+86 20 1234 5678'], ['862012345678', '+86 20 1234 5678'],
  ['+8613800000001', '13800000001'], ['013800000001', '13800000001'],
  ['02087654321', '+862087654321'], ['0014155550100', '+14155550100'], // delivered on another line of ours
])('%s is our %s', (dialled, known) => {
  expect(ourNumber(lines, board, 'a' as LineId, dialled)).toBe(known)
})

test.each(['+8675500000000', '4155550100', '+12012345678', '95555', ''])('%s is not ours on this line', (dialled) => {
  expect(ourNumber(lines, board, 'a' as LineId, dialled)).toBeNull()
})
