import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_PACKS } from './default-packs.ts'
import type { DialFacts } from './facts.ts'
import { ATTEMPTS_REMEMBERED_MAX } from './law-pack.ts'
import type { LawPack } from './law-pack.ts'
import { mayDial } from './may-dial.ts'
import { packsFor, strictest } from './strictest.ts'
import { ZoneClock } from './zone-clock.ts'

/** Everything that can happen to one person, over a week of virtual time. */
type Event =
  | { kind: 'wait'; minutes: number }
  | { kind: 'try'; by: 'campaign' | 'manual'; answered: 'talked' | 'abandoned' | 'nobody' }
  | { kind: 'refuse' } | { kind: 'agree' } | { kind: 'list' } | { kind: 'unlist' } | { kind: 'never' } | { kind: 'ends' }

interface Call { at: number; by: 'campaign' | 'manual'; refused: boolean; abandoned: boolean }

const PLACES = [
  { prefix: '+8613', zone: 'Asia/Shanghai' }, { prefix: '+1305', zone: 'America/New_York' }, { prefix: '+1212', zone: 'America/New_York' },
  { prefix: '+4420', zone: 'Europe/London' }, { prefix: '+4930', zone: 'Europe/Berlin' }, { prefix: '+8613', zone: 'America/Los_Angeles' }, { prefix: '+8190', zone: 'Asia/Tokyo' },
]
const zones = new ZoneClock()
const START = Date.parse('2026-03-26T00:00:00Z') // a week with Europe's change to summer time
const COPY = Date.parse('2026-03-10T00:00:00Z')
const HOLIDAYS: LawPack['specialDays'] = [{ weekdays: [7], dates: [], hours: [] }, { weekdays: [], dates: ['2026-03-27'], hours: [{ fromMinute: 600, toMinute: 720 }] }]

/** What a dialer does: keeps what it counts, asks the gate before each call, and calls when it may. */
function live(events: readonly Event[], place: (typeof PLACES)[number], packs: readonly LawPack[]): Call[] {
  const pack = strictest(packsFor({ prefixes: [place.prefix], timeZone: place.zone }, packs))
  const calls: Call[] = []
  let now = START
  let day = ''
  let dayCount = 0
  let recent: number[] = []
  let state = { consent: 'granted' as 'granted' | 'refused', listed: false, never: false, open: false, abandonedAt: null as number | null }
  for (const event of events) {
    switch (event.kind) {
      case 'wait': now += event.minutes * 60_000; break
      case 'refuse': state = { ...state, consent: 'refused' }; break
      case 'agree': state = { ...state, consent: 'granted' }; break
      case 'list': state = { ...state, listed: true }; break
      case 'unlist': state = { ...state, listed: false }; break
      case 'never': state = { ...state, never: true }; break
      case 'ends': state = { ...state, open: false }; break
      case 'try': {
        const today = zones.localTime(place.zone, now)?.day ?? ''
        const facts: DialFacts = {
          deleted: false, neverCall: state.never, status: 'new', marketingConsent: state.consent, followUpPausedUntil: null, timeZone: place.zone, sandbox: false, lineSandbox: false,
          usablePhones: 1, registeredPhones: 0, onStopList: state.listed, linePermits: true, registryCopies: { 'us-ndnc': COPY, 'uk-tps': COPY },
          origin: event.by === 'manual' ? { kind: 'manual' } : { kind: 'campaign', running: true, hours: [{ fromMinute: 0, toMinute: 1_440 }] },
          attemptsToday: today === day ? dayCount : 0, attemptOpen: state.open, recentAttempts: recent, abandonedAt: state.abandonedAt,
        }
        if (!mayDial(facts, now, { pack, zones }).allowed) break
        calls.push({ at: now, by: event.by, refused: state.never || state.listed || state.consent === 'refused' || state.open, abandoned: event.answered === 'abandoned' })
        dayCount = today === day ? dayCount + 1 : 1
        day = today
        recent = [now, ...recent].slice(0, ATTEMPTS_REMEMBERED_MAX)
        state = { ...state, open: event.answered === 'talked', abandonedAt: event.answered === 'abandoned' ? now : state.abandonedAt }
        break
      }
    }
  }
  return calls
}

