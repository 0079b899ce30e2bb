import type { DialFacts, GateContext, Origin } from '@loopline/gate/facts'
import { explain } from '@loopline/gate/may-dial'
import type { Knowledge } from '../knowledge/knowledge.ts'
import type { AlikePersons } from './audience-reasons.sql.ts'

/** A reason against calls now, how many persons it holds for, and when time alone first lifts it for somebody. */
export interface ReasonCount {
  reason: string
  /** A person with several reasons counts under each. */
  count: number
  /** Persons of whom this is the most absolute reason: these add up to all who cannot be called now. */
  first: number
  /** Unix ms, the real clock. */
  nextAt: number | null
}

export interface Against {
  reason: string
  until: number | null
}

/** Counts reasons over an audience. */
export class ReasonCounts {
  persons = 0
  callable = 0
  readonly #counts = new Map<string, ReasonCount>()

  /** So many persons have these reasons, the most absolute first; none: they may be called now. */
  add(against: readonly Against[], persons: number): void {
    this.persons += persons
    if (against.length === 0) this.callable += persons
    for (const [index, { reason, until }] of against.entries()) {
      const known = this.#counts.get(reason) ?? { reason, count: 0, first: 0, nextAt: null }
      known.count += persons
      if (index === 0) known.first += persons
      if (until !== null && (known.nextAt === null || until < known.nextAt)) known.nextAt = until
      this.#counts.set(reason, known)
    }
  }

  /** The most frequent first. */
  all(): ReasonCount[] {
    return [...this.#counts.values()].toSorted((a, b) => b.count - a.count)
  }
}

/** What the gate has against persons who are alike, each reason with the instant at which time lifts it, on the real clock. */
export function againstAlike(knowledge: Knowledge, alike: AlikePersons, wish: { origin: Origin; cap: number | null }): Against[] {
  const gate = knowledge.gateFor({ state: { timeZone: alike.timeZone }, phoneMarks: alike.prefixes?.map((prefix) => ({ phoneId: '', blind: '', prefix })) ?? null })
  const calleeNow = knowledge.calleeNow()
  return explain(factsOfAlike(alike, gate, { ...wish, calleeNow, aheadMs: knowledge.calleeOffsetMs }), calleeNow, gate)
    .map(({ reason, retryAt }) => ({ reason, until: retryAt === null ? null : retryAt - knowledge.calleeOffsetMs }))
}

function factsOfAlike(alike: AlikePersons, gate: GateContext, { origin, cap, calleeNow, aheadMs }: { origin: Origin; cap: number | null; calleeNow: number; aheadMs: number }): DialFacts {
  const { deleted, neverCall, status, marketingConsent, timeZone, sandbox, prefixes, usablePhones, pausedUntil, attemptDay, attemptsThatDay, recentAt, abandonedAt, onStopList, registeredPhones, attemptOpen } = alike
  const today = timeZone === null ? null : gate.zones.localTime(timeZone, calleeNow)?.day
  const packMax = gate.pack?.attemptsPerDayMax ?? 0
  const stricter = cap === null ? 0 : Math.max(0, packMax - cap)
  return {
    deleted, neverCall, status, marketingConsent, followUpPausedUntil: pausedUntil, timeZone, sandbox, lineSandbox: sandbox, linePermits: true, usablePhones, origin, attemptOpen,
    attemptsToday: (attemptDay !== null && attemptDay === today ? attemptsThatDay : 0) + stricter,
    recentAttempts: recentAt.map((at) => at + aheadMs), abandonedAt: abandonedAt === null ? null : abandonedAt + aheadMs,
    ...(prefixes !== null && { onStopList, registeredPhones }), ...(gate.registryCopies && { registryCopies: gate.registryCopies }),
  }
}
