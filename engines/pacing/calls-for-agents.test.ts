import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callsForAgents } from './calls-for-agents.ts'
import type { AgentsAndCalls, FixedPacing } from './calls-for-agents.ts'

const at = (but: Partial<AgentsAndCalls>): AgentsAndCalls => ({ idle: 0, waiting: 0, ringing: 0, present: 10, startsMax: 100, ...but })

describe('calls for idle agents', () => {
  const cases: { name: string; pacing: FixedPacing; now: Partial<AgentsAndCalls>; place: number; kind: string }[] = [
    { name: 'progressive: one for each', pacing: { mode: 'progressive' }, now: { idle: 3, ringing: 1 }, place: 2, kind: 'one-per-idle-agent' },
    { name: 'preview: one card for each', pacing: { mode: 'preview' }, now: { idle: 3 }, place: 3, kind: 'one-per-idle-agent' },
    { name: 'ratio: so many for each', pacing: { mode: 'ratio', ratio: 2.5 }, now: { idle: 2, ringing: 1 }, place: 4, kind: 'ratio' },
    { name: 'a ratio below one is one', pacing: { mode: 'ratio', ratio: 0.2 }, now: { idle: 2 }, place: 2, kind: 'ratio' },
    { name: 'who waits has an agent already', pacing: { mode: 'progressive' }, now: { idle: 2, waiting: 1 }, place: 1, kind: 'one-per-idle-agent' },
    { name: 'nobody idle', pacing: { mode: 'ratio', ratio: 4 }, now: {}, place: 0, kind: 'ratio' },
    { name: 'no agents at all', pacing: { mode: 'ratio', ratio: 4 }, now: { present: 0 }, place: 0, kind: 'no-agents' },
    { name: 'lines full', pacing: { mode: 'ratio', ratio: 4 }, now: { idle: 5, startsMax: 3 }, place: 3, kind: 'lines-full' },
  ]
  for (const c of cases) {
    test(c.name, () => {
      const decision = callsForAgents(c.pacing, at(c.now))
      expect({ place: decision.place, kind: decision.reason.kind }).toEqual({ place: c.place, kind: c.kind })
    })
  }

  test('never above what lines allow, never below zero', () => {
    const count = fc.integer({ min: 0, max: 50 })
    fc.assert(fc.property(count, count, count, count, fc.integer({ min: -5, max: 30 }), fc.double({ min: 0, max: 9, noNaN: true }), (idle, waiting, ringing, present, startsMax, ratio) => {
      const { place } = callsForAgents({ mode: 'ratio', ratio }, { idle, waiting, ringing, present, startsMax })
      expect(place).toBeGreaterThanOrEqual(0)
      expect(place).toBeLessThanOrEqual(Math.max(0, startsMax))
      if (present === 0) expect(place).toBe(0)
    }))
  })
})
