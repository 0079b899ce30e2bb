import type { AgentSession, Effect, Input, LegState, Refused, Rest, ServedCall, Step } from './session.ts'

type Of<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>

/** Nobody is spoken with yet, and saying no costs nobody his call: a card, or a caller who rings. */
export const isOffer = (call: ServedCall | null): boolean => call?.phase === 'preview' || call?.phase === 'incoming'

export const refuse = (refused: Refused): Step => ({ ok: false, refused })
export const stay = (session: AgentSession): Step => ({ ok: true, session, effects: [] })

/** To a place of rest. Without a leg that was tested nobody is ready: he is paused, and says so himself when he can hear again. */
export function rest(session: AgentSession, { to, reason }: Rest, now: number, effects: readonly Effect[] = []): Step {
  const bar = to === 'ready' ? BARS[barOf(session) ?? 'none'] : null
  const [state, because] = bar === null ? ([to, to === 'ready' ? null : reason] as const) : (['paused', bar] as const)
  const isSame = session.state === state && session.reason === because && session.call === null
  const next: AgentSession = { ...session, state, reason: because, since: isSame ? session.since : now, call: null, until: null, isTested: session.isTested && to !== 'offline' }
  return { ok: true, session: next, effects: to === 'offline' ? [...effects, { do: 'drop-leg' }] : effects }
}

/** Why the paused one could not be ready. */
const BARS = { 'leg-down': 'leg-lost', untested: 'self-test', none: null } as const

function barOf({ leg, isTested }: AgentSession): 'leg-down' | 'untested' | null {
  if (leg !== 'up') return 'leg-down'
  return isTested ? null : 'untested'
}

export function signOn(session: AgentSession, now: number): Step {
  return rest(session, { to: 'paused', reason: 'signed-on' }, now)
}

export function noteLeg(session: AgentSession, leg: LegState, now: number): Step {
  return session.leg === leg ? stay(session) : stay({ ...session, leg, legSince: now })
}

/**
 * A call is served to its end whatever becomes of the test; who waits for one waits no more without. Who wished to be ready and was
 * kept from it by nothing but the test is, once it passed.
 */
export function noteTested(session: AgentSession, isTested: boolean, now: number): Step {
  if (session.isTested === isTested) return stay(session)
  const next = { ...session, isTested }
  const isConcerned = isTested ? session.state === 'paused' && session.reason === BARS.untested : session.state === 'ready'
  return isConcerned ? rest(next, { to: 'ready', reason: null }, now) : stay(next)
}

/** At rest, and in wrap-up, a wish is fulfilled at once; who waits for notes has none. */
export function goAtOnce(session: AgentSession, wish: Rest, now: number): Step {
  const bar = wish.to === 'ready' ? barOf(session) : null
  return bar === null ? rest(session, wish, now) : refuse(bar)
}

/** A card that nobody has answered is given back, a colleague's question answered with no; a call that has left is served first. */
export function goWhenFree(session: AgentSession, wish: Rest, now: number): Step {
  if (!isOffer(session.call) && session.call?.phase !== 'asked') return stay({ ...session, next: wish })
  return wish.to === 'ready' ? stay(session) : rest(session, wish, now, giveBack(session))
}

export function offer(session: AgentSession, { attemptId, until }: Of<'offer'>, now: number): Step {
  if (session.leg !== 'up') return refuse('leg-down')
  return serve(session, { attemptId, phase: 'preview', connectedAt: null }, until, now)
}

export function reserve(session: AgentSession, { attemptId, until }: Of<'reserve'>, now: number): Step {
  if (session.leg !== 'up') return refuse('leg-down')
  return serve(session, { attemptId, phase: 'dialing', connectedAt: null }, until, now)
}

export function ask(session: AgentSession, { attemptId, until }: Of<'ask'>, now: number): Step {
  if (session.leg !== 'up') return refuse('leg-down')
  return serve(session, { attemptId, phase: 'asked', connectedAt: null }, until, now)
}

export function askByHand(session: AgentSession, input: Of<'ask'>, now: number): Step {
  return input.byHand ? ask(session, input, now) : refuse('wrong-state')
}

