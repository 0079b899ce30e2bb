import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Evidence, LineContext, Timing } from './evidence.ts'
import { outcomeOf, rowFor } from './outcome-of.ts'
import { OUTCOME_TABLE } from './outcome-table.ts'
import { OUTCOME_REASONS } from './reasons.ts'
import type { OutcomeReason } from './reasons.ts'

const NOTHING: Evidence = { sipStatus: null, q850: null, earlyMedia: false, announcement: null, endedBy: 'carrier' }
const PROVEN: LineContext = { lineId: 'line-a', day: '2026-11-22', line: 'proven', priorInvalidEvidence: [] }

/** `rang`: seconds of ringing before the end, absent when it never rang. The call started 1 s before that. */
const timing = (rang?: number, answered = false): Timing => {
  const endedAt = 100_000
  const ringingAt = rang === undefined ? null : endedAt - rang * 1000
  return { startedAt: (ringingAt ?? endedAt) - 1000, ringingAt, answeredAt: answered ? endedAt - 500 : null, endedAt }
}

describe('what the wire showed, and what it means', () => {
  const cases: { name: string; saw: Partial<Evidence>; rang?: number; answered?: boolean; want: Outcome; because: OutcomeReason }[] = [
    { name: '200, talk, BYE', saw: { sipStatus: 200, endedBy: 'callee' }, rang: 6, answered: true, want: 'connected', because: 'answered' },
    { name: '200 that crossed our CANCEL', saw: { sipStatus: 200, endedBy: 'us' }, answered: true, want: 'connected', because: 'answered' },
    { name: 'answered, then our process died', saw: { sipStatus: 200, endedBy: 'crash' }, answered: true, want: 'connected', because: 'answered-then-crash' },
    { name: 'ringing, then our process died', saw: { endedBy: 'crash' }, rang: 3, want: 'unknown', because: 'crash-hid-the-end' },
    { name: '200 in clear where the line requires SRTP', saw: { sipStatus: 200, endedBy: 'us', mediaFailure: 'not-encrypted' }, rang: 6, answered: true, want: 'line-failed', because: 'encryption-refused' },
    { name: '488 to an offer that must be encrypted', saw: { sipStatus: 488, mediaFailure: 'not-encrypted' }, want: 'line-failed', because: 'encryption-refused' },
    { name: '200 without a codec of ours', saw: { sipStatus: 200, endedBy: 'us', mediaFailure: 'no-common-audio' }, answered: true, want: 'line-failed', because: 'media-refused' },
    { name: '488', saw: { sipStatus: 488 }, want: 'line-failed', because: 'media-refused' },
    { name: '486 at once', saw: { sipStatus: 486 }, want: 'busy', because: 'callee-busy' },
    { name: '486 after 1.9 s of ringing', saw: { sipStatus: 486 }, rang: 1.9, want: 'busy', because: 'callee-busy' },
    { name: '486 after 2 s of ringing', saw: { sipStatus: 486 }, rang: 2, want: 'rejected', because: 'rejected-after-ringing' },
    { name: '600 after 5 s of ringing', saw: { sipStatus: 600 }, rang: 5, want: 'rejected', because: 'rejected-after-ringing' },
    { name: '486 after ringing, but Q.850 says busy', saw: { sipStatus: 486, q850: 17 }, rang: 5, want: 'busy', because: 'callee-busy' },
    { name: '603', saw: { sipStatus: 603 }, want: 'rejected', because: 'callee-declined' },
    { name: '607 unwanted', saw: { sipStatus: 607 }, want: 'rejected', because: 'callee-declined' },
    { name: '608 from an analytics engine', saw: { sipStatus: 608 }, want: 'line-failed', because: 'caller-id-blocked' },
    { name: '487 after our ring time-out', saw: { sipStatus: 487, endedBy: 'timeout' }, rang: 30, want: 'no-answer', because: 'ring-time-out' },
    { name: '487 after our ring time-out, early media only', saw: { sipStatus: 487, endedBy: 'timeout', earlyMedia: true }, want: 'no-answer', because: 'ring-time-out' },
    { name: '487 after our ring time-out, nothing ever rang', saw: { sipStatus: 487, endedBy: 'timeout' }, want: 'unreachable', because: 'no-reaction-from-callee' },
    { name: '487 because our process was stopped', saw: { sipStatus: 487, endedBy: 'shutdown' }, rang: 4, want: 'cancelled', because: 'voice-stopped' },
    { name: 'our process was stopped and no final came', saw: { endedBy: 'shutdown' }, rang: 4, want: 'cancelled', because: 'voice-stopped' },
    { name: '487 after our stop', saw: { sipStatus: 487, endedBy: 'us' }, rang: 4, want: 'cancelled', because: 'we-cancelled' },
    { name: '487 that nobody asked for', saw: { sipStatus: 487 }, want: 'unreachable', because: 'carrier-cancelled' },
    { name: 'stopped before any answer', saw: { endedBy: 'us' }, want: 'cancelled', because: 'we-cancelled' },
    { name: 'ring time-out, its 487 lost', saw: { endedBy: 'timeout' }, rang: 30, want: 'no-answer', because: 'ring-time-out' },
    { name: 'Timer B', saw: { endedBy: 'timeout' }, want: 'line-failed', because: 'no-response' },
    { name: '480 after ringing', saw: { sipStatus: 480 }, rang: 40, want: 'no-answer', because: 'rang-without-answer' },
    { name: '408 after ringing', saw: { sipStatus: 408 }, rang: 40, want: 'no-answer', because: 'rang-without-answer' },
    { name: '408 without ringing', saw: { sipStatus: 408 }, want: 'unreachable', because: 'no-reaction-from-callee' },
    { name: 'bare 480', saw: { sipStatus: 480 }, want: 'unreachable', because: 'temporarily-unavailable' },
    { name: '183 announcement nobody understood, then 480', saw: { sipStatus: 480, earlyMedia: true }, want: 'unreachable', because: 'temporarily-unavailable' },
    { name: '关机 recognised, then 480', saw: { sipStatus: 480, earlyMedia: true, announcement: 'powered-off' }, want: 'powered-off', because: 'announced-powered-off' },
    { name: '停机 recognised, then 480', saw: { sipStatus: 480, earlyMedia: true, announcement: 'suspended' }, want: 'suspended', because: 'announced-suspended' },
    { name: '空号 recognised, then 480', saw: { sipStatus: 480, earlyMedia: true, announcement: 'invalid-number' }, want: 'invalid-number', because: 'announced-invalid-number' },
    { name: '无法接通 recognised', saw: { sipStatus: 480, earlyMedia: true, announcement: 'unreachable' }, want: 'unreachable', because: 'announced-unreachable' },
    { name: '通话中 recognised', saw: { sipStatus: 480, earlyMedia: true, announcement: 'busy' }, want: 'busy', because: 'announced-busy' },
    { name: '404 with cause 1', saw: { sipStatus: 404, q850: 1 }, want: 'invalid-number', because: 'unallocated-number' },
    { name: '404 with cause 3', saw: { sipStatus: 404, q850: 3 }, want: 'line-failed', because: 'no-route' },
    { name: '404 alone', saw: { sipStatus: 404 }, want: 'unreachable', because: 'number-may-be-invalid' },
    { name: '604 alone', saw: { sipStatus: 604 }, want: 'unreachable', because: 'number-may-be-invalid' },
    { name: '480 with cause 20', saw: { sipStatus: 480, q850: 20 }, want: 'unreachable', because: 'subscriber-absent' },
    { name: '480 with cause 19', saw: { sipStatus: 480, q850: 19 }, want: 'no-answer', because: 'no-answer-by-cause' },
    { name: '408 with cause 18, silent phone', saw: { sipStatus: 408, q850: 18 }, want: 'unreachable', because: 'no-reaction-from-callee' },
    { name: '480 with cause 16 says no more than the 480', saw: { sipStatus: 480, q850: 16 }, rang: 30, want: 'no-answer', because: 'rang-without-answer' },
    { name: '403 with cause 21 before ringing', saw: { sipStatus: 403, q850: 21 }, want: 'line-failed', because: 'carrier-refused' },
    { name: '480 with cause 21 after ringing', saw: { sipStatus: 480, q850: 21 }, rang: 5, want: 'rejected', because: 'rejected-by-cause' },
    { name: '410', saw: { sipStatus: 410 }, want: 'unreachable', because: 'number-changed' },
    { name: '484', saw: { sipStatus: 484 }, want: 'unreachable', because: 'number-incomplete' },
    { name: '502 with cause 27', saw: { sipStatus: 502, q850: 27 }, want: 'unreachable', because: 'destination-out-of-order' },
    { name: '503 with cause 34', saw: { sipStatus: 503, q850: 34 }, want: 'line-failed', because: 'network-cause' },
    { name: '503', saw: { sipStatus: 503 }, want: 'line-failed', because: 'carrier-overloaded' },
    { name: '500', saw: { sipStatus: 500 }, want: 'line-failed', because: 'carrier-error' },
    { name: '407 refused twice', saw: { sipStatus: 407 }, want: 'line-failed', because: 'credentials-refused' },
    { name: '403', saw: { sipStatus: 403 }, want: 'line-failed', because: 'carrier-refused' },
    { name: '488', saw: { sipStatus: 488 }, want: 'line-failed', because: 'media-refused' },
    { name: '302', saw: { sipStatus: 302 }, want: 'line-failed', because: 'redirected' },
  ]
  for (const c of cases) {
    test(`${c.name}: ${c.want}`, () => {
      const verdict = outcomeOf({ ...NOTHING, ...c.saw }, timing(c.rang, c.answered), PROVEN)
      expect(verdict).toMatchObject({ outcome: c.want, reason: c.because, conclusive: c.because !== 'number-may-be-invalid' })
    })
  }
})

