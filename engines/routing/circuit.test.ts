import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { circuitAt, closedCircuit, failedOver, isOpenTo, openCircuit, passed, probed, shareAt, unprobed } from './circuit.ts'
import type { Circuit } from './circuit.ts'

const fail = (circuit: Circuit, times: number, now = 0): Circuit => Array.from({ length: times }).reduce<Circuit>((one) => failedOver(one, '503', now), circuit)
const pass = (circuit: Circuit, times: number, now = 0): Circuit => Array.from({ length: times }).reduce<Circuit>((one) => passed(one, now), circuit)

describe('opens', () => {
  const cases: { name: string; after: (circuit: Circuit) => Circuit; want: Circuit['state'] }[] = [
    { name: 'not at the fourth failure in a row', after: (one) => fail(one, 4), want: 'closed' },
    { name: 'at the fifth', after: (one) => fail(one, 5), want: 'open' },
    { name: 'not when good calls come between', after: (one) => fail(pass(fail(one, 4), 1), 4), want: 'closed' },
    { name: 'when half of the latest twenty fail', after: (one) => Array.from({ length: 10 }).reduce<Circuit>((each) => fail(pass(each, 1), 1), one), want: 'open' },
    { name: 'again at the first failed try', after: (one) => fail(circuitAt(fail(one, 5), 5_000), 1, 5_000), want: 'open' },
  ]
  for (const { name, after, want } of cases) test(name, () => expect(after(closedCircuit()).state).toBe(want))
})

test('tries with two calls at a time, closes after three good ones, and gets its share back within a minute', () => {
  let circuit = fail(closedCircuit(), 5)
  expect(isOpenTo(circuitAt(circuit, 4_999))).toBe(false)
  circuit = circuitAt(circuit, 5_000)
  expect(isOpenTo(circuit)).toBe(true)
  circuit = probed(probed(circuit))
  expect(isOpenTo(circuit)).toBe(false)
  expect(isOpenTo(unprobed(circuit))).toBe(true)
  circuit = pass(circuit, 3, 6_000)
  expect(circuit.state).toBe('closed')
  expect([6_000, 36_000, 66_000].map((now) => shareAt(circuit, now))).toEqual([0.1, 0.55, 1])
  expect(circuitAt(circuit, 66_000)).toMatchObject({ state: 'closed', closedAt: null, reason: null, restMs: 5_000 })
})

test('rests twice as long each time it fails again, up to five minutes', () => {
  let circuit = fail(closedCircuit(), 5)
  const rests: number[] = []
  for (let now = 0; rests.length < 8;) {
    rests.push(circuit.openUntil - now)
    now = circuit.openUntil
    circuit = fail(circuitAt(circuit, now), 1, now)
  }
  expect(rests).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
})

test('a line that has only just come back is left at the second failure', () => {
  const back = pass(circuitAt(fail(closedCircuit(), 5), 5_000), 3, 5_000)
  expect(fail(pass(back, 1), 1, 6_000).state).toBe('closed')
  expect(fail(pass(back, 1), 2, 6_000).state).toBe('open')
})

test('whatever happens, nothing goes over an open one, and never more than two try a half-open one', () => {
  const events = fc.array(fc.constantFrom('call', 'passed', 'failed', 'over', 'opened', 'later'), { maxLength: 200 })
  fc.assert(fc.property(events, (all) => {
    let circuit = closedCircuit()
    let now = 0
    let trying = 0
    for (const event of all) {
      circuit = circuitAt(circuit, now)
      if (circuit.state !== 'half-open') trying = 0
      if (event === 'call' && isOpenTo(circuit)) {
        expect(circuit.state).not.toBe('open')
        if (circuit.state === 'half-open') trying += 1
        expect(trying).toBeLessThanOrEqual(2)
        circuit = probed(circuit)
      }
      if (event === 'over') { circuit = unprobed(circuit); trying = Math.max(0, trying - 1) }
      if (event === 'passed') circuit = passed(circuit, now)
      if (event === 'failed') circuit = failedOver(circuit, 'x', now)
      if (event === 'opened') { circuit = openCircuit(circuit, 'y', now); trying = 0 }
      if (event === 'later') now += 7_000
      expect(shareAt(circuit, now)).toBeGreaterThanOrEqual(0.1)
      expect(shareAt(circuit, now)).toBeLessThanOrEqual(1)
    }
  }))
})
