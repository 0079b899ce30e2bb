/**
 * What the media thread hears and says. Signalling threads open the legs of calls, the main thread opens the standing legs
 * of agents and passes the dialer's talk orders. Every sender has a MessagePort of its own; order is kept per sender.
 */
import type { MessagePort } from 'node:worker_threads'
import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { LegFindings } from '@loopline/contracts/agent'
import type { LegQuality } from '@loopline/contracts/quality'
import type { AudioName, TalkOrder, TalkPlan, VoiceCallEvent } from '@loopline/contracts/voice-link'

export type Codec = 'PCMA' | 'PCMU'

/** What both ends agreed on, as one leg of ours uses it. */
export interface AgreedAudio {
  codec: Codec
  /** Payload type of telephone-event/8000, RFC 4733, or null. */
  telephoneEvent: number | null
  ptimeMs: number
  /** From our side: whether we may send, whether they may. */
  direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'
  /** Extended reports that they want of us (RFC 3611 §5); absent: none. */
  wantedReports?: WantedReports
}

export interface WantedReports {
  voipMetrics: boolean
  roundTrip: boolean
}

/** Keys of SDES (RFC 4568) or DTLS-SRTP: master key and salt per direction, base64. */
export interface SrtpKeys {
  profile: 'AES_CM_128_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_32' | 'AEAD_AES_128_GCM'
  send: string
  receive: string
}

/** A bound RTP port of the media thread; RTCP comes to the same port (rtcp-mux) or the next. Handed out to senders at the start. */
export interface Endpoint {
  index: number
  port: number
}

/** Where their SDP says that media goes. Symmetric RTP may move it once, within the signalled host or to `sourceHost`, never elsewhere. */
export interface RemoteMedia {
  host: string
  port: number
  /** 0: they want none. */
  rtcpPort: number
  /** Where their signalling comes from, of a telephone that proved itself or of a line's carrier: behind a NAT they name an address that nobody sees. */
  sourceHost?: string
}

export type ToMedia =
  /** A call was placed: its endpoint is taken, nothing is known of the far end yet. */
  | { type: 'open-call'; attemptId: AttemptId; customerId: CustomerId; endpoint: number; talk: TalkPlan }
  /** SDP of a 18x, a 2xx or a re-INVITE. `early`: before the answer; a reserved agent hears it, nobody is recorded. */
  | { type: 'call-media'; attemptId: AttemptId; remote: RemoteMedia; audio: AgreedAudio; srtp: SrtpKeys | null; early: boolean }
  /** The 200 was received at this instant (performance.timeOrigin + now, ms): connect, announce, or start the fallback's clock. */
  | { type: 'call-answered'; attemptId: AttemptId; at: number }
  /** The call ended: legs part, the recording closes, `call-closed` answers; the endpoint rests before it is given back. */
  | { type: 'close-call'; attemptId: AttemptId }
  /** The standing leg of an agent. A newer `serial` replaces the leg before it without ending the call on it. */
  | { type: 'open-agent'; agentId: UserId; serial: number; audio: AgreedAudio; leg: BrowserLeg | DeskLeg }
  | { type: 'agent-media'; agentId: UserId; serial: number; audio: AgreedAudio; remote: RemoteMedia | null }
  | { type: 'close-agent'; agentId: UserId; serial: number; reason: string }
  | { type: 'talk'; orders: Exclude<TalkOrder, { order: 'call-desk' }>[] }
  /** From the main thread: a sound of the company's own that calls may play; null: no longer. */
  | { type: 'sound'; name: AudioName; samples: Int16Array | null }
  /** From the main thread: the way to a recorder thread that was started anew. */
  | { type: 'recorder'; port: MessagePort }
  | { type: 'shut-down' }

/** ICE-lite and DTLS-SRTP on the one UDP port for browsers. */
export interface BrowserLeg {
  kind: 'browser'
  ufrag: string
  password: string
  remoteUfrag: string
  /** SHA-256 of their certificate, upper-case hex with colons, from their SDP. */
  fingerprint: string
  ssrc: number
  cname: string
}

export interface DeskLeg {
  kind: 'desk'
  endpoint: number
  remote: RemoteMedia
  srtp: SrtpKeys | null
}

export type FromMedia =
  /** First of all. `browser` is what the SDP for browsers names; `fingerprint` is of our certificate. */
  | { type: 'ready'; browser: { port: number; fingerprint: string } }
  /** Endpoints that the receiver may use from now on. */
  | { type: 'endpoints'; endpoints: Endpoint[] }
  /** To the main thread: DTLS is done and media may flow; or consent, RTP or the handshake was lost. */
  | { type: 'agent-leg'; agentId: UserId; serial: number; state: 'up' | 'lost'; reason: string | null }
  /** To the thread that opened the call: for its journal and its result. */
  | { type: 'joined'; attemptId: AttemptId; agentId: UserId; at: number }
  | { type: 'fell-back'; attemptId: AttemptId; at: number; thenHangUp: boolean }
  | { type: 'call-closed'; attemptId: AttemptId }
  /** To the thread that opened the call: end it. Its fallback was played to the end, its agent's leg did not come back, or nothing came from it for too long. */
  | { type: 'hang-up'; attemptId: AttemptId; why: 'fallback-played' | 'agent-lost' | 'silent' }
  /** To the main thread, for the dialers. */
  | { type: 'calls'; events: VoiceCallEvent[] }
  | { type: 'leg-tested'; agentId: UserId; testId: string; findings: LegFindings }
  | { type: 'quality'; at: number; calls: { attemptId: AttemptId; agentId: UserId; customer: LegQuality; agent: LegQuality }[] }
  | { type: 'stopped' }

/** What a media thread is started with (workerData). `senders`: one port each; the first is the main thread's. */
export interface MediaStart {
  /** Address that media sockets bind. */
  host: string
  ports: { from: number; to: number } | null
  senders: { port: MessagePort; endpoints: number }[]
  /** How long an endpoint rests after a call. */
  restMs: number
  /** The one UDP port for browsers; 0 lets the system choose. */
  browserPort: number
  /** Nothing at all from the person's side for so long ends the call. */
  silenceMaxMs: number
  /** The way to the recorder thread (recorder.ts); null: nothing is recorded until one is there. */
  recorder: MessagePort | null
}