describe('whom an answered person heard', () => {
  const answered = timing(6, true)
  const cases: { name: string; talk?: Timing['talk']; endedBy?: Evidence['endedBy']; want: Outcome }[] = [
    { name: 'an agent', talk: { agentId: 'a', fallbackAt: null }, want: 'connected' },
    { name: 'an agent, after the fallback had begun', talk: { agentId: 'a', fallbackAt: 99_600 }, want: 'connected' },
    { name: 'nobody in time', talk: { agentId: null, fallbackAt: 99_600 }, want: 'abandoned' },
    { name: 'nobody in time, and then our process died', talk: { agentId: null, fallbackAt: 99_600 }, endedBy: 'crash', want: 'abandoned' },
    { name: 'nobody yet, and hung up before the two seconds were over', talk: { agentId: null, fallbackAt: null }, want: 'connected' },
    { name: 'nobody, as it was meant (no agents in this campaign)', want: 'connected' },
  ]
  test.each(cases)('$name: $want', ({ talk, endedBy = 'callee', want }) => {
    expect(outcomeOf({ ...NOTHING, sipStatus: 200, endedBy }, { ...answered, ...(talk && { talk }) }, PROVEN).outcome).toBe(want)
  })

  test('a call that nobody answered is never abandoned', () => {
    expect(outcomeOf({ ...NOTHING, sipStatus: 486 }, { ...timing(), talk: { agentId: null, fallbackAt: null } }, PROVEN).outcome).toBe('busy')
  })
})

