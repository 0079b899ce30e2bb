import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { createPacer } from './benchmark-pacer.ts'
import type { BenchmarkState } from './benchmark-pacer.ts'

const options = { abandonCap: 0.03, ringTimeoutMs: 25_000, minRingMs: 15_000, connectWindowMs: 2_000, callsPerSecond: 4, amdFalsePositiveRate: 0 }
const stateOf = (idle: number, ...startedAt: number[]): BenchmarkState => ({
  agents: Array.from({ length: idle }, () => ({ state: 'idle', since: 0 })), counts: { idle }, waiting: [], trunks: { limit: 30, inUse: startedAt.length },
  dialing: new Map(startedAt.map((at, id) => [id, { id, startedAt: at }])),
})

test('answers with a number of calls, within calls per second', () => {
  const pacer = createPacer(options)
  pacer.onEvent({ type: 'agentState', at: 0, agentId: 0, state: 'idle', prev: 'off' })
  expect(pacer.decide(stateOf(20), 0)).toBe(4)
  expect(pacer.decide(stateOf(20), 500)).toBe(2)
})

test('with nobody there it cancels what has rung long enough', () => {
  expect(createPacer(options).decide(stateOf(0, 0, 15_000), 20_000)).toEqual({ launch: 0, cancel: [0] })
})

test('plain Node imports the adapter from another folder', () => {
  const adapter = new URL('pacer-adapter.mjs', import.meta.url).href
  const program = 'const { name, createPacer } = await import(process.argv[1]); console.log(name, typeof createPacer(JSON.parse(process.argv[2])).decide)'
  expect(execFileSync(process.execPath, ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', program, adapter, JSON.stringify(options)], { cwd: tmpdir(), encoding: 'utf8' })).toBe('loopline function\n')
})
