import { expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { virtualClock } from '@loopline/clock/clock'
import type { AgentSession } from '@loopline/agent-state/session'
import { signedOff } from '@loopline/agent-state/session'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import { newAgent } from '../agent/agent-row.ts'
import type { AgentRow } from '../agent/agent-row.ts'
import { Slots } from '../owner/slots.ts'
import { bucketNow, isCountedHere, workOf } from './paced-agents.ts'

const START = 1_790_000_000_000
const agent = (session: Partial<AgentSession>, lastCall?: AttemptId): AgentRow =>
  ({ ...newAgent(newId<UserId>(), '王芳', null, START), session: { ...signedOff(START), state: 'ready', leg: 'up', ...session }, ...(lastCall && { lastCall }) })

function twoProcesses(): [Slots, Slots] {
  const slots: [Slots, Slots] = [new Slots(), new Slots()]
  for (let partition = 0; partition < 64; partition += 1) slots[partition % 3 === 0 ? 0 : 1].gain([{ partition, token: 1 }])
  return slots
}

test('each agent is counted by one process, whatever he does and however long he waits; between two turns by none', () => {
  const clock = virtualClock(START)
  const processes = twoProcesses().map((slots) => ({ slots, clock }))
  const crew = Array.from({ length: 300 }, (_, index) => agent({ state: (['ready', 'talking', 'wrap-up', 'paused'] as const)[index % 4] ?? 'ready' }, index % 5 === 0 ? undefined : newId<AttemptId>()))
  const counted = [0, 0]
  for (let second = 0; second < 200; second += 1) {
    for (const row of crew) {
      const by = processes.map((one) => isCountedHere(one, row))
      const isBetween = row.session.state === 'ready' && second >= 60 && second % 60 === 0
      expect(by.filter(Boolean)).toHaveLength(isBetween ? 0 : 1)
      by.forEach((isCounted, index) => { if (isCounted) counted[index] = (counted[index] ?? 0) + 1 })
    }
    clock.advance(1_000)
  }
  const share = (counted[0] ?? 0) / ((counted[0] ?? 0) + (counted[1] ?? 1))
  expect(share).toBeGreaterThan(0.2) // a third of the slots is its
  expect(share).toBeLessThan(0.5)
})

test('the choice holds from a call to the end of the idle time after it, and the next call draws anew', () => {
  const call = newId<AttemptId>()
  const during = (['reserved', 'talking', 'wrap-up', 'ready'] as const).map((state) => bucketNow(agent({ state }, call), START + 59_000))
  expect(new Set(during).size).toBe(1)
  const others = Array.from({ length: 50 }, () => bucketNow(agent({}, newId<AttemptId>()), START))
  expect(new Set(others).size).toBeGreaterThan(20)
})

test('who waits long passes through all slots', () => {
  const row = agent({})
  expect(new Set(Array.from({ length: 64 }, (_, turn) => (bucketNow(row, START + turn * 60_000 + 5_000) ?? -1) % 64)).size).toBe(64)
})

test('alone, a process counts everybody all the time', () => {
  const slots = new Slots()
  slots.gain(Array.from({ length: 64 }, (_, partition) => ({ partition, token: 1 })))
  const clock = virtualClock(START)
  const row = agent({})
  for (let second = 0; second < 130; second += 1, clock.advance(1_000)) expect(isCountedHere({ slots, clock }, row)).toBe(true)
})

test('what keeps an agent, in the words of the engine', () => {
  const now = START + 10_000
  const work = (session: Partial<AgentSession>, isTaken = false): unknown => workOf(agent(session), now, isTaken)
  expect(work({})).toBe('idle')
  expect(work({}, true)).toEqual({ state: 'talk', ageMs: 0 })
  expect(work({ leg: 'down' })).toEqual({ state: 'paused', ageMs: 10_000 })
  expect(work({ state: 'paused' })).toEqual({ state: 'paused', ageMs: 10_000 })
  expect(work({ state: 'wrap-up' })).toEqual({ state: 'wrap', ageMs: 10_000 })
  expect(work({ state: 'ringing', call: { attemptId: 'a', phase: 'ringing', connectedAt: null } })).toEqual({ state: 'talk', ageMs: 0 })
  expect(work({ state: 'on-hold', call: { attemptId: 'a', phase: 'on-hold', connectedAt: START + 3_000 } })).toEqual({ state: 'talk', ageMs: 7_000 })
})
