/** What the main thread of voice and a signalling thread say to each other. Up to 100 calls travel in one message. */
import type { MessagePort } from 'node:worker_threads'
import type { AttemptId, CampaignId, LineId } from '@loopline/vocabulary/ids'
import type { InboundOrder } from '@loopline/contracts/inbound'
import type { LineProbe } from '@loopline/contracts/line'
import type { DialCommand, KnownTalk, LineConfig, VoiceCallEvent } from '@loopline/contracts/voice-link'

export interface ThreadStart {
  thread: number
  /** How many threads there are: this one adopts the journals of those that are no more. */
  threads: number
  epoch: string
  journalFolder: string
  bootId: string
  /** The keys as JSON: a thread unseals numbers by itself. */
  keys: string
  callsMax: number
  /** DNS servers to ask for carriers' names; none: the system's. */
  dns: readonly string[]
}

export type ToThread =
  | { type: 'lines'; lines: LineConfig[] }
  | { type: 'dial'; calls: DialCommand[] }
  | { type: 'probe-line'; lineId: LineId; probeId: string }
  | { type: 'stop'; campaignIds: CampaignId[] }
  | { type: 'inbound'; orders: InboundOrder[] }
  | { type: 'hang-up'; attemptIds: AttemptId[] }
  | { type: 'stop-ringing'; attemptIds: AttemptId[] }
  | { type: 'ack'; attemptIds: AttemptId[] }
  | { type: 'query'; serial: number; attemptIds: AttemptId[]; legs?: Record<AttemptId, number> }
  | { type: 'unacknowledged'; serial: number }
  /** The way to the media thread, and the addresses that session descriptions name (MEDIA_ADDRESS); again after that thread was restarted. */
  | { type: 'media'; port: MessagePort; addresses: string }
  /** Ends every call (BYE or CANCEL with a reason) and answers `stopped`. */
  | { type: 'shut-down' }

export interface LineStatus {
  lineId: LineId
  state: 'up' | 'down' | 'probing'
  reason: string | null
  localPort: number
}

export type FromThread =
  | { type: 'calls'; events: VoiceCallEvent[] }
  /** `orphans`: the calls of a former process, which are ended now. */
  | { type: 'recovered'; orphans: AttemptId[]; whole: boolean }
  | { type: 'line-probed'; lineId: LineId; probeId: string; probe: LineProbe }
  | { type: 'line-state'; status: LineStatus; at: number }
  | { type: 'known'; serial: number; alive: AttemptId[]; neverSeen: AttemptId[]; talks: KnownTalk[]; ended: VoiceCallEvent[] }
  | { type: 'unacknowledged'; serial: number; events: VoiceCallEvent[] }
  | { type: 'counters'; counters: ThreadCounters }
  | { type: 'stopped' }

/** Counted since the thread started. */
export interface ThreadCounters {
  callsOpen: number
  /** Media ports that the next calls may take; those of ended calls rest first. */
  mediaPortsFree: number
  invites: number
  finals: number
  retransmissions: number
  datagramsIn: number
  datagramsOut: number
  malformed: number
  strangers: number
  wakeLateMaxMs: number
}
