import { newAuthorisation } from './authorisation.ts'
import { uasDialog } from './dialog.ts'
import { step, takeCall, type IncomingCallSettings, type Taken } from './incoming-call.ts'
import type { SipRequest } from './message.ts'
import { openSession } from './session.ts'
import { MIN_SE_S } from './session-timer.ts'

/** What is stored of a call that came in, so that another process can end it: its INVITE as received, our tag, and the dialog once it was answered. */
export interface IncomingOrphan {
  readonly invite: SipRequest
  readonly settings: IncomingCallSettings
  /** After our 200: our latest sequence number, and where their requests came from last. */
  readonly dialog: { readonly cseq: number; readonly remoteTarget: string; readonly routeSet: readonly string[] } | null
}

/** The dead process may have sent more requests than it stored (§12.2.2). */
const CSEQ_GAP = 100

/**
 * Ends the call of a dead process that had come in: 480 while it was unanswered, BYE afterwards. The result is an ordinary
 * incoming call that is being ended; `step` and `wakeAt` of incoming-call.ts carry it to `ended` and `done`.
 */
export function endIncomingOrphan({ invite, settings, dialog }: IncomingOrphan, reason: string, now: number): Taken {
  const taken = takeCall(settings, invite, now)
  const { call } = taken
  if (call.state !== 'ringing') return taken
  if (dialog === null) return { call, effects: step(call, { kind: 'hang-up', reason }, now) }
  call.tx.state = 'terminated'                             // the 200 was the dead process's; its ACK is of no use any more
  const { cseq, remoteTarget, routeSet } = dialog
  const end = {
    sentBy: settings.sentBy, contact: settings.contact, branchSeed: settings.branchSeed, sdp: '', hangUpReason: reason, minSessionS: settings.minSessionS ?? MIN_SE_S,
  }
  const restored = { ...uasDialog(invite, settings.toTag), remoteTarget, routeSet, localCseq: cseq + CSEQ_GAP }
  call.session = openSession(restored, end, newAuthorisation(null), call.wire, 0, 0)
  call.state = 'up'
  return { call, effects: step(call, { kind: 'hang-up', reason }, now) }
}
