import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALL_DAY } from './calling-hours.ts'
import type { DialFacts } from './facts.ts'
import { CHINA_DEFAULT, DEFAULT_PACKS } from './default-packs.ts'
import type { LawPack } from './law-pack.ts'
import { DIAL_RULES, explain, mayDial } from './may-dial.ts'
import type { BlockReason } from './reasons.ts'
import { packsFor, strictest } from './strictest.ts'
import { ZoneClock } from './zone-clock.ts'

const zones = new ZoneClock()
const context = { pack: CHINA_DEFAULT, zones }
/** 10:12 in Shanghai. */
const MORNING = Date.parse('2026-11-22T02:12:00Z')
const EVENING = Date.parse('2026-11-22T13:30:00Z')
const TOMORROW_8 = Date.parse('2026-11-23T00:00:00Z')
const CALLABLE: Required<DialFacts> = {
  deleted: false, neverCall: false, status: 'following', marketingConsent: 'granted', followUpPausedUntil: null,
  timeZone: 'Asia/Shanghai', sandbox: true, usablePhones: 1, lineSandbox: true,
  origin: { kind: 'campaign', running: true, hours: ALL_DAY }, attemptsToday: 2, attemptOpen: false, recentAttempts: [], abandonedAt: null, onStopList: false, registeredPhones: 0, registryCopies: {}, linePermits: true,
}

describe('one fact against the call', () => {
  const cases: { name: string; but: DialFacts; at?: number; reason: BlockReason; retryAt: number | null }[] = [
    { name: 'deleted', but: { deleted: true }, reason: 'deleted', retryAt: null },
    { name: 'never call', but: { neverCall: true }, reason: 'never-call', retryAt: null },
    { name: 'no working number', but: { status: 'invalid' }, reason: 'status-invalid', retryAt: null },
    { name: 'lost', but: { status: 'lost' }, reason: 'status-lost', retryAt: null },
    { name: 'invalid is not dialled by hand either', but: { status: 'invalid', origin: { kind: 'manual' } }, reason: 'status-invalid', retryAt: null },
    { name: 'every phone invalid', but: { usablePhones: 0 }, reason: 'no-usable-phone', retryAt: null },
    { name: 'consent never asked', but: { marketingConsent: 'unknown' }, reason: 'consent-unknown', retryAt: null },
    { name: 'consent refused', but: { marketingConsent: 'refused' }, reason: 'consent-refused', retryAt: null },
    { name: 'real person on a sandbox line', but: { sandbox: false }, reason: 'sandbox-mismatch', retryAt: null },
    { name: 'synthetic person on a real line', but: { lineSandbox: false }, reason: 'sandbox-mismatch', retryAt: null },
    { name: 'campaign paused', but: { origin: { kind: 'campaign', running: false, hours: ALL_DAY } }, reason: 'campaign-not-running', retryAt: null },
    { name: 'already in a call', but: { attemptOpen: true }, reason: 'attempt-open', retryAt: null },
    { name: 'paused for an hour', but: { followUpPausedUntil: MORNING + 3_600_000 }, reason: 'follow-up-paused', retryAt: MORNING + 3_600_000 },
    { name: 'paused into the night', but: { followUpPausedUntil: EVENING }, reason: 'follow-up-paused', retryAt: TOMORROW_8 },
    { name: 'zone not known', but: { timeZone: null }, reason: 'time-zone-unknown', retryAt: null },
    { name: 'zone that does not exist', but: { timeZone: 'Mars/Olympus' }, reason: 'time-zone-unknown', retryAt: null },
    { name: 'after nine in the evening', but: {}, at: EVENING, reason: 'outside-hours', retryAt: TOMORROW_8 },
    { name: 'the last minute is over', but: {}, at: Date.parse('2026-11-22T13:00:00Z'), reason: 'outside-hours', retryAt: TOMORROW_8 },
    {
      name: 'outside the campaign’s own hours', reason: 'outside-hours', retryAt: Date.parse('2026-11-22T06:00:00Z'),
      but: { origin: { kind: 'campaign', running: true, hours: [{ fromMinute: 14 * 60, toMinute: 18 * 60 }] } },
    },
    {
      name: 'a campaign cannot widen the law', at: EVENING, reason: 'outside-hours', retryAt: TOMORROW_8,
      but: { origin: { kind: 'campaign', running: true, hours: [{ fromMinute: 0, toMinute: 23 * 60 }] } },
    },
    { name: 'on the company’s own list', but: { onStopList: true }, reason: 'do-not-call', retryAt: null },
    { name: 'every number in the registry', but: { registeredPhones: 1 }, reason: 'on-registry', retryAt: null },
    { name: 'a line that may not', but: { linePermits: false }, reason: 'line-not-permitted', retryAt: null },
    {
      name: 'five calls in 24 h, two of them today', reason: 'attempts-in-window', retryAt: MORNING + 3_600_000,
      but: { recentAttempts: [1, 2, 20, 22, 23].map((hours) => MORNING - hours * 3_600_000) },
    },
    { name: 'three calls in five minutes', but: { recentAttempts: [1, 2, 4].map((minutes) => MORNING - minutes * 60_000) }, reason: 'attempts-in-window', retryAt: MORNING + 60_000 },
    { name: 'three attempts today', but: { attemptsToday: 3 }, reason: 'attempts-per-day', retryAt: TOMORROW_8 },
  ]
  for (const c of cases) {
    test(c.name, () => {
      expect(mayDial({ ...CALLABLE, ...c.but }, c.at ?? MORNING, context)).toEqual({ allowed: false, reason: c.reason, retryAt: c.retryAt })
    })
  }
})

