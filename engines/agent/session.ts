export type AgentState = 'offline' | 'ready' | 'reserved' | 'ringing' | 'talking' | 'on-hold' | 'wrap-up' | 'paused'
/** Of the standing leg: only an agent whose leg is `up` can be given a call. */
export type LegState = 'down' | 'registered' | 'up'
export type RestState = 'ready' | 'paused' | 'offline'

/** Where a session rests, and why. */
export interface Rest {
  readonly to: RestState
  readonly reason: string | null
}

/**
 * The call that a session serves. `preview`: a card is shown and nobody has been dialled. `incoming`: a caller waits for the agent's yes.
 * `asked`: a colleague asks for him; the call is the colleague's, so that nothing this session does or suffers may end it.
 */
export interface ServedCall {
  readonly attemptId: string
  readonly phase: 'preview' | 'incoming' | 'asked' | 'dialing' | 'ringing' | 'talking' | 'on-hold' | 'ended'
  readonly connectedAt: number | null
}

/** One agent's shift. Instants are unix ms. */
export interface AgentSession {
  readonly state: AgentState
  readonly reason: string | null
  readonly since: number
  readonly leg: LegState
  readonly legSince: number
  /** Whether the telephone was tried this shift and found good: nobody else is ready. Over with the shift. */
  readonly isTested: boolean
  readonly call: ServedCall | null
  /** Where it goes when the call and its wrap-up are over. */
  readonly next: Rest
  /** When time ends the state by itself; null when it does not. */
  readonly until: number | null
}

/** A leg that is lost may come back this long and finds its session and its call again (a reload of the page takes 1–2 s). */
export const LEG_GRACE_MS = 3_000
/** Whoever has had no leg for this long has gone home. */
export const GONE_HOME_MS = 15 * 60_000

export type Input =
  /** `isOtherPhone`: what was tested is not what he speaks through from now on. */
  | { readonly kind: 'sign-on'; readonly isOtherPhone?: boolean }
  | { readonly kind: 'leg'; readonly leg: LegState }
  /** The self-test passed, was waived, or no longer says anything of what the agent speaks through. */
  | { readonly kind: 'tested'; readonly isTested: boolean }
  | { readonly kind: 'wish'; readonly rest: Rest }
  /** Preview: a card is shown, to be answered by `until`. */
  | { readonly kind: 'offer'; readonly attemptId: string; readonly until: number }
  /** The card was skipped, or its customer may no longer be called; a caller was declined, or rings elsewhere. */
  | { readonly kind: 'card-gone'; readonly attemptId: string }
  /** A call is about to leave for this agent. `byHand`: he asked for it himself, so that a pause or wrap-up does not keep him. */
  | { readonly kind: 'reserve'; readonly attemptId: string; readonly until: number; readonly byHand: boolean }
  /** A colleague asks for him, to be answered by `until`. `byHand`: he offered himself, so that a pause does not keep him. */
  | { readonly kind: 'ask'; readonly attemptId: string; readonly until: number; readonly byHand: boolean }
  /** His yes: he is joined by `until`, or is free again. */
  | { readonly kind: 'agreed'; readonly attemptId: string; readonly until: number }
  /** His no, or the colleague wants him no more. */
  | { readonly kind: 'unasked'; readonly attemptId: string }
  /** A caller rings at the agent until then; it rings elsewhere when he does not take it. */
  | { readonly kind: 'call-in'; readonly attemptId: string; readonly until: number }
  /** The agent takes the caller, who is joined with him by `until`. */
  | { readonly kind: 'take-call'; readonly attemptId: string; readonly until: number }
  | { readonly kind: 'placed' | 'ringing' | 'connected'; readonly attemptId: string }
  | { readonly kind: 'hold'; readonly attemptId: string; readonly on: boolean }
  | { readonly kind: 'ended'; readonly attemptId: string; readonly wrapUpMs: number }
  | { readonly kind: 'wrapped'; readonly rest: Rest }
  | { readonly kind: 'extend'; readonly ms: number }
  | { readonly kind: 'time' }
  | { readonly kind: 'forced'; readonly to: RestState }

/** What the caller has to bring about. */
export type Effect =
  | { readonly do: 'hang-up' | 'give-back'; readonly attemptId: string }
  | { readonly do: 'drop-leg' }

export type Refused = 'wrong-state' | 'leg-down' | 'untested' | 'other-call'
export type Step =
  | { readonly ok: true; readonly session: AgentSession; readonly effects: readonly Effect[] }
  | { readonly ok: false; readonly refused: Refused }

export function signedOff(now: number): AgentSession {
  return { state: 'offline', reason: null, since: now, leg: 'down', legSince: now, isTested: false, call: null, next: { to: 'paused', reason: 'signed-on' }, until: null }
}
