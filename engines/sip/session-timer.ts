import { readCount } from './header/cseq.ts'
import { parseParams } from './header/params.ts'
import { header, headerList, type Headers } from './message.ts'
import { line } from './serialise.ts'
import { NEVER } from './transaction/timers.ts'

/** Session timers (RFC 4028): a session that nobody refreshes ends, so that no call outlives a dead peer for ever. */
export interface SessionTimerSettings {
  /** What we ask for, seconds; 1800 is the RFC's recommendation. */
  readonly intervalS: number
  /** The least we accept, seconds; never below 90 (§4). */
  readonly minS: number
}

export const SESSION_TIMER_DEFAULT: SessionTimerSettings = { intervalS: 1_800, minS: 90 }
/** The smallest interval the RFC allows, seconds. */
export const MIN_SE_S = 90
/** A day: what we accept at most, so that no peer can set a timer beyond what a timer can hold. */
const INTERVAL_MAX_S = 86_400

/** A running timer. Times: ms, monotonic. */
export interface SessionTimer {
  readonly intervalS: number
  readonly weRefresh: boolean
  /** When we refresh, NEVER if they do: at half the interval (§10). */
  readonly refreshAt: number
  /** When the session is over without a refresh: 32 s or a third of the interval before its end (§10). */
  readonly endsAt: number
}

export function startTimer(intervalS: number, weRefresh: boolean, now: number): SessionTimer {
  const intervalMs = intervalS * 1_000
  return {
    intervalS,
    weRefresh,
    refreshAt: weRefresh ? now + intervalMs / 2 : NEVER,
    endsAt: now + intervalMs - Math.min(32_000, intervalMs / 3),
  }
}

/** Lines of an INVITE or UPDATE of ours. `intervalS` may have grown after a 422; `refresher` only inside a dialog. */
export function offerLines(intervalS: number, minS: number, refresher?: 'uac' | 'uas'): string {
  const role = refresher === undefined ? '' : `;refresher=${refresher}`
  return line('Supported', 'timer') + line('Session-Expires', `${intervalS}${role}`) + (minS > MIN_SE_S ? line('Min-SE', String(minS)) : '')
}

export interface SessionExpires {
  readonly intervalS: number
  readonly refresher: 'uac' | 'uas' | null
}

/** The Session-Expires of a message; null when absent or malformed. */
export function readSessionExpires(message: Headers): SessionExpires | null {
  const value = header(message, 'session-expires')
  if (value === null) return null
  const semicolon = value.indexOf(';')
  const intervalS = readCount((semicolon < 0 ? value : value.slice(0, semicolon)).trim(), 2 ** 32)
  const params = parseParams(semicolon < 0 ? '' : value.slice(semicolon))
  if (intervalS === null || params === null) return null
  const refresher = params.get('refresher')?.toLowerCase()
  return {
    intervalS: Math.min(intervalS, INTERVAL_MAX_S),
    refresher: refresher === 'uac' || refresher === 'uas' ? refresher : null,
  }
}

/** The interval to ask for after a 422 (§7.4), or null when its Min-SE is missing or no reason to try again. */
export function afterTooSmall(response: Headers, askedS: number): number | null {
  const value = header(response, 'min-se')
  const minS = value === null ? null : readCount((value.split(';')[0] as string).trim(), INTERVAL_MAX_S)
  return minS === null || minS <= askedS ? null : minS
}

/** The timer a 2xx to our INVITE or UPDATE sets (§7.2); null when the peer wants none. */
export function timerOfAnswer(response: Headers, now: number): SessionTimer | null {
  const agreed = readSessionExpires(response)
  if (agreed === null) return null
  return startTimer(Math.max(agreed.intervalS, MIN_SE_S), agreed.refresher !== 'uas', now)
}

export type TimerAnswer =
  /** Answer 422 with these lines. */
  | { readonly kind: 'too-small'; readonly headers: string }
  /** Put these lines into the 2xx and run this timer. */
  | { readonly kind: 'agreed'; readonly headers: string; readonly timer: SessionTimer | null }

/** What we, as server of an INVITE or UPDATE, make of its timer (§9). We ask for none that the client did not ask for. */
export function answerTimer(request: Headers, minS: number, now: number): TimerAnswer {
  const asked = readSessionExpires(request)
  if (asked === null) return { kind: 'agreed', headers: '', timer: null }
  const clientSupports = headerList(request, 'supported').some((option) => option.toLowerCase() === 'timer')
  if (asked.intervalS < minS && clientSupports) return { kind: 'too-small', headers: line('Min-SE', String(minS)) }
  const intervalS = Math.max(asked.intervalS, MIN_SE_S)
  const refresher = clientSupports ? (asked.refresher ?? 'uac') : 'uas'
  const headers = line('Session-Expires', `${intervalS};refresher=${refresher}`) + (refresher === 'uac' ? line('Require', 'timer') : '')
  return { kind: 'agreed', headers, timer: startTimer(intervalS, refresher === 'uas', now) }
}
