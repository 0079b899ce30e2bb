import type { Outcome } from '@loopline/vocabulary/outcome'
import type { EntryState } from '../audience/entry.sql.ts'
import type { PacingShare } from '../pacing/pacing-progress.ts'

/** This process's share of a campaign's numbers; plain data, so that shares can be stored and added. */
export interface Share {
  entries: Record<EntryState, number>
  attempts: number
  outcomes: Partial<Record<Outcome, number>>
  /** Absent for a campaign without agents. */
  pacing?: PacingShare | null
}

export const emptyShare = (): Share => ({
  entries: { waiting: 0, ready: 0, leased: 0, dialing: 0, done: 0, withdrawn: 0 }, attempts: 0, outcomes: {},
})

/** Counts kept by what statements did, so that showing progress costs no query. A recount now and then mends drift. */
export class Numbers {
  share: Share = emptyShare()
  /** Raised by each change: whoever publishes compares it. */
  revision = 0
  #recent: { at: number; attempts: number }[] = []

  move(was: EntryState | null, becomes: EntryState, count = 1): void {
    if (was === becomes || count === 0) return
    const { entries } = this.share
    if (was !== null) entries[was] = Math.max(0, entries[was] - count)
    entries[becomes] += count
    this.revision += 1
  }

  attempted(count: number): void {
    this.share.attempts += count
    this.revision += 1
  }

  ended(outcome: Outcome): void {
    this.share.outcomes[outcome] = (this.share.outcomes[outcome] ?? 0) + 1
    this.revision += 1
  }

  /** An outcome became another one. A share may go below zero: the call may have been counted in another one. */
  corrected(was: Outcome, becomes: Outcome): void {
    const { outcomes } = this.share
    outcomes[was] = (outcomes[was] ?? 0) - 1
    this.ended(becomes)
  }

  pace(pacing: PacingShare | null): void {
    if (JSON.stringify(pacing) === JSON.stringify(this.share.pacing ?? null)) return
    this.share.pacing = pacing
    this.revision += 1
  }

  recount(entries: Share['entries']): void {
    this.share.entries = entries
    this.revision += 1
  }

  /** Attempts per second over the last five seconds; `now` monotonic ms, `attempts` over all shares. */
  rate(now: number, attempts: number): number {
    this.#recent = [...this.#recent.filter((point) => now - point.at <= 5_000), { at: now, attempts }]
    const first = this.#recent[0] as { at: number; attempts: number }
    return now - first.at < 500 ? 0 : Math.round(((attempts - first.attempts) * 10_000) / (now - first.at)) / 10
  }
}

export function addShares(shares: readonly Share[]): Share {
  const sum = emptyShare()
  for (const share of shares) {
    for (const state of Object.keys(sum.entries) as EntryState[]) sum.entries[state] += share.entries[state] ?? 0
    sum.attempts += share.attempts
    for (const [outcome, count] of Object.entries(share.outcomes) as [Outcome, number][]) sum.outcomes[outcome] = (sum.outcomes[outcome] ?? 0) + count
  }
  return sum
}
