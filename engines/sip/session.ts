import type { Authorisation } from './authorisation.ts'
import { proofLines } from './authorisation.ts'
import { sendRequest, type ClientRequest } from './client-request.ts'
import type { EndCause, Ended } from './call-effect.ts'
import { formatInDialog, hopOf, routedRequest, snapshotOf, type Dialog } from './dialog.ts'
import { MAGIC_COOKIE } from './header/via.ts'
import type { Reason } from './header/reason.ts'
import type { SipRequest } from './message.ts'
import { line } from './serialise.ts'
import { answerRequest, type ServerRequest } from './server-request.ts'
import type { SessionTimer } from './session-timer.ts'
import { NEVER, T1, TRANSACTION_MS } from './transaction/timers.ts'
import { resend, send, type Wire } from './wire.ts'

/** Our end of a session: what every message of ours in the dialog needs. */
export interface LocalEnd {
  /** `host:port` for Via; over another transport than UDP its name before: `WSS host:port`. */
  readonly sentBy: string
  /** Contact value, `<sip:…>`. */
  readonly contact: string
  /** Unique text per call; branches are made of it. */
  readonly branchSeed: string
  /** Our session description, offered again in refreshes. */
  readonly sdp: string
  /** Reason value of a BYE when the command names none. */
  readonly hangUpReason: string
  /** The least session interval we accept, seconds. */
  readonly minSessionS: number
  /**
   * Answers a later offer of theirs: null refuses it (488) and leaves the session as it is. Absent: the same plain audio again.
   * `version` is the least that `o=` may carry.
   */
  readonly answerOffer?: (offer: string, version: number) => string | null
}

/** A confirmed dialog in use: everything that happens between ACK and the end. Changed in place. */
export interface Session {
  readonly dialog: Dialog
  readonly end: LocalEnd
  readonly authorisation: Authorisation
  readonly wire: Wire
  /** 0 for the call's own dialog, 1 and up for dialogs of other forks. */
  readonly leg: number
  state: 'up' | 'closing' | 'over'
  /** Requests of ours in flight. */
  outbound: ClientRequest[]
  /** Requests of theirs we answered, kept for repetitions. */
  inbound: ServerRequest[]
  /** A 2xx of ours to an INVITE of theirs that no ACK has confirmed yet. */
  unacknowledged: UnacknowledgedAnswer | null
  /** Our ACK to the latest 2xx, sent again when that 2xx comes again. */
  ack: { readonly cseq: number; readonly text: string } | null
  timer: SessionTimer | null
  /** When a refresh that met 491 is tried again. */
  retryRefreshAt: number
  peerAllowsUpdate: boolean
  /** Version of the latest session description of ours. */
  sdpVersion: number
  remoteSdp: string
  /** Why the session is ending; set when it begins to. */
  ending: SessionEnd | null
}

export interface SessionEnd {
  readonly by: Ended['by']
  readonly cause: EndCause
  readonly at: number
  readonly reasons: readonly Reason[]
  /** Whether the other side knows. */
  confirmed: boolean
}

/** RFC 3261 §13.3.1.4: the core, not the transaction, repeats a 2xx until its ACK comes. */
export interface UnacknowledgedAnswer {
  readonly cseq: number
  readonly text: string
  /** Whether the ACK must bring their session description, because our 2xx made the offer. */
  readonly awaitsSdp: boolean
  resendAt: number
  intervalMs: number
  readonly expiresAt: number
}

export function openSession(
  dialog: Dialog, end: LocalEnd, authorisation: Authorisation, wire: Wire, leg: number, sdpVersion: number,
): Session {
  return {
    dialog, end, authorisation, wire, leg, state: 'up', outbound: [], inbound: [], unacknowledged: null, ack: null,
    timer: null, retryRefreshAt: NEVER, peerAllowsUpdate: false, sdpVersion, remoteSdp: '', ending: null,
  }
}

/** ACKs a 2xx to an INVITE of ours (§13.2.2.4): own branch, the INVITE's number and proof, route set of the dialog. */
export function acknowledge(session: Session, cseq: number): void {
  const { dialog, end, wire } = session
  const text = formatInDialog(dialog, {
    method: 'ACK', cseq, sentBy: end.sentBy, branch: branchFor(session, `${cseq}a`),
    headers: proofLines(session.authorisation, 'ACK', routedRequest(dialog).uri), body: '',
  })
  session.ack = { cseq, text }
  send(wire, text, hopOf(dialog))
}

/** A 2xx came again: its ACK was lost. */
export function acknowledgeAgain(session: Session): void {
  if (session.ack !== null) resend(session.wire, session.ack.text, hopOf(session.dialog))
}

export function branchFor(session: Session, serial: number | string): string {
  return `${MAGIC_COOKIE}${session.end.branchSeed}-${serial}${session.leg === 0 ? '' : `-${session.leg}`}`
}

/** Sends a request of ours inside the dialog under the next sequence number. */
export function sendInDialog(session: Session, method: string, headers: string, body: string, challenges: number, now: number): void {
  const { dialog, end } = session
  dialog.localCseq++
  const cseq = dialog.localCseq
  const { uri, route } = routedRequest(dialog)
  session.outbound.push(sendRequest({
    method, uri, route, sentBy: end.sentBy, branch: branchFor(session, cseq), from: dialog.local, to: dialog.remote,
    callId: dialog.callId, cseq, hop: hopOf(dialog), headers: proofLines(session.authorisation, method, uri) + headers,
    body, challenges,
  }, now, session.wire))
  if (method !== 'BYE') session.wire.effects.push({ kind: 'dialog-changed', dialog: snapshotOf(dialog) })
}

/** Ends the session by BYE, once. `reason`: a Reason value, or '' for none. */
export function sendBye(session: Session, ending: Pick<SessionEnd, 'by' | 'cause'>, reason: string, now: number): void {
  if (session.state !== 'up') return
  session.state = 'closing'
  session.ending = { ...ending, at: now, reasons: [], confirmed: false }
  stopTimers(session)
  session.outbound = session.outbound.filter((client) => client.method === 'INVITE') // still to be ACKed
  sendInDialog(session, 'BYE', reason === '' ? '' : line('Reason', reason), '', 0, now)
}

/** Their BYE, or our BYE came to its end: nothing more is sent but answers to repetitions. */
export function close(session: Session, ending: SessionEnd): void {
  session.state = 'over'
  session.ending = ending
  stopTimers(session)
  session.outbound = session.outbound.filter((client) => client.method === 'BYE' || client.method === 'INVITE')
}

function stopTimers(session: Session): void {
  session.timer = null
  session.retryRefreshAt = NEVER
  session.unacknowledged = null
}

/** Repetitions remembered per dialog; a peer that sends more requests in 32 s is answered anew. */
const ANSWERED_MAX = 16

/** Gives a final response to a request of theirs inside the dialog. */
export function reply(session: Session, request: SipRequest, status: number, text: string, now: number): void {
  if (session.inbound.length >= ANSWERED_MAX) session.inbound.shift()
  session.inbound.push(answerRequest(request, status, text, now, session.wire))
}

/** Repeats a 2xx just given to an INVITE of theirs until the ACK comes. */
export function awaitAck(session: Session, invite: SipRequest, text: string, awaitsSdp: boolean, now: number): void {
  session.unacknowledged = {
    cseq: invite.cseq, text, awaitsSdp, resendAt: now + T1, intervalMs: T1, expiresAt: now + TRANSACTION_MS,
  }
}
