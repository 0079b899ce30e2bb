/** The sandbox carrier's own log, read as the truth: what really reached the network. It holds hashes, no numbers. */
import { existsSync, readFileSync } from 'node:fs'

export interface CarrierCall {
  callId: string
  /** The attempt the Call-ID names. */
  attemptId: string
  /** Keyed hash of the called number: the same person is the same hash. */
  number: string
  invitedAt: number
  finalStatus: number | null
  endedAt: number | null
}

/** A later leg of an attempt is `id@2.loopline`. */
const attemptOf = (callId: string): string => callId.replace(/@(?:\d+\.)?loopline$/, '')

interface Line {
  event: 'invite' | 'end' | 'ack'
  callId: string
  number?: string
  at?: number
  invitedAt?: number
  finalStatus?: number | null
  endedAt?: number | null
}

/** Distinct calls by Call-ID, in the order of their INVITEs. A line cut by a kill is the last one and is left out. */
export function readCarrierLog(file: string): CarrierCall[] {
  if (!existsSync(file)) return []
  const calls = new Map<string, CarrierCall>()
  const lines = readFileSync(file, 'utf8').split('\n')
  lines.pop()
  for (const text of lines) {
    const line = JSON.parse(text) as Line
    const known = calls.get(line.callId)
    if (line.event === 'invite' && !known) {
      calls.set(line.callId, {
        callId: line.callId, attemptId: attemptOf(line.callId), number: line.number ?? '', invitedAt: line.at ?? 0, finalStatus: null, endedAt: null,
      })
    }
    if (line.event === 'end') {
      const call = known ?? { callId: line.callId, attemptId: attemptOf(line.callId), number: line.number ?? '', invitedAt: line.invitedAt ?? 0 }
      calls.set(line.callId, { ...call, finalStatus: line.finalStatus ?? null, endedAt: line.endedAt ?? null })
    }
  }
  return [...calls.values()]
}