describe('law of other places', () => {
  const at = (iso: string): number => Date.parse(iso)
  const lawOf = (prefix: string, timeZone: string | null, packs: readonly LawPack[] = DEFAULT_PACKS) => strictest(packsFor({ prefixes: [prefix], timeZone }, packs))
  const edited = (changes: Partial<LawPack>) => [{ ...CHINA_DEFAULT, ...changes }]
  const copies = { 'us-ndnc': at('2026-11-01T00:00:00Z'), 'uk-tps': at('2026-11-01T00:00:00Z') }
  const cases: { name: string; pack: LawPack; but: DialFacts; at: number; want: ReturnType<typeof mayDial> }[] = [
    { name: 'New York at 20:30', pack: lawOf('+1212', 'America/New_York'), but: { timeZone: 'America/New_York', registryCopies: copies }, at: at('2026-11-23T01:30:00Z'), want: { allowed: true } },
    {
      name: 'Miami at 20:30', pack: lawOf('+1305', 'America/New_York'), but: { timeZone: 'America/New_York', registryCopies: copies }, at: at('2026-11-23T01:30:00Z'),
      want: { allowed: false, reason: 'outside-hours', retryAt: at('2026-11-23T13:00:00Z') },
    },
    {
      name: 'Miami, three calls in 24 h', pack: lawOf('+1305', 'America/New_York'), at: at('2026-11-23T15:00:00Z'), want: { allowed: false, reason: 'attempts-in-window', retryAt: at('2026-11-23T16:00:00Z') },
      but: { timeZone: 'America/New_York', registryCopies: copies, attemptsToday: 0, recentAttempts: [at('2026-11-22T16:00:00Z'), at('2026-11-22T17:00:00Z'), at('2026-11-22T18:00:00Z')] },
    },
    { name: 'a copy of the registry of 32 days', pack: lawOf('+1212', 'America/New_York'), but: { timeZone: 'America/New_York', registryCopies: copies }, at: at('2026-12-03T15:00:00Z'), want: { allowed: false, reason: 'registry-old', retryAt: null } },
    { name: 'no copy of the registry', pack: lawOf('+1212', 'America/New_York'), but: { timeZone: 'America/New_York' }, at: at('2026-11-23T15:00:00Z'), want: { allowed: false, reason: 'registry-missing', retryAt: null } },
    {
      name: 'a pack that only warns', pack: { ...lawOf('+1212', null), registries: [{ registry: 'us-ndnc', ageDaysMax: 31, whenOld: 'warn' }] }, but: { timeZone: 'America/New_York' },
      at: at('2026-11-23T15:00:00Z'), want: { allowed: true },
    },
    {
      name: 'London, 71 h after an abandoned call', pack: lawOf('+4420', 'Europe/London'), at: at('2026-11-23T12:00:00Z'), want: { allowed: false, reason: 'abandoned-lockout', retryAt: at('2026-11-23T13:00:00Z') },
      but: { timeZone: 'Europe/London', registryCopies: copies, abandonedAt: at('2026-11-20T13:00:00Z') },
    },
    {
      name: 'London, by hand, after an abandoned call', pack: lawOf('+4420', 'Europe/London'), at: at('2026-11-23T12:00:00Z'), want: { allowed: true },
      but: { timeZone: 'Europe/London', registryCopies: copies, abandonedAt: at('2026-11-20T13:00:00Z'), origin: { kind: 'manual' } },
    },
    {
      name: 'a Chinese number in California: the hours of the zone, the caps of both', pack: lawOf('+8613', 'America/Los_Angeles'), at: at('2026-11-23T04:30:00Z'),
      but: { timeZone: 'America/Los_Angeles', registryCopies: copies, recentAttempts: [1, 2, 3].map((minutes) => at('2026-11-23T04:30:00Z') - minutes * 60_000) },
      want: { allowed: false, reason: 'attempts-in-window', retryAt: at('2026-11-23T04:32:00Z') },
    },
    {
      name: 'a holiday, then a Sunday on which nobody calls', pack: lawOf('+8613', 'Asia/Shanghai', edited({ specialDays: [{ weekdays: [7], dates: ['2026-11-21'], hours: [] }] })), but: {}, at: at('2026-11-21T02:00:00Z'),
      want: { allowed: false, reason: 'outside-hours', retryAt: at('2026-11-23T00:00:00Z') },
    },
    {
      name: 'a short day', pack: lawOf('+8613', 'Asia/Shanghai', edited({ specialDays: [{ weekdays: [], dates: ['2026-11-22'], hours: [{ fromMinute: 600, toMinute: 720 }] }] })), but: {}, at: at('2026-11-22T05:00:00Z'),
      want: { allowed: false, reason: 'outside-hours', retryAt: at('2026-11-23T00:00:00Z') },
    },
    { name: 'no day at all', pack: lawOf('+8613', 'Asia/Shanghai', edited({ specialDays: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], dates: [], hours: [] }] })), but: {}, at: MORNING, want: { allowed: false, reason: 'outside-hours', retryAt: null } },
  ]
  for (const c of cases) test(c.name, () => expect(mayDial({ ...CALLABLE, ...c.but }, c.at, { pack: c.pack, zones })).toEqual(c.want))

  test('a place that no pack names has the strictest of all, and no registry', () => {
    expect(lawOf('+8190', 'Asia/Tokyo')).toMatchObject({ hours: [{ fromMinute: 480, toMinute: 1_200 }], abandonedLockMs: 72 * 3_600_000, announcedCounts: false, registries: [] })
  })
})

