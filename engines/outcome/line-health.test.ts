import { describe, expect, test } from 'vitest'
import { outcomeOf } from './outcome-of.ts'
import { LINE_WINDOW, lineVerdict } from './line-health.ts'
import type { LineResult } from './line-health.ts'
import type { Sighting } from './evidence.ts'
import type { OutcomeReason } from './reasons.ts'

let next = 0
const results = (count: number, ...reasons: OutcomeReason[]): LineResult[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${(next += 1)}`, reason: reasons[index % reasons.length] as OutcomeReason }))

describe('the verdict on a line', () => {
  const cases: { name: string; window: LineResult[]; want: 'proven' | 'unproven' | 'tripped' }[] = [
    { name: 'nothing seen yet', window: [], want: 'unproven' },
    { name: 'one answer proves it', window: results(1, 'answered'), want: 'proven' },
    { name: 'a first 404 proves nothing', window: results(1, 'number-may-be-invalid'), want: 'unproven' },
    { name: 'ten denials from the start', window: results(10, 'number-may-be-invalid'), want: 'tripped' },
    { name: 'ten failures of mixed kinds', window: results(10, 'carrier-overloaded', 'no-response', 'carrier-error'), want: 'tripped' },
    { name: 'nine are not enough', window: results(9, 'number-may-be-invalid'), want: 'unproven' },
    { name: 'an ordinary list, one in four invalid', window: results(80, 'answered', 'unallocated-number', 'callee-busy', 'ring-time-out'), want: 'proven' },
    { name: 'a bad list, bad from the start, is no jump', window: results(90, 'unallocated-number', 'answered'), want: 'proven' },
    { name: 'a good line that turns bad for half', window: [...results(60, 'answered', 'callee-busy'), ...results(20, 'carrier-overloaded', 'answered')], want: 'tripped' },
    { name: 'our own stops say nothing', window: results(40, 'we-cancelled'), want: 'unproven' },
    { name: 'people who are away say nothing', window: results(40, 'temporarily-unavailable'), want: 'unproven' },
    { name: 'recovered', window: [...results(10, 'carrier-overloaded'), ...results(20, 'answered')], want: 'proven' },
  ]
  for (const c of cases) test(c.name, () => expect(lineVerdict(c.window).state).toBe(c.want))
})

test('what a tripped line said is held, what it reached stays', () => {
  const good = results(30, 'answered', 'callee-busy')
  const bad = results(10, 'number-may-be-invalid')
  const verdict = lineVerdict([...good, ...bad])
  expect(verdict).toEqual({ state: 'tripped', suspectShare: 0.5, held: bad.map((result) => result.id) })
})

test('a line that answers 404 to everything, day after day, marks not a single customer invalid', () => {
  const sightings = new Map<number, Sighting[]>()
  let window: LineResult[] = results(50, 'answered')
  const invalid = new Set<number>()
  for (const day of ['2026-11-20', '2026-11-21', '2026-11-22']) {
    const noted = new Map<string, number>()
    for (let customer = 0; customer < 200; customer += 1) {
      const verdict = outcomeOf(
        { sipStatus: 404, q850: null, earlyMedia: false, announcement: null, endedBy: 'carrier' },
        { startedAt: 0, ringingAt: null, answeredAt: null, endedAt: 20 },
        { lineId: 'broken', day, line: lineVerdict(window).state, priorInvalidEvidence: sightings.get(customer) ?? [] },
      )
      const id = `${day}/${customer}`
      if (verdict.outcome === 'invalid-number') invalid.add(customer)
      if (verdict.sighting) { sightings.set(customer, [{ lineId: 'broken', day }]); noted.set(id, customer) }
      window = [...window, { id, reason: verdict.reason }].slice(-LINE_WINDOW)
      for (const held of lineVerdict(window).held) sightings.delete(noted.get(held) ?? -1)
    }
  }
  expect([...invalid]).toEqual([])
  expect(sightings.size).toBe(0)
})
