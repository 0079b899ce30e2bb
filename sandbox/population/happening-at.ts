import type { Happening } from '../happening.ts'
import { chance, humanTimeMs } from './chance.ts'
import { ANSWERS_BY_HOUR, personAt } from './person.ts'
import type { Person } from './person.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Beijing time: all population hours are counted from here, a region's people living somewhat later. */
const BEIJING_MS = 8 * HOUR_MS

/** Moods last: somebody who is on the phone still is a minute later, and is not half an hour later. */
const POWER_SLOT_MS = 4 * HOUR_MS
const REACH_SLOT_MS = 30 * MINUTE_MS
const BUSY_SLOT_MS = 10 * MINUTE_MS
const CALL_SLOT_MS = MINUTE_MS

const POWERED_OFF = 0.03
const POWERED_OFF_AT_NIGHT = 0.14
const OUT_OF_REACH = 0.025
const BUSY = 0.055
const NETWORK_FAULT = 0.003
/** Of those who would have answered a number that is not flagged: 20 % become 7 %, as sellers report (asks.md 6). */
const PUSHED_AWAY = 0.65
const NETWORK_GIVES_UP_MS = 55_000

/** Chances of different questions must not follow each other, so each has its own salt. */
const SALT = { power: 11, reach: 12, busy: 13, fault: 14, answer: 15, reject: 16, ring: 17, talk: 18, postDial: 19, nuisance: 20 } as const

/**
 * What a call to this number at this instant meets: a function of number, instant and seed alone, so the carrier keeps
 * no state and a test can foretell each call. Over a working day about a third connect and 4–5 % are invalid (population.test.ts).
 *
 * @param number E.164. @param instant unix ms, what counts as now at the callee. @param isFlagged their telephones show the caller
 * as a nuisance (骚扰电话): two of three who would have answered push it away.
 */
export function happeningAt(number: string, instant: number, seed: number, isFlagged = false): Happening {
  const person = personAt(number, seed)
  const draw = (salt: number, slotMs: number): number => chance(number, seed, salt, Math.floor(instant / slotMs))
  const postDialMs = humanTimeMs(draw(SALT.postDial, CALL_SLOT_MS), 1_400, 0.4, [400, 6_000])
  if (person.number !== 'in-use') return { kind: person.number, postDialMs }
  if (draw(SALT.fault, CALL_SLOT_MS) < NETWORK_FAULT) return { kind: 'network-fault', postDialMs }

  const hour = hourOf(person, instant)
  if (draw(SALT.power, POWER_SLOT_MS) < (hour < 7 ? POWERED_OFF_AT_NIGHT : POWERED_OFF)) return { kind: 'powered-off', postDialMs }
  if (draw(SALT.reach, REACH_SLOT_MS) < OUT_OF_REACH * person.region.outOfReach) return { kind: 'out-of-reach', postDialMs }
  if (draw(SALT.busy, BUSY_SLOT_MS) < BUSY) return { kind: 'busy', postDialMs }

  const ring = draw(SALT.ring, CALL_SLOT_MS)
  if (draw(SALT.answer, CALL_SLOT_MS) < willingness(person, hour)) {
    if (isFlagged && draw(SALT.nuisance, CALL_SLOT_MS) < PUSHED_AWAY) return { kind: 'rejects', postDialMs, ringMs: humanTimeMs(ring, 3_500, 0.4, [2_300, 12_000]) }
    const ringMs = humanTimeMs(ring, person.pickUpMs, 0.45, [1_500, 28_000])
    const talkMs = humanTimeMs(draw(SALT.talk, CALL_SLOT_MS), person.talkMs, 0.8, [1_000, 600_000])
    return { kind: 'answers', postDialMs, ringMs, talkMs }
  }
  // Nobody sees who calls and pushes it away in less than two seconds.
  if (draw(SALT.reject, CALL_SLOT_MS) < person.rejects) return { kind: 'rejects', postDialMs, ringMs: humanTimeMs(ring, 5_500, 0.4, [2_300, 20_000]) }
  return { kind: 'rings-out', postDialMs, ringMs: NETWORK_GIVES_UP_MS }
}

/** Hour of the person's own day, 0 up to 24, with its fraction. */
function hourOf(person: Person, instant: number): number {
  const local = instant + BEIJING_MS - person.region.laterHours * HOUR_MS
  return (local / HOUR_MS) % 24
}

function willingness(person: Person, hour: number): number {
  const byHour = ANSWERS_BY_HOUR[person.routine]
  const whole = Math.floor(hour)
  const here = byHour[whole] as number
  const next = byHour[(whole + 1) % 24] as number
  const smooth = here + (next - here) * (hour - whole)
  return Math.min(0.95, smooth * person.openness * person.region.answers)
}
