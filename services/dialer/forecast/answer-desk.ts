import { answerProbability, learnAnswer, newAnswerForecast } from '@loopline/forecast/answer-forecast'
import type { Callee, Moment } from '@loopline/forecast/answer-forecast'
import { ANSWER_VERSION, restoreAnswerForecast, saveAnswerForecast } from '@loopline/forecast/answer-state'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Database } from '@loopline/postgres/queryable'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { readEndedCalls, readState, saveState } from './forecast.sql.ts'

/** What a forecast of an answer looks at. `lineId`: null where the line is not chosen yet. */
export interface AskedCall {
  readonly customerId: string
  readonly campaignId: string | null
  readonly lineId: string | null
  readonly level: string | null
  readonly region: string | null
  readonly timeZone: string | null
}

const KEY = 'answer'
const PAGE = 5_000
const DAY_MS = 86_400_000
/** Days are counted from 2020-01-01. */
const FIRST_DAY = 18_262
/** What is older teaches nothing: people change. */
const LEARN_BACK_MS = 180 * DAY_MS
/** A call lasts no longer: by how much a call may have begun before it ended. */
const LONGEST_MS = DAY_MS

/** A person answered; nobody did. Every other outcome says nothing of whether he would have. */
const ANSWERED: ReadonlySet<Outcome> = new Set<Outcome>(['connected', 'abandoned'])
const NOT_ANSWERED: ReadonlySet<Outcome> = new Set<Outcome>(['no-answer', 'busy', 'rejected', 'invalid-number', 'suspended', 'powered-off', 'unreachable', 'machine'])

/** Learns from each call whether people answer, and says how likely the next one does. One in each process: it learns from the calls of that process. */
export class AnswerDesk {
  #forecast = newAnswerForecast()
  #isChanged = false
  readonly #knowledge: Knowledge

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge
  }

  /** Probability that a call at `at` (unix ms) is answered by a person, 0..1; null where the callee's clock is not known. */
  probability(call: AskedCall, at: number): number | null {
    const moment = this.#momentAt(call.timeZone, at)
    return moment && answerProbability(this.#forecast, calleeOf(call), moment)
  }

  /** Takes in how a call that began at `startedAt` (unix ms) ended. */
  learn(call: AskedCall, startedAt: number, outcome: Outcome): void {
    const answered = ANSWERED.has(outcome)
    if (!answered && !NOT_ANSWERED.has(outcome)) return
    const moment = this.#momentAt(call.timeZone, startedAt)
    if (!moment) return
    learnAnswer(this.#forecast, calleeOf(call), moment, answered)
    this.#isChanged = true
  }

  /** Restores what was stored and learns what ended since; without a state of this version, from all calls of half a year. */
  async recall(db: Database, now: number): Promise<void> {
    const stored = await readState(db, KEY)
    const restored = stored?.version === ANSWER_VERSION ? restoreAnswerForecast(stored.state) : null
    this.#forecast = restored ?? newAnswerForecast()
    const from = restored && stored ? stored.learntTo.getTime() : now - LEARN_BACK_MS
    let behind = firstIdAt(from - LONGEST_MS)
    for (;;) {
      const calls = await readEndedCalls(db, { behind, from: new Date(from), to: new Date(now), limit: PAGE })
      for (const call of calls) this.learn(call, call.startedAt.getTime(), call.outcome)
      if (calls.length < PAGE) return
      behind = (calls[calls.length - 1] as (typeof calls)[number]).id
    }
  }

  async save(db: Database, now: number): Promise<void> {
    if (!this.#isChanged) return
    this.#isChanged = false
    try {
      await saveState(db, KEY, ANSWER_VERSION, saveAnswerForecast(this.#forecast), now)
    } catch (error) {
      this.#isChanged = true
      throw error
    }
  }

  #momentAt(timeZone: string | null, at: number): Moment | null {
    const local = timeZone === null ? null : this.#knowledge.gate.zones.localTime(timeZone, at + this.#knowledge.calleeOffsetMs)
    if (!local) return null
    const day = Math.floor(Date.parse(local.day) / DAY_MS)
    const weekday = (day + 4) % 7
    return { day: Math.max(0, day - FIRST_DAY), hour: local.minutesOfDay / 60, weekend: weekday === 0 || weekday === 6 }
  }
}

function calleeOf({ customerId, campaignId, lineId, level, region }: AskedCall): Callee {
  return { id: customerId, groups: [level ?? '', region ?? '', lineId ?? '', campaignId ?? ''] }
}

/** The smallest UUIDv7 of an instant. */
function firstIdAt(at: number): string {
  const hex = Math.max(0, at).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