export function agree(session: AgentSession, { until }: Of<'agreed'>): Step {
  return session.call?.phase === 'asked' ? stay({ ...session, until }) : refuse('wrong-state')
}

export function unask(session: AgentSession, now: number): Step {
  return session.call?.phase === 'asked' ? rest(session, session.next, now) : refuse('wrong-state')
}

/** The agent's own wish to dial: from a pause he goes back to the pause. */
export function reserveByHand(session: AgentSession, input: Of<'reserve'>, now: number): Step {
  return input.byHand ? reserve(session, input, now) : refuse('wrong-state')
}

/** A card becomes a call; another call does not push a card aside. */
export function accept(session: AgentSession, input: Of<'reserve'>, now: number): Step {
  if (session.call?.phase !== 'preview' || session.call.attemptId !== input.attemptId) return refuse('wrong-state')
  return reserve(session, input, now)
}

/** A caller is rung through only to who is ready. */
export function callIn(session: AgentSession, { attemptId, until }: Of<'call-in'>, now: number): Step {
  if (session.leg !== 'up') return refuse('leg-down')
  const served = serve(session, { attemptId, phase: 'incoming', connectedAt: null }, until, now)
  return served.ok ? stay({ ...served.session, state: 'ringing' }) : served
}

export function takeCall(session: AgentSession, { until }: Of<'take-call'>): Step {
  const { call } = session
  if (call?.phase !== 'incoming') return refuse('wrong-state')
  if (session.leg !== 'up') return refuse('leg-down')
  return stay({ ...session, call: { ...call, phase: 'ringing' }, until })
}

function serve(session: AgentSession, call: ServedCall, until: number, now: number): Step {
  const next = session.state === 'ready' || session.state === 'paused' ? { to: session.state, reason: session.reason } : session.next
  return stay({ ...session, state: 'reserved', reason: null, since: now, call, next, until })
}

export function cardGone(session: AgentSession, now: number): Step {
  return isOffer(session.call) ? rest(session, session.next, now) : refuse('wrong-state')
}

export function phase(session: AgentSession, kind: 'placed' | 'ringing', now: number): Step {
  const { call } = session
  if (!call || isOffer(call) || call.phase === 'asked') return refuse('wrong-state')
  const isKnown = session.state === 'ringing'
  if (isKnown && (kind === 'placed' || call.phase === 'ringing')) return stay(session)
  return stay({ ...session, state: 'ringing', since: isKnown ? session.since : now, call: { ...call, phase: kind === 'placed' ? 'dialing' : 'ringing' } })
}

export function connect(session: AgentSession, now: number): Step {
  const { call } = session
  if (!call || call.phase === 'preview') return refuse('wrong-state')
  return stay({ ...session, state: 'talking', since: now, call: { ...call, phase: 'talking', connectedAt: now }, until: null })
}

export function hold(session: AgentSession, on: boolean, now: number): Step {
  const state = on ? 'on-hold' : 'talking'
  return session.state === state ? stay(session) : stay({ ...session, state, since: now, call: session.call && { ...session.call, phase: state } })
}

/** Time for notes, if the call earned any; otherwise on to where the agent wished to be. */
export function end(session: AgentSession, wrapUpMs: number, now: number): Step {
  if (!session.call || wrapUpMs <= 0) return rest(session, session.next, now)
  return stay({ ...session, state: 'wrap-up', reason: null, since: now, call: { ...session.call, phase: 'ended' }, until: now + wrapUpMs })
}

export function extend(session: AgentSession, ms: number): Step {
  return stay({ ...session, until: (session.until ?? session.since) + ms })
}

export const giveBack = ({ call }: AgentSession): Effect[] => (call !== null && isOffer(call) ? [{ do: 'give-back', attemptId: call.attemptId }] : [])

/** What becomes of the call of a session that is freed: a card goes back, a caller rings elsewhere, a call that has not ended is ended. */
export function letGo({ call }: AgentSession): Effect[] {
  if (!call || call.phase === 'ended' || call.phase === 'asked') return []
  return [{ do: isOffer(call) ? 'give-back' : 'hang-up', attemptId: call.attemptId }]
}
