import { calledNumber } from '../called-number.ts'
import type { Peer } from '../network.ts'
import type { Wish } from './callers.ts'

const TALK_MS = 10_000
const PATIENCE_MS = 45_000
const TIME_MAX_MS = 600_000

/** What the control port is asked for; a text saying what is wrong with it otherwise. @param known the line that was heard of last. */
export function readWish(body: unknown, known: Peer | null): Wish | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'an object { from, to, peer?, talkMs?, patienceMs? } is wanted'
  const { from, to, peer, talkMs = TALK_MS, patienceMs = PATIENCE_MS } = body as Record<string, unknown>
  const number = typeof from === 'string' ? calledNumber(`sip:${from}@sandbox`) : null
  if (number === null) return 'from is the number of who calls, +8613900000016'
  if (typeof to !== 'string' || !/^\+?[0-9*#-]{3,20}$/.test(to)) return 'to is a caller ID of the line'
  const line = peer === undefined ? known : readPeer(peer)
  if (line === null) return 'peer is host:port of the line; without one a line must have been heard of'
  if (!isTime(talkMs) || !isTime(patienceMs)) return 'talkMs and patienceMs are milliseconds, up to 600000'
  return { from: number, to, peer: line, talkMs, patienceMs }
}

const isTime = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= TIME_MAX_MS

function readPeer(text: unknown): Peer | null {
  const [, address, port] = typeof text === 'string' ? (/^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/.exec(text) ?? []) : []
  return address === undefined ? null : { address, port: Number(port) }
}
