/** Run: `node engines/gate/may-dial.bench.ts`. Prints µs per verdict, one JSON line. */
import { ALL_DAY } from './calling-hours.ts'
import type { DialFacts } from './facts.ts'
import { CHINA_DEFAULT } from './default-packs.ts'
import { mayDial } from './may-dial.ts'
import { ZoneClock } from './zone-clock.ts'

const context = { pack: CHINA_DEFAULT, zones: new ZoneClock() }
const MORNING_BEFORE = Date.parse('2026-11-21T02:12:00Z')
const facts: DialFacts = {
  deleted: false, neverCall: false, status: 'new', marketingConsent: 'granted', followUpPausedUntil: null,
  timeZone: 'Asia/Shanghai', sandbox: false, usablePhones: 1, lineSandbox: false,
  origin: { kind: 'campaign', running: true, hours: ALL_DAY }, attemptsToday: 0, attemptOpen: false,
  recentAttempts: [MORNING_BEFORE], abandonedAt: null, onStopList: false, registeredPhones: 0, registryCopies: {}, linePermits: true,
}

function microseconds(from: number, count: number): number {
  const started = performance.now()
  for (let index = 0; index < count; index += 1) mayDial(facts, from + index * 10, context)
  return ((performance.now() - started) * 1_000) / count
}

const MORNING = Date.parse('2026-11-22T02:12:00Z')
const NIGHT = Date.parse('2026-11-22T18:12:00Z')
microseconds(MORNING, 100_000) // warm up
console.log(JSON.stringify({ allowedMicroseconds: microseconds(MORNING, 500_000), refusedMicroseconds: microseconds(NIGHT, 500_000) }))
