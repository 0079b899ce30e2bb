import type { Credentials } from './digest.ts'
import type { ClientRequest } from './client-request.ts'
import { newAuthorisation } from './authorisation.ts'
import type { Dialog, DialogSnapshot } from './dialog.ts'
import { parseNameAddr, tagOf } from './header/name-addr.ts'
import { branchOf } from './header/via.ts'
import { header, type SipResponse } from './message.ts'
import { cancel } from './outgoing-cancel.ts'
import { step, type OutgoingCall, type OutgoingCallSettings, type Placed } from './outgoing-call.ts'
import { line } from './serialise.ts'
import { openSession } from './session.ts'
import { MIN_SE_S } from './session-timer.ts'
import { NEVER } from './transaction/timers.ts'
import { newWire, takeEffects } from './wire.ts'

/** What is stored with an attempt so that another process can end its call. Everything but `dialog` is known before the INVITE leaves. */
export interface OrphanRecord {
  readonly callId: string
  readonly fromTag: string
  /** From and To values without tags, as they were sent. */
  readonly from: string
  readonly to: string
  readonly requestUri: string
  /** `host:port` that stood in Via: responses come back there, so the new process must own that socket. */
  readonly sentBy: string
  readonly route?: readonly string[]
  /** Number and branch of the latest INVITE (`invite-renewed`). */
  readonly cseq: number
  readonly branch: string
  /** The latest `ringing.remoteTag`, if any. */
  readonly earlyTag?: string
  /** The latest of `answered` and `dialog-changed`, or null while unanswered. */
  readonly dialog: DialogSnapshot | null
}

export interface OrphanEnding {
  /** Unique per process start: branches of the messages that end the call are made of it. */
  readonly branchSeed: string
  /** Reason value for CANCEL and BYE. */
  readonly reason: string
  readonly credentials?: Credentials
}

/** The dead process may have sent more requests than it stored; a BYE must be numbered above them all (§12.2.2). */
const CSEQ_GAP = 100
/** How long a CANCEL may take to bring the INVITE's end before the early dialog gets a BYE as well, ms. */
const EARLY_BYE_AFTER_MS = 2_000

/**
 * Ends the call of a dead process: BYE when it was answered, CANCEL when not. The result is an ordinary outgoing call that
 * is already being ended; `step` and `wakeAt` of outgoing-call.ts carry it to `ended` and `done`, a 200 that crosses the
 * CANCEL included. A call whose answer was ACKed but not yet stored looks unanswered: 2 s after a CANCEL without effect
 * its early dialog (`earlyTag`) gets a BYE, since most peers keep that tag; without the tag only the peer's timers end it.
 */
export function endOrphan(record: OrphanRecord, ending: OrphanEnding, now: number): Placed {
  const call = restored(record, ending)
  if (record.dialog === null) {
    cancel(call, { by: 'local', cause: 'cancelled', reason: ending.reason }, now)
    if (record.earlyTag !== undefined && record.earlyTag !== '') call.earlyByeAt = now + EARLY_BYE_AFTER_MS
    return { call, effects: takeEffects(call.wire) }
  }
  call.state = 'up'
  const { remoteTag, remoteTarget, routeSet, cseq } = record.dialog
  const dialog: Dialog = {
    callId: record.callId, localTag: record.fromTag, remoteTag,
    local: `${record.from};tag=${record.fromTag}`, remote: remoteTag === '' ? record.to : `${record.to};tag=${remoteTag}`,
    remoteTarget, routeSet, localCseq: cseq + CSEQ_GAP, remoteCseq: null,
  }
  call.sessions.push(openSession(dialog, call.end, call.authorisation, call.wire, 0, 0))
  return { call, effects: step(call, { kind: 'hang-up' }, now) }
}

/**
 * Ends a call nobody remembers, from the 200 to its INVITE alone: ACK, then BYE. The driver matches it by Call-ID from then
 * on, so that repetitions of the 200 are ACKed again.
 */
export function endStrayAnswer(response: SipResponse, sentBy: string, ending: OrphanEnding, now: number): Placed {
  const from = header(response, 'from') as string
  const call = restored({
    callId: response.callId, fromTag: tagOf(from), from: withoutTag(from), to: withoutTag(header(response, 'to') as string),
    requestUri: parseNameAddr(header(response, 'to') as string)?.uriText ?? '', sentBy, cseq: response.cseq,
    branch: branchOf(header(response, 'via') as string), dialog: null,
  }, ending)
  call.hasProvisional = false                              // no CANCEL: it is answered already
  cancel(call, { by: 'local', cause: 'cancelled', reason: ending.reason }, now)
  return { call, effects: step(call, { kind: 'response', response }, now) }
}

const withoutTag = (value: string): string => `<${parseNameAddr(value)?.uriText ?? ''}>`

/** The call as it stood while it rang, to be ended. */
function restored(record: OrphanRecord, ending: OrphanEnding): OutgoingCall {
  const settings: OutgoingCallSettings = {
    callId: record.callId, fromTag: record.fromTag, branchSeed: ending.branchSeed, requestUri: record.requestUri,
    from: record.from, to: record.to, contact: '', sentBy: record.sentBy, sdp: '', ringTimeMs: 0, hangUpReason: ending.reason,
  }
  return {
    settings,
    end: { sentBy: record.sentBy, contact: '', branchSeed: ending.branchSeed, sdp: '', hangUpReason: ending.reason, minSessionS: MIN_SE_S },
    authorisation: newAuthorisation(ending.credentials ?? null),
    wire: newWire(), state: 'calling', invite: inviteOf(record), formerInvites: [], sessionIntervalS: 0,
    earlyTags: record.earlyTag === undefined ? [] : [record.earlyTag], hasProvisional: true, lastRinging: '', ringUntil: NEVER,
    cancelling: null, cancelRequest: null, sessions: [], crossed: false, lingerUntil: NEVER, earlyByeAt: NEVER,
  }
}

/** The INVITE of the dead process, as a transaction that has seen a provisional response: it is never sent again. */
function inviteOf(record: OrphanRecord): ClientRequest {
  const { callId, requestUri, sentBy, branch, cseq, from, fromTag, to } = record
  const routes = record.route ?? []
  return {
    method: 'INVITE', uri: requestUri, sentBy, branch, from: `${from};tag=${fromTag}`, to, callId, cseq,
    route: routes.length === 0 ? '' : line('Route', routes.join(', ')), hop: null, text: '', challenges: 0,
    transaction: { kind: 'invite', tx: { state: 'proceeding', resendAt: NEVER, intervalMs: 0, expiresAt: NEVER } },
  }
}
