import { expect, test } from 'vitest'
import type { CarrierCall } from '../chaos/carrier-log.ts'
import type { AttemptRow } from '../chaos/judge.ts'
import { judgeContacts } from '../chaos/judge-contacts.ts'

const call = (id: string, at: number): CarrierCall => ({ callId: `${id}@loopline`, attemptId: id, number: 'x', invitedAt: at, finalStatus: 200, endedAt: at + 10 })
const attempt = (id: string, outcome: string): AttemptRow => ({ id, customerId: 'c', outcome, timelineItems: 1, epoch: 'e' })

test('what the line failed is no contact, but is never two calls at once either', () => {
  const three = [call('a', 0), call('b', 100), call('c', 200)]
  expect(judgeContacts(three, [attempt('a', 'line-failed'), attempt('b', 'connected'), attempt('c', 'busy')], 2).doubleDials).toBe(0)
  expect(judgeContacts(three, [attempt('a', 'busy'), attempt('b', 'connected'), attempt('c', 'busy')], 2).doubleDials).toBe(1)
  const atOnce = [call('a', 0), call('b', 5)]
  expect(judgeContacts(atOnce, [attempt('a', 'line-failed'), attempt('b', 'line-failed')], 2).doubleDials).toBe(1)
})
