import type { PacingDecision, PacingReason } from './decision.ts'

/** Modes that need no forecast. `preview` shows the card first; one card for each idle agent. */
export type FixedPacing =
  | { readonly mode: 'preview' | 'progressive' }
  /** Calls in progress per idle agent, 1 or more. Knows no abandonment: whoever chooses it answers for the cap. */
  | { readonly mode: 'ratio'; readonly ratio: number }

export interface AgentsAndCalls {
  /** Idle now, those apart for whom a call or a card is under way already. */
  readonly idle: number
  /** Answered, with no agent yet. */
  readonly waiting: number
  readonly ringing: number
  /** Signed on and idle, talking or wrapping up. */
  readonly present: number
  /** Calls that lines, their rate and the campaign's own limits let start now. */
  readonly startsMax: number
}

/** Calls for idle agents: one each, or by a fixed ratio. None without agents, none above the lines' limit. */
export function callsForAgents(pacing: FixedPacing, now: AgentsAndCalls): PacingDecision {
  if (now.present <= 0) return { place: 0, reason: { kind: 'no-agents' }, calls: [], giveUp: [] }
  const idle = Math.max(0, now.idle - now.waiting)
  const ratio = pacing.mode === 'ratio' ? Math.max(1, pacing.ratio) : 1
  const due = Math.max(0, Math.floor(ratio * idle + 1e-9) - now.ringing)
  const place = Math.max(0, Math.min(due, Math.floor(now.startsMax)))
  return { place, reason: place < due ? { kind: 'lines-full', startsMax: now.startsMax } : reasonOf(pacing, idle), calls: [], giveUp: [] }
}

function reasonOf(pacing: FixedPacing, idle: number): PacingReason {
  return pacing.mode === 'ratio' ? { kind: 'ratio', ratio: pacing.ratio, idle } : { kind: 'one-per-idle-agent', idle }
}
