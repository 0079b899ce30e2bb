import { acceptChallenge } from './authorisation.ts'
import { isPending, type ClientRequest } from './client-request.ts'
import { refreshTarget } from './dialog.ts'
import { headerList, type Headers, type SipResponse } from './message.ts'
import { ALLOW } from './methods.ts'
import { line } from './serialise.ts'
import { sendBye, sendInDialog, type Session } from './session.ts'
import { afterTooSmall, MIN_SE_S, offerLines, timerOfAnswer } from './session-timer.ts'
import { NEVER } from './transaction/timers.ts'

/** RFC 3261 §14.1: who made the Call-ID tries again after 2.1 to 4 s; a fixed value in between keeps us deterministic. */
const RETRY_AFTER_GLARE_MS = 2_600

/** Refreshes the session (RFC 4028 §10): UPDATE where the peer allows it, since it moves no media; else re-INVITE. */
export function refresh(session: Session, challenges: number, now: number, intervalS = session.timer?.intervalS): void {
  session.retryRefreshAt = NEVER
  if (session.timer !== null) session.timer = { ...session.timer, refreshAt: NEVER }
  const isBusy = session.outbound.some(isPending) || session.unacknowledged !== null
  if (intervalS === undefined || isBusy) return
  const lines = line('Contact', session.end.contact) + offerLines(intervalS, MIN_SE_S, 'uac') + line('Allow', ALLOW)
  if (session.peerAllowsUpdate) return sendInDialog(session, 'UPDATE', lines, '', challenges, now)
  sendInDialog(session, 'INVITE', lines + line('Content-Type', 'application/sdp'), session.end.sdp, challenges, now)
}

/** The final response to a refresh of ours. */
export function onRefreshResponse(session: Session, client: ClientRequest, response: SipResponse, now: number): void {
  const { status } = response
  if (status < 300) return onRefreshed(session, client, response, now)
  if (acceptChallenge(session.authorisation, response, client.challenges)) return refresh(session, client.challenges + 1, now)
  if (status === 422) {
    const intervalS = afterTooSmall(response, session.timer?.intervalS ?? 0)
    if (intervalS !== null) refresh(session, client.challenges, now, intervalS)
  } else if (status === 491) {
    session.retryRefreshAt = now + RETRY_AFTER_GLARE_MS
  } else if (status === 408 || status === 481) {
    // §12.2.1.2: the other side does not know the dialog any more.
    sendBye(session, { by: 'remote', cause: 'session-expired' }, 'SIP;cause=481;text="Dialog gone"', now)
  } else if (client.method === 'UPDATE' && (status === 405 || status === 501)) {
    session.peerAllowsUpdate = false
    refresh(session, client.challenges, now)
  }
  // Any other refusal leaves the session up until the timer ends it.
}

function onRefreshed(session: Session, client: ClientRequest, response: SipResponse, now: number): void {
  refreshTarget(session.dialog, response)
  session.timer = timerOfAnswer(response, now)
  if (client.method === 'INVITE' && response.body !== '' && response.body !== session.remoteSdp) {
    session.remoteSdp = response.body
    session.wire.effects.push({ kind: 'renegotiated', at: now, sdp: response.body })
  }
}

/** Whether the other side said it serves UPDATE (RFC 3311 §4). */
export function allowsUpdate(message: Headers): boolean {
  return headerList(message, 'allow').includes('UPDATE')
}
