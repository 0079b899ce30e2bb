import { uuidv7 } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { callsBegan, callsSince } from './use.sql.ts'

const DAY_MS = 86_400_000
/** Ids are of the instant of a decision; its attempt is committed a little later, and may be told by a clock that is behind. */
const OVERLAP_MS = 10_000

/**
 * Follows the calls that count against quotas and were begun by other processes: at the start those of the last 24 hours, by this
 * process's predecessors too; then what others begin, a second after they did. Each is counted once.
 */
export class QuotaUse {
  #sinceId: string | null = null
  #seen = new Set<string>()

  async learn(dialer: Dialer): Promise<void> {
    const from = idAt(dialer.clock.now() - OVERLAP_MS)
    if (this.#sinceId === null) {
      for (const { callerId, at, calls } of await callsBegan(dialer.db, { after: idAt(dialer.clock.now() - DAY_MS), upTo: from, butDialerId: dialer.id })) {
        dialer.callerIds.learnOthers(callerId, at.getTime(), calls)
      }
      this.#sinceId = from
    }
    const calls = await callsSince(dialer.db, this.#sinceId, dialer.id)
    for (const { attemptId, callerId, at } of calls) if (!this.#seen.has(attemptId)) dialer.callerIds.learnOthers(callerId, at.getTime(), 1)
    this.#seen = new Set(calls.map(({ attemptId }) => attemptId).filter((attemptId) => attemptId > from))
    this.#sinceId = from
  }
}

/** Smaller than every id of that instant. */
const idAt = (instant: number): string => uuidv7(instant, new Uint8Array(10))