describe('how much a 404 weighs', () => {
  const notFound: Evidence = { ...NOTHING, sipStatus: 404 }
  const seen = (lineId: string, day: string): LineContext['priorInvalidEvidence'] => [{ lineId, day }]
  const cases: { name: string; context: Partial<LineContext>; want: Outcome; conclusive: boolean; sighting: boolean }[] = [
    { name: 'the first is kept, not believed', context: {}, want: 'unreachable', conclusive: false, sighting: true },
    { name: 'same line, same day is no second witness', context: { priorInvalidEvidence: seen('line-a', '2026-11-22') }, want: 'unreachable', conclusive: false, sighting: true },
    { name: 'another line is', context: { priorInvalidEvidence: seen('line-b', '2026-11-22') }, want: 'invalid-number', conclusive: true, sighting: true },
    { name: 'another day is', context: { priorInvalidEvidence: seen('line-a', '2026-11-20') }, want: 'invalid-number', conclusive: true, sighting: true },
    { name: 'an unproven line confirms nothing', context: { line: 'unproven', priorInvalidEvidence: seen('line-b', '2026-11-20') }, want: 'unreachable', conclusive: false, sighting: false },
    { name: 'a tripped line says nothing', context: { line: 'tripped', priorInvalidEvidence: seen('line-b', '2026-11-20') }, want: 'line-failed', conclusive: true, sighting: false },
  ]
  for (const c of cases) {
    test(c.name, () => {
      const verdict = outcomeOf(notFound, timing(), { ...PROVEN, ...c.context })
      expect(verdict).toMatchObject({ outcome: c.want, conclusive: c.conclusive, sighting: c.sighting })
    })
  }

  test('not even cause 1 counts on a tripped line', () => {
    const verdict = outcomeOf({ ...notFound, q850: 1 }, timing(), { ...PROVEN, line: 'tripped' })
    expect(verdict).toMatchObject({ outcome: 'line-failed', reason: 'line-suspect' })
  })
})

