import { NEVER, TRANSACTION_MS } from './timers.ts'

/** Non-INVITE server transaction over UDP: RFC 3261 §17.2.2. Times: ms, monotonic. */
export interface RequestServerTx {
  state: State
  /** Timer J. */
  expiresAt: number
}

type State = 'trying' | 'proceeding' | 'completed' | 'terminated'
export type Input =
  | { readonly kind: 'request' }                           // the request came again
  | { readonly kind: 'respond'; readonly status: number }  // our side answers
  | { readonly kind: 'wake' }
  | { readonly kind: 'transport-error' }
/** `send`: the response just given; `resend`: the latest one again. */
export type Effect = 'send' | 'resend' | 'report-transport-error'

type Event = 'request' | '1xx' | 'final'
interface Cell {
  readonly to: State
  readonly effects: readonly Effect[]
}
type Row = { readonly [E in Event]?: Cell }

const to = (state: State, ...effects: Effect[]): Cell => ({ to: state, effects })

const TABLE: Record<State, Row> = {                       // an absent cell absorbs the event
  trying: { '1xx': to('proceeding', 'send'), final: to('completed', 'send') },
  proceeding: { request: to('proceeding', 'resend'), '1xx': to('proceeding', 'send'), final: to('completed', 'send') },
  completed: { request: to('completed', 'resend') },
  terminated: {},
}
const NOTHING: readonly Effect[] = []
const FAILED: readonly Effect[] = ['report-transport-error']

/** A request has just arrived. */
export function start(): RequestServerTx {
  return { state: 'trying', expiresAt: NEVER }
}

export const wakeAt = (tx: RequestServerTx): number => tx.expiresAt

/** Moves the transaction on (it is changed in place) and says what to do. */
export function step(tx: RequestServerTx, input: Input, now: number): readonly Effect[] {
  switch (input.kind) {
    case 'request': return onEvent(tx, 'request', now)
    case 'respond': return onEvent(tx, input.status < 200 ? '1xx' : 'final', now)
    case 'wake': return onWake(tx, now)
    case 'transport-error': return onTransportError(tx)
  }
}

function onEvent(tx: RequestServerTx, event: Event, now: number): readonly Effect[] {
  const cell = TABLE[tx.state][event]
  if (cell === undefined) return NOTHING
  if (cell.to === 'completed' && tx.state !== 'completed') tx.expiresAt = now + TRANSACTION_MS
  tx.state = cell.to
  return cell.effects
}

function onWake(tx: RequestServerTx, now: number): readonly Effect[] {
  if (now >= tx.expiresAt) terminate(tx)
  return NOTHING
}

function onTransportError(tx: RequestServerTx): readonly Effect[] {
  if (tx.state === 'terminated') return NOTHING
  terminate(tx)
  return FAILED
}

function terminate(tx: RequestServerTx): void {
  tx.state = 'terminated'
  tx.expiresAt = NEVER
}
