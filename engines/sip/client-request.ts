import { branchOf } from './header/via.ts'
import { header, type SipResponse } from './message.ts'
import { formatRequest } from './serialise.ts'
import * as inviteClient from './transaction/invite-client.ts'
import * as requestClient from './transaction/request-client.ts'
import { resend, send, type Wire } from './wire.ts'

/** A request of ours on its way: its text, what ACK and CANCEL copy from it (§9.1, §17.1.1.3), and its transaction. */
export interface ClientRequest {
  readonly method: string
  readonly uri: string
  readonly sentBy: string
  readonly branch: string
  readonly from: string
  readonly to: string
  readonly callId: string
  readonly cseq: number
  /** Route line, or ''. */
  readonly route: string
  readonly hop: string | null
  /** The whole message, kept while it may have to be sent again. */
  text: string
  /** Challenges answered on the way to this request. */
  readonly challenges: number
  readonly transaction: Transaction
}

type Transaction =
  | { readonly kind: 'invite'; readonly tx: inviteClient.InviteClientTx }
  | { readonly kind: 'request'; readonly tx: requestClient.RequestClientTx }

export interface ClientRequestParts {
  readonly method: string
  readonly uri: string
  readonly sentBy: string
  readonly branch: string
  readonly from: string
  readonly to: string
  readonly callId: string
  readonly cseq: number
  readonly route: string
  readonly hop: string | null
  /** Complete lines besides Route, each ending in CRLF. */
  readonly headers: string
  readonly body: string
  readonly challenges: number
}

/** Sends a request and starts its transaction. */
export function sendRequest(parts: ClientRequestParts, now: number, wire: Wire): ClientRequest {
  const text = formatRequest({ ...parts, headers: parts.route + parts.headers })
  send(wire, text, parts.hop)
  const { method, uri, sentBy, branch, from, to, callId, cseq, route, hop, challenges } = parts
  const transaction: Transaction = method === 'INVITE'
    ? { kind: 'invite', tx: inviteClient.start(now) }
    : { kind: 'request', tx: requestClient.start(now) }
  return { method, uri, sentBy, branch, from, to, callId, cseq, route, hop, text, challenges, transaction }
}

/** What the owner of the request has to deal with. */
export type ClientOutcome = 'deliver' | 'timed-out' | 'send-failed' | null

export type ClientInput = inviteClient.Input

export const wakeAtOf = (client: ClientRequest): number =>
  client.transaction.kind === 'invite' ? inviteClient.wakeAt(client.transaction.tx) : requestClient.wakeAt(client.transaction.tx)

export const isOver = (client: ClientRequest): boolean => client.transaction.tx.state === 'terminated'

/** Whether its final response is still to come. */
export function isPending(client: ClientRequest): boolean {
  const { state } = client.transaction.tx
  return state === 'calling' || state === 'trying' || state === 'proceeding'
}

/** Steps the transaction; resends and ACKs of failures are put on the wire here. */
export function stepClient(client: ClientRequest, input: ClientInput, response: SipResponse | null, now: number, wire: Wire): ClientOutcome {
  const effects = client.transaction.kind === 'invite'
    ? inviteClient.step(client.transaction.tx, input, now)
    : requestClient.step(client.transaction.tx, input, now)
  let outcome: ClientOutcome = null
  for (const effect of effects) {
    switch (effect) {
      case 'resend': if (!wire.isReliable) resend(wire, client.text, client.hop); break
      case 'send-ack': if (response !== null) send(wire, formatFailureAck(client, response), client.hop); break
      case 'deliver': outcome = 'deliver'; break
      case 'report-timeout': outcome = 'timed-out'; break
      case 'report-transport-error': outcome = 'send-failed'; break
    }
  }
  if (client.transaction.tx.resendAt === Number.POSITIVE_INFINITY) client.text = ''  // thousands of calls linger 32 s
  return outcome
}

/** Whether a response belongs to this request (§17.1.3). */
export function isResponseTo(client: ClientRequest, response: SipResponse): boolean {
  return (
    response.cseq === client.cseq &&
    response.cseqMethod === client.method &&
    branchOf(header(response, 'via') as string) === client.branch
  )
}

/** The ACK of a final response 300..699: same branch, To with the tag of the response (§17.1.1.3). */
export function formatFailureAck(client: ClientRequest, response: SipResponse): string {
  return formatRequest({ ...client, method: 'ACK', to: header(response, 'to') as string, headers: client.route, body: '' })
}

/** The CANCEL of an INVITE: same branch, number, To without tag (§9.1). `headers`: complete lines, such as Reason. */
export function cancelParts(invite: ClientRequest, headers: string): ClientRequestParts {
  return { ...invite, method: 'CANCEL', headers, body: '', challenges: 0 }
}
