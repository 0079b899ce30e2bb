import type { OutgoingCall } from './outgoing-call.ts'
import { openSession, sendBye } from './session.ts'
import { NEVER } from './transaction/timers.ts'

/** Numbers of a process that died are unknown: the BYE must be above them (§12.2.2). */
const CSEQ_GAP = 100

/** Ends the early dialog of an orphan by BYE (§15 allows the caller that), in case it was answered unnoticed. */
export function byeEarlyDialog(call: OutgoingCall, now: number): void {
  call.earlyByeAt = NEVER
  const remoteTag = call.earlyTags.at(-1)
  const { cancelling, settings, invite } = call
  if (call.state !== 'calling' || remoteTag === undefined || cancelling === null) return
  const session = openSession({
    callId: settings.callId, localTag: settings.fromTag, remoteTag, local: invite.from, remote: `${settings.to};tag=${remoteTag}`,
    remoteTarget: settings.requestUri, routeSet: settings.route ?? [], localCseq: invite.cseq + CSEQ_GAP, remoteCseq: null,
  }, call.end, call.authorisation, call.wire, 0, 0)
  call.sessions.push(session)
  call.state = 'up'
  call.cancelling = { ...cancelling, giveUpAt: NEVER }
  sendBye(session, cancelling, cancelling.reason, now)
}
