import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PacingLimits } from './abandonment-budget.ts'
import type { PacingDecision } from './decision.ts'
import { forecastFrom } from './forecast.ts'
import { newPacingMemory, observe, readPacingMemory } from './pacing-memory.ts'
import type { PacingMemory } from './pacing-memory.ts'
import { decide } from './predictive.ts'
import type { PredictiveSnapshot } from './predictive.ts'
import { newPredictivePacer, pace, placed } from './predictive-pacer.ts'

const limits: PacingLimits = { cap: 0.03, falseMachineShare: 0, ringMinMs: 17_000 }
const at = (but: Partial<PredictiveSnapshot>): PredictiveSnapshot => ({
  idle: 0, busy: [], waiting: 0, ringing: [], upcoming: () => undefined, startsMax: 500, callbacksInMs: [], window: { live: 1_000, abandoned: 25 }, ...but,
})
const talking = (count: number, ageMs = 60_000): PredictiveSnapshot['busy'] => Array.from({ length: count }, () => ({ state: 'talk', ageMs }))
const ringing = (count: number, ageMs = 3_000): PredictiveSnapshot['ringing'] => Array.from({ length: count }, () => ({ ageMs }))

/** Two hours of a usual list: 30 % answer after 5 to 14 s, talks of 20 to 200 s, wraps of 10 to 20 s. */
function experienced(): PacingMemory {
  const memory = newPacingMemory({ ringTimeoutMs: 25_000 })
  for (let call = 0; call < 800; call += 1) {
    if (call % 10 < 3) observe(memory, { kind: 'answered', ageMs: 5_000 + ((call * 7) % 10) * 900 })
    else observe(memory, call % 10 < 5 ? { kind: 'failed', ageMs: 800 } : { kind: 'unanswered', ageMs: 25_000 })
  }
  for (let talk = 0; talk < 240; talk += 1) {
    observe(memory, { kind: 'talk-ended', talkMs: 20_000 + ((talk * 37) % 10) * 18_000 })
    observe(memory, { kind: 'wrap-ended', wrapMs: 10_000 + ((talk * 13) % 10) * 1_000, to: 'idle' })
  }
  memory.came = 0
  memory.level.variance = 0.02
  return memory
}
function decided(memory: PacingMemory, snapshot: PredictiveSnapshot, with_: PacingLimits = limits): PacingDecision {
  return decide(memory, forecastFrom(memory, snapshot.busy, 2_000), snapshot, with_)
}

describe('how many', () => {
  const memory = experienced()
  test('nobody at work: nothing, and what rings is given up', () => {
    expect(decided(memory, at({ ringing: [...ringing(1, 18_000), ...ringing(3)] }))).toEqual({ place: 0, reason: { kind: 'no-agents' }, calls: [], giveUp: [0] })
    expect(decided(memory, at({ busy: [{ state: 'paused', ageMs: 1_000 }] })).reason.kind).toBe('no-agents')
  })

  test('at least one call for each idle agent, more than that when the answer rate allows', () => {
    const { place } = decided(memory, at({ idle: 4 }))
    expect(place).toBeGreaterThan(4)
    expect(place).toBeLessThan(20)
  })

  test('fewer when calls ring already, when answers wait, and when the rate is high', () => {
    const alone = decided(memory, at({ idle: 4 })).place
    expect(decided(memory, at({ idle: 4, ringing: ringing(4) })).place).toBeLessThan(alone)
    expect(decided(memory, at({ idle: 4, waiting: 2 })).place).toBeLessThan(alone)
    expect(decided(memory, at({ idle: 4, upcoming: () => 0.8 })).place).toBeLessThan(alone)
  })

  test('ahead of agents who are about to get free, not of those who have just begun', () => {
    const soon = decided(memory, at({ busy: Array.from({ length: 6 }, () => ({ state: 'wrap', ageMs: 14_000 })) })).place
    expect(soon).toBeGreaterThan(0)
    expect(decided(memory, at({ busy: talking(2, 1_000) })).place).toBe(0)
  })

  test('with the budget spent, one for each idle agent', () => {
    const decision = decided(memory, at({ idle: 4, busy: talking(6), window: { live: 1_000, abandoned: 80 } }))
    expect(decision.place).toBeGreaterThanOrEqual(4)
    expect(decision.place).toBeLessThanOrEqual(5)
    expect(decision.reason).toMatchObject({ kind: 'budget-spent', budget: { abandoned: 80, live: 1_000, cap: 0.03 } })
  })

  test('with a budget of nothing at all, exactly one for each idle agent', () => {
    const decision = decided(memory, at({ idle: 4, busy: talking(60) }), { cap: 0.01, falseMachineShare: 0.01, ringMinMs: 17_000 })
    expect(decision.place).toBe(4)
    expect(decision.calls.every(({ risk }) => risk === 0)).toBe(true)
  })

  test('a promised callback keeps an agent; one that is due in an hour does not', () => {
    expect(decided(memory, at({ idle: 1 })).place).toBeGreaterThan(0)
    expect(decided(memory, at({ idle: 1, callbacksInMs: [1_000] }))).toMatchObject({ place: 0, reason: { kind: 'kept-for-callbacks', promised: 1 } })
    expect(decided(memory, at({ idle: 4, callbacksInMs: [3_600_000] })).place).toBe(decided(memory, at({ idle: 4 })).place)
  })

  test('starts carefully: fewer from cold than with experience', () => {
    const cold = decided(newPacingMemory({ ringTimeoutMs: 25_000 }), at({ idle: 20, window: { live: 0, abandoned: 0 } })).place
    expect(cold).toBeGreaterThanOrEqual(20)
    expect(cold).toBeLessThan(decided(memory, at({ idle: 20 })).place)
  })

  test('what has rung the lawful minimum is given up when nobody would be free, and only then', () => {
    const late = [...ringing(2, 18_000), ...ringing(2, 5_000)]
    expect(decided(memory, at({ busy: talking(3, 1_000), ringing: late })).giveUp).toEqual([0, 1])
    expect(decided(memory, at({ idle: 4, busy: talking(3, 1_000), ringing: late })).giveUp).toEqual([])
  })

  test('while every call fails at once it only probes', () => {
    const down = experienced()
    for (let call = 0; call < 100; call += 1) observe(down, { kind: 'failed', ageMs: 300 })
    expect(decided(down, at({ idle: 4 }))).toMatchObject({ place: 4, reason: { kind: 'lines-failing' } })
    expect(decided(down, at({ idle: 4, ringing: ringing(4) })).place).toBe(0)
    for (let call = 0; call < 5; call += 1) observe(down, { kind: 'answered', ageMs: 9_000 })
    expect(decided(down, at({ idle: 4 })).place).toBeGreaterThan(4)
  })
})

