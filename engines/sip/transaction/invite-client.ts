import { NEVER, T1, TRANSACTION_MS, ACK_AGAIN_MS } from './timers.ts'

/** INVITE client transaction over UDP: RFC 3261 §17.1.1.2 with the Accepted state of RFC 6026 §7.2. Times: ms, monotonic. */
export interface InviteClientTx {
  state: State
  /** Timer A: when the INVITE goes out again, and the interval after that. */
  resendAt: number
  intervalMs: number
  /** Timer B, M or D, by state. */
  expiresAt: number
}

type State = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated'
export type Input =
  | { readonly kind: 'response'; readonly status: number }
  | { readonly kind: 'wake' }
  | { readonly kind: 'transport-error' }
export type Effect = 'deliver' | 'send-ack' | 'resend' | 'report-timeout' | 'report-transport-error'

interface Cell {
  readonly to: State
  readonly effects: readonly Effect[]
}
type Row = { readonly [Class in '1xx' | '2xx' | '3xx+']?: Cell }

const to = (state: State, ...effects: Effect[]): Cell => ({ to: state, effects })

const UNANSWERED: Row = {
  '1xx': to('proceeding', 'deliver'),
  '2xx': to('accepted', 'deliver'),
  '3xx+': to('completed', 'send-ack', 'deliver'),
}
const ON_RESPONSE: Record<State, Row> = {                 // an absent cell absorbs the response
  calling: UNANSWERED,
  proceeding: UNANSWERED,
  accepted: { '2xx': to('accepted', 'deliver') },         // the dialog, not the transaction, ACKs a 2xx
  completed: { '3xx+': to('completed', 'send-ack') },     // a resent 486 is ACKed again, delivered once
  terminated: {},
}
const NOTHING: readonly Effect[] = []
const RESEND: readonly Effect[] = ['resend']
const TIMED_OUT: readonly Effect[] = ['report-timeout']
const FAILED: readonly Effect[] = ['report-transport-error']

/** The INVITE has just been sent. */
export function start(now: number): InviteClientTx {
  return { state: 'calling', resendAt: now + T1, intervalMs: T1, expiresAt: now + TRANSACTION_MS }
}

export const wakeAt = (tx: InviteClientTx): number => Math.min(tx.resendAt, tx.expiresAt)

/** Moves the transaction on (it is changed in place) and says what to do. */
export function step(tx: InviteClientTx, input: Input, now: number): readonly Effect[] {
  switch (input.kind) {
    case 'response': return onResponse(tx, input.status, now)
    case 'wake': return onWake(tx, now)
    case 'transport-error': return onTransportError(tx, now)
  }
}

function onResponse(tx: InviteClientTx, status: number, now: number): readonly Effect[] {
  const cell = ON_RESPONSE[tx.state][status < 200 ? '1xx' : status < 300 ? '2xx' : '3xx+']
  if (cell === undefined) return NOTHING
  if (cell.to !== tx.state) enter(tx, cell.to, now)
  return cell.effects
}

function onWake(tx: InviteClientTx, now: number): readonly Effect[] {
  if (now >= tx.expiresAt) {
    const isUnanswered = tx.state === 'calling'
    enter(tx, 'terminated', now)
    return isUnanswered ? TIMED_OUT : NOTHING
  }
  if (now < tx.resendAt) return NOTHING
  tx.intervalMs *= 2                                      // timer A doubles without a ceiling: 0.5, 1, 2, 4, 8, 16 s
  tx.resendAt = now + tx.intervalMs
  return RESEND
}

function onTransportError(tx: InviteClientTx, now: number): readonly Effect[] {
  if (tx.state !== 'calling' && tx.state !== 'completed') return NOTHING   // the other states send nothing of their own
  enter(tx, 'terminated', now)
  return FAILED
}

function enter(tx: InviteClientTx, state: State, now: number): void {
  tx.state = state
  tx.resendAt = NEVER
  tx.expiresAt = now + LIFE_MS[state]
}

/** How long a state lasts: proceeding for as long as it rings, accepted by timer M, completed by timer D. */
const LIFE_MS: Record<State, number> = {
  calling: TRANSACTION_MS, proceeding: NEVER, accepted: TRANSACTION_MS, completed: ACK_AGAIN_MS, terminated: NEVER,
}
