/**
 * How many calls to place now, and why. The reason is data; its words, in the reader's language, are the console's.
 * `waitsFor` says what keeps the next call from being placed.
 */
export interface PacingDecision {
  readonly place: number
  readonly reason: PacingReason
  /** Per call to be placed: what it is expected to bring, and the probability that nobody is free if it is answered. */
  readonly calls: readonly { readonly answers: number; readonly risk: number }[]
  /** Ringing calls to hang up, by their place in the snapshot: they have rung the lawful minimum, and nobody would be free. */
  readonly giveUp: readonly number[]
}

export type PacingReason =
  /** Nobody is signed on and at work. */
  | { readonly kind: 'no-agents' }
  /** Preview and progressive: a call for each idle agent. */
  | { readonly kind: 'one-per-idle-agent'; readonly idle: number }
  /** Fixed ratio. */
  | { readonly kind: 'ratio'; readonly ratio: number; readonly idle: number }
  /** The next call would find nobody free too often. `risk`, `riskMax`: 0..1, given that it is answered. */
  | { readonly kind: 'nobody-free-in-time'; readonly risk: number; readonly riskMax: number; readonly idle: number; readonly ringing: number; readonly budget: BudgetState }
  /** The same, because the window's abandonment is at the cap: only calls that surely find an agent. */
  | { readonly kind: 'budget-spent'; readonly budget: BudgetState }
  /** Lines or their calls per second allow no more. */
  | { readonly kind: 'lines-full'; readonly startsMax: number }
  /** Nearly every call fails at once: one call per idle agent, until one rings. */
  | { readonly kind: 'lines-failing'; readonly share: number }
  /** Promised callbacks are due within a ringing time and keep these agents. */
  | { readonly kind: 'kept-for-callbacks'; readonly promised: number }

/** Where the campaign stands in the law's window, and the share of coming answers that may be lost. 0..1. */
export interface BudgetState {
  readonly abandoned: number
  readonly live: number
  readonly cap: number
  readonly wanted: number
}
