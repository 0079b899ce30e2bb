import { ALL_DAY } from '@loopline/gate/calling-hours'
import { CHINA_DEFAULT } from '@loopline/gate/default-packs'
import { ZoneClock } from '@loopline/gate/zone-clock'
import type { Decision } from '@loopline/rules/decide'
import type { RuleAction } from '@loopline/vocabulary/rule-actions'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { CampaignSettings } from '@loopline/contracts/campaign'
import { describe, expect, test } from 'vitest'
import { nextStep, planOf } from './next-step.ts'

const MINUTE = 60_000
/** Ten in the morning in Shanghai. */
const TEN = Date.UTC(2026, 10, 22, 2)
const gate = { pack: CHINA_DEFAULT, zones: new ZoneClock() }
const plan = planOf(CampaignSettings.parse({ name: 'x', audience: null }).retry)
const said = (...actions: RuleAction[]): Decision => ({ actions, trace: [], recheckAt: null, stoppedBy: null, chain: [] })

describe('what follows a call', () => {
  const cases: { name: string; outcome: Outcome; tries?: number; uncounted?: number; rules?: Decision[]; retry?: Partial<Record<Outcome, number>>; want: { dueAt: number | null; counted: boolean } }[] = [
    { name: 'connected is done', outcome: 'connected', want: { dueAt: null, counted: true } },
    { name: 'busy in ten minutes', outcome: 'busy', want: { dueAt: TEN + 10 * MINUTE, counted: true } },
    { name: 'an outcome that the plan does not name is done', outcome: 'suspended', want: { dueAt: null, counted: true } },
    { name: 'the third of three is done', outcome: 'busy', tries: 2, want: { dueAt: null, counted: true } },
    { name: 'a cancelled call is made again though the plan does not name it', outcome: 'cancelled', want: { dueAt: TEN + 10 * MINUTE, counted: false } },
    { name: 'a failed line uses up nothing and waits longer each time', outcome: 'line-failed', tries: 2, uncounted: 2, want: { dueAt: TEN + 4 * MINUTE, counted: false } },
    { name: 'a campaign without a pause waits a minute after a failed line', outcome: 'line-failed', retry: { 'line-failed': 0 }, want: { dueAt: TEN + MINUTE, counted: false } },
    { name: 'the tenth failure in a row uses up a try', outcome: 'line-failed', uncounted: 9, retry: { 'line-failed': 0 }, want: { dueAt: TEN + 60 * MINUTE, counted: true } },
    { name: 'and ends the entry when it was the last', outcome: 'line-failed', tries: 2, uncounted: 9, want: { dueAt: null, counted: true } },
    { name: 'a rule allows more', outcome: 'busy', tries: 2, rules: [said({ kind: 'set-max-attempts', count: 5 })], want: { dueAt: TEN + 10 * MINUTE, counted: true } },
    { name: 'the first rule wins', outcome: 'busy', tries: 1, rules: [said({ kind: 'set-max-attempts', count: 2 }), said({ kind: 'set-max-attempts', count: 5 })], want: { dueAt: null, counted: true } },
    { name: 'a rule moves it', outcome: 'busy', rules: [said({ kind: 'retry-after', minutes: 45 })], want: { dueAt: TEN + 45 * MINUTE, counted: true } },
    // No answer at ten, due at noon: noon is another part of the day; with three tries in the morning, midday as well.
    { name: 'another part of the day', outcome: 'busy', rules: [said({ kind: 'other-hour' })], want: { dueAt: TEN + 90 * MINUTE, counted: true } },
  ]
  for (const c of cases) {
    test(c.name, () => {
      const call = { outcome: c.outcome, endedAt: TEN, tries: c.tries ?? 0, uncountedTries: c.uncounted ?? 0, triedAt: [], timeZone: 'Asia/Shanghai' }
      const its = c.retry ? planOf(CampaignSettings.parse({ name: 'x', audience: null, retry: { maxAttempts: 3, afterMinutes: c.retry } }).retry) : plan
      expect(nextStep(call, its, c.rules ?? [], ALL_DAY, gate, 0)).toEqual(c.want)
    })
  }
})
