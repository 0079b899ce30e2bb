import type { DialogSnapshot } from './dialog.ts'
import type { Reason } from './header/reason.ts'
import type { SipRequest, SipResponse } from './message.ts'

/** Send this datagram. */
export interface Send {
  readonly kind: 'send'
  /** Wire text: encode as latin1. */
  readonly text: string
  /**
   * Where RFC 3261 would send it, as `host:port`, or null for the peer the call is with. Set only inside a dialog whose
   * route set or remote target names a place. A driver whose line has one fixed peer ignores it: a Contact from outside
   * must not make us send to strangers.
   */
  readonly hop: string | null
}

/** What the driver tells a call. `now` (ms, monotonic) goes beside it. */
export type CallInput =
  | { readonly kind: 'response'; readonly response: SipResponse }
  | { readonly kind: 'request'; readonly request: SipRequest }
  /** `wakeAt` has come. */
  | { readonly kind: 'wake' }
  /** The datagram could not be sent (socket error). */
  | { readonly kind: 'transport-error' }
  /** End the call. `reason`: a Reason value (RFC 3326); the call's own default when absent. */
  | { readonly kind: 'hang-up'; readonly reason?: string }

/** What a call that we place is told beside: `stop-ringing` ends it as if it had rung to its end; one that was answered is not touched. */
export type OutgoingInput = CallInput | { readonly kind: 'stop-ringing' }

/** The other side changed the session (re-INVITE or UPDATE); null when its message carried no usable session. */
export interface Renegotiated {
  readonly kind: 'renegotiated'
  readonly at: number
  readonly sdp: string
}

/** An INFO arrived in the dialog and was answered 200; digits by `application/dtmf-relay` come this way. */
export interface Info {
  readonly kind: 'info'
  readonly at: number
  readonly contentType: string
  readonly body: string
}

/** A dialog of this call as it stands now; store it so that another process could end it (orphan.ts). */
export interface DialogChanged {
  readonly kind: 'dialog-changed'
  readonly dialog: DialogSnapshot
}

/** Exactly one per call. Nothing is left to be sent except answers to repetitions, and repetitions of a BYE that nobody answers. */
export interface Ended {
  readonly kind: 'ended'
  /** When it ended: the BYE's or final response's time, not the time of the last message. */
  readonly at: number
  /**
   * `remote`: a BYE from the other side. `local`: our command. `timeout`: nobody answered in time (ring limit, timer B,
   * missing ACK, session timer). `rejected`: a final response 300..699. `transport`: we could not send.
   */
  readonly by: 'remote' | 'local' | 'timeout' | 'rejected' | 'transport'
  /** Finer than `by`, for logs and outcome rules. */
  readonly cause: EndCause
  /** The final status of the INVITE, or null where none came. */
  readonly status: number | null
  /** Its reason phrase, as sent by the peer; '' where none. */
  readonly phrase: string
  /** Reason headers of the final response or the BYE, in order. */
  readonly reasons: readonly Reason[]
  /** ITU-T Q.850 cause among them, 0..127. */
  readonly q850: number | null
  /** Retry-After of a final response, seconds. */
  readonly retryAfterS: number | null
  /** A 200 met our CANCEL on the way: the call was up for a moment and was ended by BYE. */
  readonly crossed: boolean
  /** Whether the other side confirmed the end; false when our BYE got no answer in 2 s, or our CANCEL in 32 s. */
  readonly confirmed: boolean
  /** Messages we had to send again. */
  readonly retransmissions: number
  /** The most a wake-up came after its time, ms: high values mean an overloaded driver, not a slow peer. */
  readonly wakeLateMs: number
}

export type EndCause =
  | 'bye-received' | 'hung-up' | 'cancelled' | 'ring-timeout' | 'no-response' | 'rejected' | 'no-ack'
  | 'session-expired' | 'send-failed' | 'cancel-received'

/** The call has nothing left to remember: drop it from every table. Follows `ended`, up to 32 s later. */
export interface Done {
  readonly kind: 'done'
}

/** A 100 came: the peer has our INVITE and we stop repeating it. */
export interface Trying {
  readonly kind: 'trying'
  readonly at: number
}

/** A 101..199 came that says something new. */
export interface Ringing {
  readonly kind: 'ringing'
  readonly at: number
  readonly status: number
  /** It carries a session description: an announcement or ring-back may be heard. */
  readonly earlyMedia: boolean
  /** That description, or ''. */
  readonly sdp: string
  /** Tag of the early dialog, '' when none; store it for orphan.ts. */
  readonly remoteTag: string
  readonly reasons: readonly Reason[]
}

/** The call is up (outgoing: a 200 came and was ACKed; incoming: we sent the 200). */
export interface Answered {
  readonly kind: 'answered'
  readonly at: number
  /** Their session description, or '' when the message had none. */
  readonly sdp: string
  /** What a BYE needs; store it before trusting that the call can be ended after a crash. */
  readonly dialog: DialogSnapshot
}

/** The INVITE went out under another sequence number and branch (401, 407, 422): store them for orphan.ts. */
export interface InviteRenewed {
  readonly kind: 'invite-renewed'
  readonly at: number
  readonly cseq: number
  readonly branch: string
}

/** Incoming calls: the caller's ACK of our answer came. */
export interface Acknowledged {
  readonly kind: 'acknowledged'
  readonly at: number
}

/** What a call asks of its driver or tells it, in order. */
export type CallEffect =
  | Send | Trying | Ringing | Answered | InviteRenewed | Acknowledged | Renegotiated | Info | DialogChanged | Ended | Done
