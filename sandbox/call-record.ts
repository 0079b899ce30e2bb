/** What the carrier saw of one call. Times are unix ms. This is the truth that `chaos` judges by. */
export interface CallRecord {
  /** One Call-ID is one call: retransmissions and the answer to a challenge carry the same. */
  readonly callId: string
  /** `numberHash` of the called number; '' when the request named none. */
  readonly number: string
  /** host:port the INVITE came from. */
  readonly from: string
  readonly invitedAt: number
  /** INVITE datagrams beyond the first, same branch. */
  inviteRetransmissions: number
  /** Datagrams that we had to repeat. */
  ownRetransmissions: number
  /** Our first 180; a 183 is none. */
  ringingAt: number | null
  /** Our final answer to the INVITE. */
  finalStatus: number | null
  finalAt: number | null
  ackAt: number | null
  cancelAt: number | null
  /** Their BYE, or ours. */
  byeAt: number | null
  byeBy: 'caller' | 'callee' | null
  /** null while the call is open. */
  endedBy: 'caller' | 'callee' | 'rejected' | 'cancelled' | 'timeout' | 'carrier-stopped' | null
  endedAt: number | null
  /** Packets of the called end and those it got; null for a call without a voice. */
  rtp: { sent: number; received: number } | null
}

export function newRecord(callId: string, number: string, from: string, invitedAt: number): CallRecord {
  return {
    callId, number, from, invitedAt, inviteRetransmissions: 0, ownRetransmissions: 0, ringingAt: null, finalStatus: null,
    finalAt: null, ackAt: null, cancelAt: null, byeAt: null, byeBy: null, endedBy: null, endedAt: null, rtp: null,
  }
}

/** One line of the log: an INVITE as it came, and the whole call when it ended. */
export type LogLine =
  | { readonly event: 'invite'; readonly callId: string; readonly number: string; readonly from: string; readonly at: number }
  | ({ readonly event: 'end' } & CallRecord)
  | { readonly event: 'ack'; readonly callId: string; readonly at: number }

/**
 * Calls by Call-ID from the text of a log; one without its `end` is open. An unfinished last line (the carrier was
 * killed) is left out.
 */
export function readCallLog(text: string): Map<string, CallRecord> {
  const calls = new Map<string, CallRecord>()
  const repeats = new Map<string, number>()
  const lines = text.split('\n')
  lines.pop()
  for (const line of lines) {
    const entry = JSON.parse(line) as LogLine
    const known = calls.get(entry.callId)
    if (entry.event === 'end') {
      const { event: _, ...record } = entry
      calls.set(entry.callId, { ...record, inviteRetransmissions: record.inviteRetransmissions + (repeats.get(entry.callId) ?? 0) })
    } else if (entry.event === 'ack') {
      if (known !== undefined) known.ackAt = entry.at
    } else if (known === undefined) calls.set(entry.callId, newRecord(entry.callId, entry.number, entry.from, entry.at))
    else repeats.set(entry.callId, (repeats.get(entry.callId) ?? 0) + 1) // an INVITE that came again after all was over
  }
  return calls
}
