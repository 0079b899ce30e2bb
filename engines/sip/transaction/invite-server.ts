import { NEVER, T1, T2, T4, TRANSACTION_MS } from './timers.ts'

/** INVITE server transaction over UDP: RFC 3261 §17.2.1 with the Accepted state of RFC 6026 §7.1. Times: ms, monotonic. */
export interface InviteServerTx {
  state: State
  /** Timer G and the interval after it. */
  resendAt: number
  intervalMs: number
  /** Timer H, I or L, by state. */
  expiresAt: number
}

type State = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated'
export type Input =
  | { readonly kind: 'invite' }                            // the INVITE came again
  | { readonly kind: 'ack' }                               // an ACK with the INVITE's branch
  | { readonly kind: 'respond'; readonly status: number }  // our side answers
  | { readonly kind: 'wake' }
  | { readonly kind: 'transport-error' }
/** `send`: the response just given; `resend`: the latest one again. */
export type Effect = 'send' | 'resend' | 'report-no-ack' | 'report-transport-error'

type Event = 'invite' | 'ack' | '1xx' | '2xx' | '3xx+'
interface Cell {
  readonly to: State
  readonly effects: readonly Effect[]
}
type Row = { readonly [E in Event]?: Cell }

const to = (state: State, ...effects: Effect[]): Cell => ({ to: state, effects })

const TABLE: Record<State, Row> = {                       // an absent cell absorbs the event
  proceeding: {
    invite: to('proceeding', 'resend'),
    '1xx': to('proceeding', 'send'),
    '2xx': to('accepted', 'send'),
    '3xx+': to('completed', 'send'),
  },
  accepted: { '2xx': to('accepted', 'send') },            // resent by the user agent core until its ACK comes (§13.3.1.4)
  completed: { invite: to('completed', 'resend'), ack: to('confirmed') },
  confirmed: {},
  terminated: {},
}
const NOTHING: readonly Effect[] = []
const RESEND: readonly Effect[] = ['resend']
const NO_ACK: readonly Effect[] = ['report-no-ack']
const FAILED: readonly Effect[] = ['report-transport-error']

/** An INVITE has just arrived. */
export function start(): InviteServerTx {
  return { state: 'proceeding', resendAt: NEVER, intervalMs: T1, expiresAt: NEVER }
}

export const wakeAt = (tx: InviteServerTx): number => Math.min(tx.resendAt, tx.expiresAt)

/** Moves the transaction on (it is changed in place) and says what to do. */
export function step(tx: InviteServerTx, input: Input, now: number): readonly Effect[] {
  switch (input.kind) {
    case 'wake': return onWake(tx, now)
    case 'transport-error': return onTransportError(tx, now)
    case 'respond': return onEvent(tx, input.status < 200 ? '1xx' : input.status < 300 ? '2xx' : '3xx+', now)
    default: return onEvent(tx, input.kind, now)
  }
}

function onEvent(tx: InviteServerTx, event: Event, now: number): readonly Effect[] {
  const cell = TABLE[tx.state][event]
  if (cell === undefined) return NOTHING
  if (cell.to !== tx.state) enter(tx, cell.to, now)
  return cell.effects
}

function onWake(tx: InviteServerTx, now: number): readonly Effect[] {
  if (now >= tx.expiresAt) {
    const isUnacknowledged = tx.state === 'completed'
    enter(tx, 'terminated', now)
    return isUnacknowledged ? NO_ACK : NOTHING
  }
  if (now < tx.resendAt) return NOTHING
  tx.intervalMs = Math.min(2 * tx.intervalMs, T2)
  tx.resendAt = now + tx.intervalMs
  return RESEND
}

function onTransportError(tx: InviteServerTx, now: number): readonly Effect[] {
  if (tx.state === 'terminated') return NOTHING
  enter(tx, 'terminated', now)
  return FAILED
}

function enter(tx: InviteServerTx, state: State, now: number): void {
  tx.state = state
  tx.resendAt = state === 'completed' ? now + T1 : NEVER  // timer G
  tx.expiresAt = now + LIFE_MS[state]
}

/** How long a state lasts: completed by timer H, confirmed by I, accepted by L. */
const LIFE_MS: Record<State, number> = {
  proceeding: NEVER, accepted: TRANSACTION_MS, completed: TRANSACTION_MS, confirmed: T4, terminated: NEVER,
}