describe('whatever the state', () => {
  const memory = experienced()
  const count = fc.integer({ min: 0, max: 30 })
  const age = fc.integer({ min: 0, max: 400_000 })
  const state = fc.record({
    idle: count, waiting: fc.integer({ min: 0, max: 4 }), startsMax: fc.integer({ min: -3, max: 60 }),
    busy: fc.array(fc.record({ state: fc.constantFrom('talk' as const, 'wrap' as const, 'paused' as const), ageMs: age }), { maxLength: 40 }),
    ringing: fc.array(fc.record({ ageMs: fc.integer({ min: 0, max: 60_000 }), probability: fc.option(fc.double({ min: 0.01, max: 0.95, noNaN: true }), { nil: undefined }) }), { maxLength: 60 }),
    callbacksInMs: fc.array(fc.integer({ min: -10_000, max: 100_000 }), { maxLength: 3 }),
    window: fc.record({ live: fc.integer({ min: 0, max: 20_000 }), abandoned: fc.integer({ min: 0, max: 300 }) }),
  }).map((fields) => at(fields))

  test('no calls without agents, none above the limit of lines, each within the bound it names', () => {
    fc.assert(fc.property(state, (now) => {
      const { place, reason, calls } = decided(memory, now)
      expect(place).toBe(calls.length)
      expect(place).toBeLessThanOrEqual(Math.max(0, now.startsMax))
      if (now.idle === 0 && now.busy.every((agent) => agent.state === 'paused')) expect(place).toBe(0)
      if (reason.kind === 'nobody-free-in-time') for (const { risk } of calls) expect(risk).toBeLessThanOrEqual(reason.riskMax)
    }), { numRuns: 200 })
  })

  test('a higher cap never places fewer', () => {
    fc.assert(fc.property(state, fc.double({ min: 0.002, max: 0.05, noNaN: true }), (now, cap) => {
      expect(decided(memory, now, { cap: cap * 1.5, falseMachineShare: 0, ringMinMs: 17_000 }).place).toBeGreaterThanOrEqual(decided(memory, now, { cap, falseMachineShare: 0, ringMinMs: 17_000 }).place)
    }), { numRuns: 150 })
  })

  test('deciding changes nothing and twice gives the same', () => {
    fc.assert(fc.property(state, (now) => {
      const before = JSON.stringify(memory)
      const first = decided(memory, now)
      expect(decided(memory, now)).toEqual(first)
      expect(JSON.stringify(memory)).toBe(before)
    }), { numRuns: 50 })
  })
})

test('what was learnt survives a restart as JSON', () => {
  const pacer = newPredictivePacer(experienced(), 2_000)
  const tick = (now: number): PredictiveSnapshot => at({ idle: 2, busy: talking(6, now % 90_000), ringing: ringing(5, now % 20_000) })
  for (let now = 0; now < 20_000; now += 500) placed(pacer, pace(pacer, tick(now), limits, now), 1, tick(now), limits)
  const again = newPredictivePacer(readPacingMemory(JSON.parse(JSON.stringify(pacer.memory))) ?? newPacingMemory({ ringTimeoutMs: 25_000 }), 2_000)
  pacer.forecast = null
  again.tickedAt = pacer.tickedAt
  for (let now = 20_000; now < 24_000; now += 500) expect(pace(again, tick(now), limits, now)).toEqual(pace(pacer, tick(now), limits, now))
})

test('a memory of another form is not read', () => {
  for (const stored of [null, 'text', {}, { version: 99 }]) expect(readPacingMemory(stored)).toBeNull()
})
