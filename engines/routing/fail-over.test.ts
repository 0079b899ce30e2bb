import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayFailOver } from './fail-over.ts'
import type { LegEnd } from './fail-over.ts'

const end = (but: Partial<LegEnd> = {}): LegEnd => ({ sipStatus: null, q850: null, earlyMedia: false, rang: false, answered: false, endedBy: 'carrier', ...but })

describe('another line takes over', () => {
  const cases: { name: string; end: Partial<LegEnd>; want: boolean }[] = [
    { name: '503 before anything rang', end: { sipStatus: 503 }, want: true },
    { name: '500', end: { sipStatus: 500 }, want: true },
    { name: 'nothing came at all', end: { endedBy: 'timeout' }, want: true },
    { name: 'the datagram could not be sent', end: {}, want: true },
    { name: '408 by the carrier', end: { sipStatus: 408 }, want: true },
    { name: '403 by the carrier', end: { sipStatus: 403 }, want: true },
    { name: '403 with cause 21, by the network', end: { sipStatus: 403, q850: 21 }, want: true },
    { name: '488', end: { sipStatus: 488 }, want: true },
    { name: '407 again after our answer', end: { sipStatus: 407 }, want: true },
    { name: '404 for want of a route', end: { sipStatus: 404, q850: 3 }, want: true },
    { name: '480 with congestion', end: { sipStatus: 480, q850: 42 }, want: true },
    { name: '503 after ringing', end: { sipStatus: 503, rang: true }, want: false },
    { name: '503 after an announcement', end: { sipStatus: 503, earlyMedia: true }, want: false },
    { name: '503 that says the person is busy', end: { sipStatus: 503, q850: 17 }, want: false },
    { name: '500 for an unallocated number', end: { sipStatus: 500, q850: 1 }, want: false },
    { name: '404', end: { sipStatus: 404 }, want: false },
    { name: '480', end: { sipStatus: 480 }, want: false },
    { name: '484', end: { sipStatus: 484 }, want: false },
    { name: '486', end: { sipStatus: 486, endedBy: 'callee' }, want: false },
    { name: '487 after our ring time', end: { sipStatus: 487, endedBy: 'timeout' }, want: false },
    { name: '302', end: { sipStatus: 302 }, want: false },
    { name: '603', end: { sipStatus: 603, endedBy: 'callee' }, want: false },
    { name: '608', end: { sipStatus: 608 }, want: false },
    { name: 'we cancelled', end: { endedBy: 'us' }, want: false },
    { name: 'voice was stopped', end: { endedBy: 'shutdown' }, want: false },
    { name: 'a crash hid it', end: { endedBy: 'crash' }, want: false },
    { name: 'it was answered', end: { sipStatus: 200, answered: true }, want: false },
  ]
  for (const { name, end: but, want } of cases) test(`${want ? 'after' : 'never after'}: ${name}`, () => expect(mayFailOver(end(but))).toBe(want))
})

test('whatever else was seen, never when a phone may have rung or somebody answered', () => {
  const anything = fc.record({
    sipStatus: fc.option(fc.integer({ min: 300, max: 699 })), q850: fc.option(fc.integer({ min: 0, max: 127 })), earlyMedia: fc.boolean(), rang: fc.boolean(), answered: fc.boolean(),
    endedBy: fc.constantFrom<LegEnd['endedBy']>('callee', 'us', 'shutdown', 'timeout', 'crash', 'carrier'),
  })
  fc.assert(fc.property(anything, (seen) => {
    if (!mayFailOver(seen)) return
    expect(seen).toMatchObject({ rang: false, answered: false, earlyMedia: false })
    expect(['carrier', 'timeout']).toContain(seen.endedBy)
    expect([404, 480, 484, 486].includes(seen.sipStatus ?? 0) && !seen.q850).toBe(false)
    if (seen.sipStatus !== null && seen.sipStatus >= 600) expect(seen.q850 ?? 0).toBeGreaterThan(1)
  }))
})
