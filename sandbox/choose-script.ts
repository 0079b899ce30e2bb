import { isE164 } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import { delayed, scaled, script } from './call-script.ts'
import type { CallScript } from './call-script.ts'
import { scriptOf } from './carrier-profile.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import { happeningAt } from './population/happening-at.ts'
import type { CarrierSettings } from './settings.ts'
import { testScriptOf } from './test-numbers.ts'

const OVERLOADED = script([{ atMs: 0, status: 503 }])
const ROUTE_LOST = script([{ atMs: 5, status: 404 }])
const FALSE_ANSWER = script([{ atMs: 200, status: 180 }, { atMs: 700, status: 200 }], { hangUpAfterMs: 1_000 })
const NOT_A_NUMBER = script([{ atMs: 0, status: 484 }])

export interface Situation {
  readonly settings: Readonly<CarrierSettings>
  readonly misbehaviour: Readonly<Misbehaviour>
  readonly seed: number
  /** Unix ms, what counts as now at the callee. */
  readonly calleeNow: number
  /** 0 up to 1, for the share of 503. */
  readonly random: () => number
  /** Whether telephones show the caller as a nuisance. */
  readonly isFlagged: boolean
}

/** What the carrier will do with a call: its own trouble first, then a test number's fixed part, then a person's life. */
export function chooseScript(number: E164 | null, now: Situation): CallScript {
  if (now.misbehaviour.answer404) return ROUTE_LOST
  if (now.misbehaviour.answer503Percent > 0 && now.random() * 100 < now.misbehaviour.answer503Percent) return OVERLOADED
  if (number === null || !isE164(number)) return NOT_A_NUMBER
  if (now.misbehaviour.falseAnswers) return FALSE_ANSWER
  return delayed(lifeOf(number, now), now.misbehaviour.postDialMs)
}

function lifeOf(number: E164, now: Situation): CallScript {
  const fixed = testScriptOf(number)
  if (fixed !== null) return fixed
  return scaled(scriptOf(happeningAt(number, now.calleeNow, now.seed, now.isFlagged), now.settings.profile), now.settings.timeScale)
}
