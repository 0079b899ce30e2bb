import { expect, test } from 'vitest'
import { createPacer, name } from './pacer-adapter.mjs'

const options = { abandonCap: 0.03, tickMs: 500, ringTimeoutMs: 25_000, minRingMs: 15_000, connectWindowMs: 2_000, trunks: 30, callsPerSecond: 4, amdFalsePositiveRate: 0, seed: 1 }
const dialing = (...startedAt: number[]): Map<number, { id: number; startedAt: number }> => new Map(startedAt.map((at, id) => [id, { id, startedAt: at }]))
const state = (idle: number, calls = dialing()): object => ({
  agents: Array.from({ length: idle }, (_, id) => ({ id, state: 'idle', since: 0 })), counts: { idle, talk: 0, wrap: 0, paused: 0, off: 0 },
  dialing: calls, waiting: [], trunks: { limit: 30, inUse: calls.size }, callsPerSecond: 4, totals: { dials: 0, live: 0, abandoned: 0 },
})

test('speaks the interface of the benchmark: a number, within calls per second and trunks', () => {
  const pacer = createPacer(options)
  expect(name).toBe('loopline')
  pacer.onEvent({ type: 'agentState', at: 0, agentId: 0, state: 'idle', prev: 'off' })
  expect(pacer.decide(state(20), 0)).toBe(4)
  expect(pacer.decide(state(20), 500)).toBe(2)
})

test('with nobody there it cancels what has rung long enough', () => {
  expect(createPacer(options).decide(state(0, dialing(0, 15_000)), 20_000)).toEqual({ launch: 0, cancel: [0] })
})
