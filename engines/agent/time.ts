import { giveBack, isOffer, letGo, rest, stay } from './moves.ts'
import { GONE_HOME_MS, LEG_GRACE_MS } from './session.ts'
import type { AgentSession, AgentState, Rest, Step } from './session.ts'

const NEEDS_A_LEG: ReadonlySet<AgentState> = new Set<AgentState>(['ready', 'reserved', 'ringing', 'talking', 'on-hold'])
const LEG_LOST: Rest = { to: 'paused', reason: 'leg-lost' }
const NO_ANSWER: Rest = { to: 'paused', reason: 'no-answer' }

/** When time alone changes the session next, unix ms; null while it does not. */
export function wakeAt(session: AgentSession): number | null {
  const times = [session.until, legLostAt(session), goneHomeAt(session)].filter((at) => at !== null)
  return times.length === 0 ? null : Math.min(...times)
}

export function onTime(session: AgentSession, now: number): Step {
  if (isDue(legLostAt(session), now)) return legLost(session, now)
  if (isDue(session.until, now)) return expire(session, now)
  if (isDue(goneHomeAt(session), now)) return rest(session, { to: 'offline', reason: null }, now)
  return stay(session)
}

const isDue = (at: number | null, now: number): boolean => at !== null && at <= now

function legLostAt({ state, leg, legSince }: AgentSession): number | null {
  return leg !== 'up' && NEEDS_A_LEG.has(state) ? legSince + LEG_GRACE_MS : null
}

function goneHomeAt({ state, leg, legSince, since }: AgentSession): number | null {
  return state === 'paused' && leg === 'down' ? Math.max(legSince, since) + GONE_HOME_MS : null
}

/** A person who has answered is voice's to console; one who has not must not be answered by nobody. */
function legLost(session: AgentSession, now: number): Step {
  const hasTalked = session.state === 'talking' || session.state === 'on-hold'
  return rest(session, LEG_LOST, now, hasTalked ? [] : letGo(session))
}

/** The card, or the caller who rang, was not answered; the call took longer than its ring time and ours; the notes took long enough. */
function expire(session: AgentSession, now: number): Step {
  if (isOffer(session.call) || session.call?.phase === 'asked') return rest(session, NO_ANSWER, now, giveBack(session))
  return rest(session, session.next, now, letGo(session))
}
