import { branchOf } from './header/via.ts'
import { header, type SipRequest } from './message.ts'
import * as inviteServer from './transaction/invite-server.ts'
import * as requestServer from './transaction/request-server.ts'
import { resend, send, type Wire } from './wire.ts'

/** A request of theirs that we have answered, kept so that its repetitions get the same answer. */
export interface ServerRequest {
  readonly method: string
  readonly branch: string
  readonly text: string
  readonly transaction: Transaction
}

type Transaction =
  | { readonly kind: 'invite'; readonly tx: inviteServer.InviteServerTx }
  | { readonly kind: 'request'; readonly tx: requestServer.RequestServerTx }

/** Answers a request for good and remembers the answer. */
export function answerRequest(request: SipRequest, status: number, text: string, now: number, wire: Wire): ServerRequest {
  const transaction: Transaction = request.method === 'INVITE'
    ? { kind: 'invite', tx: inviteServer.start() }
    : { kind: 'request', tx: requestServer.start() }
  const respond = { kind: 'respond', status } as const
  if (transaction.kind === 'invite') inviteServer.step(transaction.tx, respond, now)
  else requestServer.step(transaction.tx, respond, now)
  send(wire, text, null)
  return { method: request.method, branch: branchOf(header(request, 'via') as string), text, transaction }
}

/** Whether a request is a repetition of this one, or the ACK of its refusal (§17.2.3). */
export function isRepetition(server: ServerRequest, request: SipRequest): boolean {
  const isMethod = request.method === server.method || (request.method === 'ACK' && server.method === 'INVITE')
  return isMethod && branchOf(header(request, 'via') as string) === server.branch
}

/** The request came again, or its ACK came. */
export function repeatRequest(server: ServerRequest, request: SipRequest, now: number, wire: Wire): void {
  const effects = server.transaction.kind === 'invite'
    ? inviteServer.step(server.transaction.tx, { kind: request.method === 'ACK' ? 'ack' : 'invite' }, now)
    : requestServer.step(server.transaction.tx, { kind: 'request' }, now)
  if (effects.includes('resend')) resend(wire, server.text, null)
}

/** Time passed. A refusal of an INVITE is repeated until its ACK. */
export function wakeServer(server: ServerRequest, now: number, wire: Wire): void {
  if (server.transaction.kind === 'request') requestServer.step(server.transaction.tx, WAKE, now)
  else if (inviteServer.step(server.transaction.tx, WAKE, now).includes('resend') && !wire.isReliable) resend(wire, server.text, null)
}
const WAKE = { kind: 'wake' } as const

export const serverWakeAt = (server: ServerRequest): number =>
  server.transaction.kind === 'invite' ? inviteServer.wakeAt(server.transaction.tx) : requestServer.wakeAt(server.transaction.tx)

export const isForgotten = (server: ServerRequest): boolean => server.transaction.tx.state === 'terminated'
