import { accept, agree, ask, askByHand, callIn, cardGone, connect, end, extend, goAtOnce, goWhenFree, hold, letGo, noteLeg, noteTested, offer, phase, refuse, reserve, reserveByHand, rest, signOn, stay, takeCall, unask } from './moves.ts'
import type { AgentSession, AgentState, Input, Step } from './session.ts'
import { onTime } from './time.ts'

type Cells = { readonly [Kind in Input['kind']]?: (session: AgentSession, input: Extract<Input, { kind: Kind }>, now: number) => Step }

const SIGNED_ON: Cells = {
  'sign-on': (session, { isOtherPhone = false }, now) => (isOtherPhone ? noteTested(session, false, now) : stay(session)),
  leg: (session, { leg }, now) => noteLeg(session, leg, now),
  tested: (session, { isTested }, now) => noteTested(session, isTested, now),
  time: (session, _, now) => onTime(session, now),
  forced: (session, { to }, now) => rest(session, { to, reason: 'forced' }, now, letGo(session)),
}
const AT_REST: Cells = { ...SIGNED_ON, wish: (session, { rest: wish }, now) => goAtOnce(session, wish, now) }
const SERVING: Cells = {
  ...SIGNED_ON,
  wish: (session, { rest: wish }, now) => goWhenFree(session, wish, now),
  ended: (session, { wrapUpMs }, now) => end(session, wrapUpMs, now),
}
const ON_CALL: Cells = {
  ...SERVING,
  connected: (session) => stay(session),
  hold: (session, { on }, now) => hold(session, on, now),
}
const BEFORE_ANSWER: Cells = {
  ...SERVING,
  placed: (session, { kind }, now) => phase(session, kind as 'placed', now),
  ringing: (session, { kind }, now) => phase(session, kind as 'ringing', now),
  connected: (session, _, now) => connect(session, now),
}

/** What each state does with each input; an absent cell refuses it as `wrong-state`. */
export const AGENT_TABLE: Record<AgentState, Cells> = {
  offline: { leg: SIGNED_ON.leg as NonNullable<Cells['leg']>, time: (session) => stay(session), 'sign-on': (session, _, now) => signOn(session, now) },
  ready: { ...AT_REST, offer, reserve, ask, 'call-in': callIn },
  paused: { ...AT_REST, reserve: reserveByHand, ask: askByHand },
  reserved: { ...BEFORE_ANSWER, reserve: accept, 'card-gone': (session, _, now) => cardGone(session, now), agreed: agree, unasked: (session, _, now) => unask(session, now) },
  ringing: { ...BEFORE_ANSWER, 'take-call': (session, input) => takeCall(session, input), 'card-gone': (session, _, now) => cardGone(session, now) },
  talking: ON_CALL,
  'on-hold': ON_CALL,
  'wrap-up': {
    ...AT_REST, reserve: reserveByHand, ask: askByHand,
    wrapped: (session, { rest: wish }, now) => rest(session, wish, now),
    extend: (session, { ms }) => extend(session, ms),
  },
}

/** Inputs about a call move only the session that serves it. */
const ABOUT_THE_CALL: ReadonlySet<Input['kind']> = new Set<Input['kind']>(['card-gone', 'take-call', 'agreed', 'unasked', 'placed', 'ringing', 'connected', 'hold', 'ended'])

/** One input at one instant (unix ms). The session is never changed in place. */
export function step(session: AgentSession, input: Input, now: number): Step {
  if (ABOUT_THE_CALL.has(input.kind) && 'attemptId' in input && input.attemptId !== session.call?.attemptId) return refuse('other-call')
  const cell = AGENT_TABLE[session.state][input.kind] as ((session: AgentSession, input: Input, now: number) => Step) | undefined
  return cell ? cell(session, input, now) : refuse('wrong-state')
}
