import { proofLines } from './authorisation.ts'
import { sendRequest, type ClientRequest } from './client-request.ts'
import { MAGIC_COOKIE } from './header/via.ts'
import { ALLOW } from './methods.ts'
import type { OutgoingCall } from './outgoing-call.ts'
import { line } from './serialise.ts'
import { offerLines } from './session-timer.ts'

type InviteMaker = Pick<OutgoingCall, 'settings' | 'authorisation' | 'wire' | 'sessionIntervalS'>

/** Sends the INVITE, the first or a renewed one (same Call-ID and tag, next number, new branch: §8.1.3.5, §22.2). */
export function sendInvite(call: InviteMaker, cseq: number, challenges: number, now: number): ClientRequest {
  const { settings } = call
  const route = settings.route === undefined || settings.route.length === 0 ? '' : line('Route', settings.route.join(', '))
  const timer = settings.sessionTimer
  const headers =
    proofLines(call.authorisation, 'INVITE', settings.requestUri) + line('Contact', settings.contact) + `Allow: ${ALLOW}\r\n` +
    (timer === undefined ? 'Supported: timer\r\n' : offerLines(call.sessionIntervalS, timer.minS)) +
    (settings.headers ?? '') + 'Content-Type: application/sdp\r\n'
  return sendRequest({
    method: 'INVITE', uri: settings.requestUri, sentBy: settings.sentBy, branch: `${MAGIC_COOKIE}${settings.branchSeed}-${cseq}`,
    from: `${settings.from};tag=${settings.fromTag}`, to: settings.to, callId: settings.callId, cseq, route, hop: null,
    headers, body: settings.sdp, challenges,
  }, now, call.wire)
}

/** 401 and 422 rounds of one call; a peer that never has enough is refused. */
const RENEWALS_MAX = 4

/** Sends the INVITE again after a refusal that invites it. False when that has happened too often. */
export function renewInvite(call: OutgoingCall, challenges: number, now: number): boolean {
  if (call.formerInvites.length >= RENEWALS_MAX) return false
  call.formerInvites.push(call.invite)
  call.invite = sendInvite(call, call.invite.cseq + 1, challenges, now)
  call.hasProvisional = false
  call.wire.effects.push({ kind: 'invite-renewed', at: now, cseq: call.invite.cseq, branch: call.invite.branch })
  return true
}
