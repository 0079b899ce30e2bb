import { NEVER, T1, T2, T4, TRANSACTION_MS } from './timers.ts'

/** Non-INVITE client transaction over UDP: RFC 3261 §17.1.2.2. Times: ms, monotonic. */
export interface RequestClientTx {
  state: State
  /** Timer E and the interval after it. */
  resendAt: number
  intervalMs: number
  /** Timer F, then K. */
  expiresAt: number
}

type State = 'trying' | 'proceeding' | 'completed' | 'terminated'
export type Input =
  | { readonly kind: 'response'; readonly status: number }
  | { readonly kind: 'wake' }
  | { readonly kind: 'transport-error' }
export type Effect = 'deliver' | 'resend' | 'report-timeout' | 'report-transport-error'

interface Cell {
  readonly to: State
  readonly effects: readonly Effect[]
}
type Row = { readonly [Class in '1xx' | 'final']?: Cell }

const to = (state: State, ...effects: Effect[]): Cell => ({ to: state, effects })

const UNANSWERED: Row = { '1xx': to('proceeding', 'deliver'), final: to('completed', 'deliver') }
const ON_RESPONSE: Record<State, Row> = {                 // an absent cell absorbs the response
  trying: UNANSWERED,
  proceeding: UNANSWERED,
  completed: {},                                          // a resent final response is delivered once
  terminated: {},
}
const NOTHING: readonly Effect[] = []
const RESEND: readonly Effect[] = ['resend']
const TIMED_OUT: readonly Effect[] = ['report-timeout']
const FAILED: readonly Effect[] = ['report-transport-error']

/** The request has just been sent. */
export function start(now: number): RequestClientTx {
  return { state: 'trying', resendAt: now + T1, intervalMs: T1, expiresAt: now + TRANSACTION_MS }
}

export const wakeAt = (tx: RequestClientTx): number => Math.min(tx.resendAt, tx.expiresAt)

/** Moves the transaction on (it is changed in place) and says what to do. */
export function step(tx: RequestClientTx, input: Input, now: number): readonly Effect[] {
  switch (input.kind) {
    case 'response': return onResponse(tx, input.status, now)
    case 'wake': return onWake(tx, now)
    case 'transport-error': return onTransportError(tx)
  }
}

function onResponse(tx: RequestClientTx, status: number, now: number): readonly Effect[] {
  const cell = ON_RESPONSE[tx.state][status < 200 ? '1xx' : 'final']
  if (cell === undefined) return NOTHING
  tx.state = cell.to
  if (cell.to === 'completed') {
    tx.resendAt = NEVER
    tx.expiresAt = now + T4                               // timer K
  }
  return cell.effects
}

function onWake(tx: RequestClientTx, now: number): readonly Effect[] {
  if (now >= tx.expiresAt) {
    const isUnanswered = tx.state !== 'completed'
    terminate(tx)
    return isUnanswered ? TIMED_OUT : NOTHING
  }
  if (now < tx.resendAt) return NOTHING
  tx.intervalMs = tx.state === 'proceeding' ? T2 : Math.min(2 * tx.intervalMs, T2)
  tx.resendAt = now + tx.intervalMs
  return RESEND
}

function onTransportError(tx: RequestClientTx): readonly Effect[] {
  const isUnanswered = tx.state === 'trying' || tx.state === 'proceeding'
  terminate(tx)
  return isUnanswered ? FAILED : NOTHING
}

function terminate(tx: RequestClientTx): void {
  tx.state = 'terminated'
  tx.resendAt = NEVER
  tx.expiresAt = NEVER
}