describe('properties over any evidence', () => {
  const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
    sipStatus: fc.option(fc.integer({ min: 200, max: 699 })), q850: fc.option(fc.integer({ min: 1, max: 127 })), earlyMedia: fc.boolean(),
    announcement: fc.constant(null), endedBy: fc.constantFrom('callee', 'us', 'shutdown', 'timeout', 'crash', 'carrier'),
  })
  const anyTiming = fc.record({ rang: fc.option(fc.nat(60), { nil: undefined }) }).map(({ rang }) => timing(rang))

  test('always one known outcome and reason', () => {
    fc.assert(fc.property(anyEvidence, anyTiming, (evidence, times) => {
      const verdict = outcomeOf(evidence, times, PROVEN)
      expect(OUTCOMES).toContain(verdict.outcome)
      expect(OUTCOME_REASONS).toContain(verdict.reason)
    }))
  })

  test('without announcement or cause nothing is suspended, powered off or invalid', () => {
    fc.assert(fc.property(anyEvidence, anyTiming, (evidence, times) => {
      const { outcome } = outcomeOf({ ...evidence, q850: null }, times, PROVEN)
      expect(['suspended', 'powered-off', 'invalid-number']).not.toContain(outcome)
    }))
  })

  test('unknown only where a crash hid the end', () => {
    fc.assert(fc.property(anyEvidence, anyTiming, (evidence, times) => {
      if (outcomeOf(evidence, times, PROVEN).outcome === 'unknown') expect(evidence.endedBy).toBe('crash')
    }))
  })
})

test('each row names its source, and every reason but the weighed ones stands in the table', () => {
  const inTable = new Set(OUTCOME_TABLE.map((row) => row.reason))
  expect(OUTCOME_TABLE.every((row) => row.source.length > 5)).toBe(true)
  expect(OUTCOME_REASONS.filter((reason) => !inTable.has(reason))).toEqual(['number-not-found-twice', 'line-suspect'])
  expect(rowFor({ ...NOTHING, sipStatus: 486 }, timing()).source).toContain('21.4.24')
})