/** The same rules told once more, from nothing but the list of calls: no code of the gate is used. */
function oracle(calls: readonly Call[], place: (typeof PLACES)[number], events: readonly Event[], packs: readonly LawPack[]): void {
  const holding = packs.filter(({ places }) => places.prefixes.some((prefix) => place.prefix.startsWith(prefix)) || places.zones.includes(place.zone))
  for (const pack of holding.length > 0 ? holding : packs) {
    const wall = calls.map(({ at }) => new Date(at).toLocaleString('sv-SE', { timeZone: place.zone })) // "2026-03-26 08:00:00"
    for (const [index, time] of wall.entries()) {
      const minute = Number(time.slice(11, 13)) * 60 + Number(time.slice(14, 16))
      const weekday = new Date(`${time.slice(0, 10)}T00:00:00Z`).getUTCDay() || 7
      expect(pack.hours.some(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute)).toBe(true)
      for (const { weekdays, dates, hours } of pack.specialDays) {
        if (weekdays.includes(weekday) || dates.includes(time.slice(0, 10))) expect(hours.some(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute)).toBe(true)
      }
      expect(calls[index]?.refused).toBe(false)
    }
    for (const { windowMs, max } of pack.caps) {
      for (let index = max; index < calls.length; index += 1) expect((calls[index] as Call).at - (calls[index - max] as Call).at).toBeGreaterThanOrEqual(windowMs)
    }
    for (const day of new Set(wall.map((time) => time.slice(0, 10)))) expect(wall.filter((time) => time.startsWith(day)).length).toBeLessThanOrEqual(pack.attemptsPerDayMax)
  }
  expect(calls.length).toBeLessThanOrEqual(events.filter(({ kind }) => kind === 'try').length)
}

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('try' as const), by: fc.constantFrom('campaign' as const, 'manual' as const), answered: fc.constantFrom('talked' as const, 'abandoned' as const, 'nobody' as const, 'nobody' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.oneof(fc.nat(6), fc.nat(90), fc.nat(900)) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'ends' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'refuse' as const }, { kind: 'agree' as const }, { kind: 'list' as const }, { kind: 'unlist' as const }) },
)
const events = fc.array(fc.oneof({ weight: 60, arbitrary: anyEvent }, { weight: 1, arbitrary: fc.constant<Event>({ kind: 'never' }) }), { minLength: 20, maxLength: 120 })
const ofPacks = fc.constantFrom(DEFAULT_PACKS, DEFAULT_PACKS.map((pack) => ({ ...pack, attemptsPerDayMax: 20, caps: [...pack.caps, { windowMs: 3_600_000, max: 2 }], specialDays: HOLIDAYS })))

test('no sequence of events lets a person be called over a cap, outside hours, on a closed day or after a refusal', () => {
  let made = 0
  fc.assert(fc.property(events, fc.constantFrom(...PLACES), ofPacks, (happens, place, packs) => {
    const calls = live(happens, place, packs)
    made += calls.length
    oracle(calls, place, happens, packs)
  }), { numRuns: 400 })
  expect(made).toBeGreaterThan(400) // a gate that allows nothing proves nothing
})

test('after an abandoned call no campaign calls within the lock, while a seller may', () => {
  const [uk] = DEFAULT_PACKS.filter(({ id }) => id === 'uk-voluntary') as [LawPack]
  const london = PLACES[3] as (typeof PLACES)[number]
  fc.assert(fc.property(fc.array(anyEvent, { minLength: 20, maxLength: 80 }), (happens) => {
    const calls = live(happens, london, [uk])
    for (const [index, call] of calls.entries()) {
      if (call.by === 'manual') continue
      for (const before of calls.slice(0, index)) if (before.abandoned) expect(call.at - before.at).toBeGreaterThanOrEqual(72 * 3_600_000)
    }
  }), { numRuns: 200 })
})