describe('allowed', () => {
  const cases: { name: string; but: DialFacts; at?: number }[] = [
    { name: 'everything in order', but: {} },
    { name: 'by hand', but: { origin: { kind: 'manual' } } },
    { name: 'a lost customer by hand', but: { status: 'lost', origin: { kind: 'manual' } } },
    { name: 'a pause that has just ended', but: { followUpPausedUntil: MORNING } },
    { name: 'the first minute of the day', but: {}, at: TOMORROW_8 },
    { name: 'a real person on a real line', but: { sandbox: false, lineSandbox: false } },
  ]
  for (const c of cases) test(c.name, () => expect(mayDial({ ...CALLABLE, ...c.but }, c.at ?? MORNING, context)).toEqual({ allowed: true }))
})

test('without a law pack nobody is called', () => {
  expect(mayDial(CALLABLE, MORNING, { pack: null, zones })).toEqual({ allowed: false, reason: 'law-pack-missing', retryAt: null })
  expect(explain(CALLABLE, MORNING, { pack: null, zones })).toHaveLength(1)
})

test('explain lists every reason, mayDial the first', () => {
  const facts: DialFacts = { ...CALLABLE, neverCall: true, marketingConsent: 'refused', attemptsToday: 9 }
  expect(explain(facts, EVENING, context).map((refusal) => refusal.reason)).toEqual(['never-call', 'consent-refused', 'outside-hours', 'attempts-per-day'])
  expect(mayDial(facts, EVENING, context)).toMatchObject({ reason: 'never-call', retryAt: null })
  expect(explain(CALLABLE, MORNING, context)).toEqual([])
})

test('no zone is asked for a callee whose campaign has no hours in common with the law', () => {
  const night: DialFacts = { ...CALLABLE, origin: { kind: 'campaign', running: true, hours: [{ fromMinute: 0, toMinute: 60 }] } }
  expect(mayDial(night, MORNING, context)).toEqual({ allowed: false, reason: 'outside-hours', retryAt: null })
})

