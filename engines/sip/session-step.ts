import { acceptChallenge } from './authorisation.ts'
import { isOver, isResponseTo, stepClient, wakeAtOf, type ClientInput, type ClientRequest } from './client-request.ts'
import type { SipResponse } from './message.ts'
import { line } from './serialise.ts'
import { isForgotten, serverWakeAt, wakeServer } from './server-request.ts'
import { onRefreshResponse, refresh } from './session-refresh.ts'
import {
  acknowledge, acknowledgeAgain, close, sendBye, sendInDialog, type Session, type UnacknowledgedAnswer,
} from './session.ts'
import { T2 } from './transaction/timers.ts'
import { resend } from './wire.ts'

/** A response to a request of ours in this dialog. False when it is none of its. */
export function receiveResponse(session: Session, response: SipResponse, now: number): boolean {
  const client = session.outbound.find((each) => isResponseTo(each, response))
  if (client === undefined) return false
  const outcome = stepClient(client, { kind: 'response', status: response.status }, response, now, session.wire)
  if (outcome === 'deliver' && response.status >= 200) onFinal(session, client, response, now)
  return true
}

function onFinal(session: Session, client: ClientRequest, response: SipResponse, now: number): void {
  if (client.method === 'INVITE' && response.status < 300) {
    if (session.ack?.cseq === client.cseq) return acknowledgeAgain(session)
    acknowledge(session, client.cseq)
  }
  if (client.method === 'BYE') onByeAnswered(session, client, response, now)
  else if (session.state === 'up') onRefreshResponse(session, client, response, now)
}

function onByeAnswered(session: Session, client: ClientRequest, response: SipResponse, now: number): void {
  if (session.state === 'up' || session.ending === null || session.ending.confirmed) return
  if (acceptChallenge(session.authorisation, response, client.challenges)) {
    return sendInDialog(session, 'BYE', line('Reason', session.end.hangUpReason), '', client.challenges + 1, now)
  }
  // 481 says the dialog is gone, which is what we want; a refused challenge leaves the other side with the call.
  const isKnownThere = response.status < 300 || response.status === 481
  close(session, { ...session.ending, confirmed: isKnownThere })
}

/** The driver could not send, or time came for something. */
export function stepSession(session: Session, input: ClientInput, now: number): void {
  const inFlight = session.outbound                        // a BYE sent in this loop starts a new list
  for (const client of inFlight) {
    const outcome = stepClient(client, input, null, now, session.wire)
    if (outcome === 'timed-out' || outcome === 'send-failed') onUnanswered(session, client, outcome, now)
  }
  if (session.outbound.length > 0) session.outbound = session.outbound.filter((client) => !isOver(client))
  if (input.kind === 'wake') onTime(session, now)
}

function onUnanswered(session: Session, client: ClientRequest, outcome: 'timed-out' | 'send-failed', now: number): void {
  if (client.method === 'BYE') {
    if (session.ending !== null) close(session, session.ending)
    return
  }
  // §12.2.1.2: a request in the dialog without any answer ends the dialog.
  const cause = outcome === 'timed-out' ? 'session-expired' : 'send-failed'
  sendBye(session, { by: outcome === 'timed-out' ? 'timeout' : 'transport', cause }, EXPIRED, now)
}

/**
 * A BYE of ours without an answer is said again for 32 s (timer F), but the call is over for us, whoever served it is free: told
 * after the third copy had its time. A peer that lost its power would otherwise keep them for half a minute.
 */
const UNHEARD_MS = 2_000

/** A Reason that tells the carrier why we hang up on a silent peer. */
const EXPIRED = 'SIP;cause=408;text="Session timer expired"'

function onTime(session: Session, now: number): void {
  if (session.inbound.length > 0) {
    for (const answered of session.inbound) wakeServer(answered, now, session.wire)
    session.inbound = session.inbound.filter((answered) => !isForgotten(answered))
  }
  if (session.state === 'closing' && session.ending !== null && now >= session.ending.at + UNHEARD_MS) close(session, session.ending)
  if (session.state !== 'up') return
  const { timer, unacknowledged } = session
  if (unacknowledged !== null) repeatAnswer(session, unacknowledged, now)
  if (timer !== null && now >= timer.endsAt) return sendBye(session, { by: 'timeout', cause: 'session-expired' }, EXPIRED, now)
  if ((timer !== null && now >= timer.refreshAt) || now >= session.retryRefreshAt) refresh(session, 0, now)
}

function repeatAnswer(session: Session, answer: UnacknowledgedAnswer, now: number): void {
  if (now >= answer.expiresAt) {
    session.unacknowledged = null
    return sendBye(session, { by: 'timeout', cause: 'no-ack' }, 'SIP;cause=408;text="No ACK"', now)
  }
  if (now < answer.resendAt) return
  answer.intervalMs = Math.min(2 * answer.intervalMs, T2)
  answer.resendAt = now + answer.intervalMs
  resend(session.wire, answer.text, null)
}

/** When `stepSession` wants its next wake. */
export function sessionWakeAt(session: Session): number {
  let at = session.state === 'closing' && session.ending !== null ? session.ending.at + UNHEARD_MS : session.retryRefreshAt
  for (const client of session.outbound) at = Math.min(at, wakeAtOf(client))
  for (const answered of session.inbound) at = Math.min(at, serverWakeAt(answered))
  if (session.unacknowledged !== null) at = Math.min(at, session.unacknowledged.resendAt, session.unacknowledged.expiresAt)
  if (session.timer !== null) at = Math.min(at, session.timer.refreshAt, session.timer.endsAt)
  return at
}