const anyFacts: fc.Arbitrary<Required<DialFacts>> = fc.record({
  deleted: fc.boolean(), neverCall: fc.boolean(),
  status: fc.constantFrom('new', 'following', 'interested', 'won', 'lost', 'invalid'),
  marketingConsent: fc.constantFrom('unknown', 'granted', 'refused'),
  followUpPausedUntil: fc.option(fc.integer({ min: MORNING - 86_400_000, max: MORNING + 86_400_000 })),
  timeZone: fc.constantFrom('Asia/Shanghai', 'Asia/Urumqi', 'America/New_York', null, 'nowhere'),
  sandbox: fc.boolean(), lineSandbox: fc.boolean(), usablePhones: fc.nat(2),
  origin: fc.oneof(
    fc.constant({ kind: 'manual' as const }),
    fc.record({ kind: fc.constant('campaign' as const), running: fc.boolean(), hours: fc.constantFrom(ALL_DAY, [{ fromMinute: 600, toMinute: 700 }]) }),
  ),
  attemptsToday: fc.nat(4), attemptOpen: fc.boolean(),
  recentAttempts: fc.array(fc.integer({ min: MORNING - 86_400_000, max: MORNING + 86_400_000 }), { maxLength: 8 }),
  abandonedAt: fc.option(fc.integer({ min: MORNING - 4 * 86_400_000, max: MORNING })), onStopList: fc.boolean(), registeredPhones: fc.nat(2),
  registryCopies: fc.constantFrom({}, { 'us-ndnc': MORNING - 3 * 86_400_000 }, { 'us-ndnc': MORNING - 40 * 86_400_000 }), linePermits: fc.boolean(),
})
const anyInstant = fc.integer({ min: MORNING - 86_400_000, max: MORNING + 86_400_000 })
const KEYS = Object.keys(CALLABLE) as (keyof DialFacts)[]

describe('properties', () => {
  // Half of the runs start from a callable person, so that "yes" is common enough to be lost.
  const person = fc.oneof(anyFacts, fc.constant(CALLABLE))

  test('fewer facts never turn "no" into "yes" (P5)', () => {
    fc.assert(fc.property(person, anyInstant, fc.subarray(KEYS, { minLength: 1 }), (facts, instant, forgotten) => {
      const fewer: Record<string, unknown> = { ...facts }
      for (const key of forgotten) delete fewer[key]
      expect(mayDial(fewer as DialFacts, instant, context).allowed).toBe(false)
    }))
  })

  test('a campaign of which only the kind is known is not dialled', () => {
    expect(mayDial({ ...CALLABLE, origin: { kind: 'campaign', running: true } }, MORNING, context)).toMatchObject({ reason: 'facts-missing' })
    expect(mayDial({ ...CALLABLE, origin: { kind: 'campaign', hours: ALL_DAY } }, MORNING, context)).toMatchObject({ reason: 'campaign-not-running' })
  })

  test('the first of explain is mayDial, and none is allowed', () => {
    fc.assert(fc.property(person, anyInstant, (facts, instant) => {
      const verdict = mayDial(facts, instant, context)
      const reasons = explain(facts, instant, context)
      if (verdict.allowed) expect(reasons).toEqual([])
      else expect(reasons[0]?.reason).toBe(verdict.reason)
    }))
  })

  test('retryAt is kept: at that instant, with a new day’s count, the call is allowed, and not a minute before', () => {
    fc.assert(fc.property(person, anyInstant, (facts, instant) => {
      const verdict = mayDial(facts, instant, context)
      if (verdict.allowed || verdict.retryAt === null) return
      const zone = facts.timeZone as string
      const isLaterDay = (then: number): boolean => zones.localTime(zone, then)?.day !== zones.localTime(zone, instant)?.day
      const asOf = (then: number): DialFacts => (isLaterDay(then) ? { ...facts, attemptsToday: 0 } : facts)
      expect(mayDial(asOf(verdict.retryAt), verdict.retryAt, context).allowed).toBe(true)
      const before = Math.max(instant, verdict.retryAt - 60_000)
      expect(mayDial(asOf(before), before, context).allowed).toBe(false)
    }))
  })

  test('every rule can refuse and is asked once', () => {
    expect(new Set(DIAL_RULES).size).toBe(DIAL_RULES.length)
  })
})
