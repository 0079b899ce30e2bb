import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GONE_HOME_MS, LEG_GRACE_MS, signedOff } from './session.ts'
import type { AgentSession, Effect, Input, Refused, RestState } from './session.ts'
import { step } from './step.ts'
import { wakeAt } from './time.ts'

const T = 1_000_000
const A = 'attempt-a'
const rest = (to: RestState, reason: string | null = null): Extract<Input, { kind: 'wish' }> => ({ kind: 'wish', rest: { to, reason } })
const reserve = (byHand = false, attemptId = A): Input => ({ kind: 'reserve', attemptId, until: T + 40_000, byHand })
const OFFER: Input = { kind: 'offer', attemptId: A, until: T + 45_000 }
const ended = (wrapUpMs: number): Input => ({ kind: 'ended', attemptId: A, wrapUpMs })
const UP: Input = { kind: 'leg', leg: 'up' }
const DOWN: Input = { kind: 'leg', leg: 'down' }
const on = (kind: 'placed' | 'ringing' | 'connected'): Input => ({ kind, attemptId: A })

/** The session after these inputs, all at T; a refusal fails the test. */
function after(...inputs: Input[]): AgentSession {
  return inputs.reduce((session, input) => {
    const taken = step(session, input, T)
    if (!taken.ok) throw new Error(`${input.kind} was refused in ${session.state}: ${taken.refused}`)
    return taken.session
  }, signedOff(0))
}
const TESTED: Input = { kind: 'tested', isTested: true }
const UNTESTED: Input = { kind: 'tested', isTested: false }
const READY = [{ kind: 'sign-on' }, UP, TESTED, rest('ready')] as const satisfies Input[]
const TALKING = [...READY, reserve(), on('placed'), on('connected')]

describe('a shift', () => {
  const cases: { name: string; given: Input[]; input: Input; at?: number; want: Partial<AgentSession>; effects?: Effect[] }[] = [
    { name: 'signs on and pauses until he says ready', given: [], input: { kind: 'sign-on' }, want: { state: 'paused', reason: 'signed-on' } },
    { name: 'says ready', given: [{ kind: 'sign-on' }, UP, TESTED], input: rest('ready'), want: { state: 'ready', reason: null } },
    { name: 'is reserved before the call leaves', given: [...READY], input: reserve(), want: { state: 'reserved', next: { to: 'ready', reason: null } } },
    { name: 'the INVITE left', given: [...READY, reserve()], input: on('placed'), want: { state: 'ringing', call: { attemptId: A, phase: 'dialing', connectedAt: null } } },
    { name: 'the phone rings', given: [...READY, reserve(), on('placed')], input: on('ringing'), want: { state: 'ringing', call: { attemptId: A, phase: 'ringing', connectedAt: null } } },
    { name: 'an answer without a word of ringing', given: [...READY, reserve()], input: on('connected'), want: { state: 'talking', until: null, call: { attemptId: A, phase: 'talking', connectedAt: T } } },
    { name: 'holds', given: TALKING, input: { kind: 'hold', attemptId: A, on: true }, want: { state: 'on-hold' } },
    { name: 'resumes', given: [...TALKING, { kind: 'hold', attemptId: A, on: true }], input: { kind: 'hold', attemptId: A, on: false }, want: { state: 'talking' } },
    { name: 'has time for notes', given: TALKING, input: ended(30_000), want: { state: 'wrap-up', until: T + 30_000, call: { attemptId: A, phase: 'ended', connectedAt: T } } },
    { name: 'no answer, on to the next', given: [...READY, reserve(), on('placed')], input: ended(0), want: { state: 'ready', call: null } },
    { name: 'wished for a break during the call and gets it after the notes', given: [...TALKING, rest('paused', 'break'), ended(30_000)], input: { kind: 'time' }, at: T + 30_000, want: { state: 'paused', reason: 'break', call: null } },
    { name: 'wants more time', given: [...TALKING, ended(30_000)], input: { kind: 'extend', ms: 60_000 }, want: { state: 'wrap-up', until: T + 90_000 } },
    { name: 'is done with the notes', given: [...TALKING, ended(30_000)], input: { kind: 'wrapped', rest: { to: 'ready', reason: null } }, want: { state: 'ready', until: null } },
    { name: 'goes home in the middle of a call: served first', given: TALKING, input: rest('offline'), want: { state: 'talking', next: { to: 'offline', reason: null } } },
    { name: 'goes home', given: [...READY], input: rest('offline'), want: { state: 'offline' }, effects: [{ do: 'drop-leg' }] },
    { name: 'dials by hand from a break and goes back to it', given: [...READY, rest('paused', 'break')], input: reserve(true), want: { state: 'reserved', next: { to: 'paused', reason: 'break' } } },
    { name: 'goes home, and the test is of yesterday', given: [...READY], input: rest('offline'), want: { state: 'offline', isTested: false }, effects: [{ do: 'drop-leg' }] },
    { name: 'speaks through something else: ready no more', given: [...READY], input: UNTESTED, want: { state: 'paused', reason: 'self-test' } },
    { name: 'spoke through something else, which was then tested: ready again', given: [...READY, UNTESTED], input: TESTED, want: { state: 'ready', reason: null } },
    { name: 'a test in a break ends no break', given: [{ kind: 'sign-on' }, UP, rest('paused', 'break')], input: TESTED, want: { state: 'paused', reason: 'break' } },
    { name: 'speaks through something else in a call: the call goes on', given: TALKING, input: UNTESTED, want: { state: 'talking', isTested: false } },
    { name: 'spoke through something else in a call: paused after the notes', given: [...TALKING, UNTESTED, ended(30_000)], input: { kind: 'wrapped', rest: { to: 'ready', reason: null } }, want: { state: 'paused', reason: 'self-test' } },
    { name: 'takes another telephone, which nobody has tested', given: [...READY], input: { kind: 'sign-on', isOtherPhone: true }, want: { state: 'paused', reason: 'self-test', isTested: false } },
    { name: 'a second page changes nothing', given: TALKING, input: { kind: 'sign-on' }, want: { state: 'talking' } },
  ]
  test.each(cases)('$name', ({ given, input, at = T, want, effects = [] }) => {
    expect(step(after(...given), input, at)).toMatchObject({ ok: true, session: want, effects })
  })
})

describe('a colleague asks', () => {
  const ask = (byHand = false): Input => ({ kind: 'ask', attemptId: A, until: T + 20_000, byHand })
  const asked = [...READY, ask()]
  const agreed: Input = { kind: 'agreed', attemptId: A, until: T + 5_000 }
  const cases: { name: string; given?: Input[]; input: Input; at?: number; want: Partial<AgentSession> }[] = [
    { name: 'who is ready', given: READY as unknown as Input[], input: ask(), want: { state: 'reserved', until: T + 20_000, call: { attemptId: A, phase: 'asked', connectedAt: null } } },
    { name: 'a lead who takes over from a break', given: [...READY, rest('paused', 'break')], input: ask(true), want: { state: 'reserved', next: { to: 'paused', reason: 'break' } } },
    { name: 'yes', input: agreed, want: { state: 'reserved', until: T + 5_000 } },
    { name: 'yes, and he is joined', given: [...asked, agreed], input: on('connected'), want: { state: 'talking', until: null, call: { attemptId: A, phase: 'talking', connectedAt: T } } },
    { name: 'no', input: { kind: 'unasked', attemptId: A }, want: { state: 'ready', call: null } },
    { name: 'no answer in time', input: { kind: 'time' }, at: T + 20_000, want: { state: 'paused', reason: 'no-answer', call: null } },
    { name: 'a break instead', input: rest('paused', 'meal'), want: { state: 'paused', reason: 'meal', call: null } },
    { name: 'freed by a lead', input: { kind: 'forced', to: 'paused' }, want: { state: 'paused', reason: 'forced', call: null } },
    { name: 'the person hung up meanwhile', input: ended(0), want: { state: 'ready', call: null } },
  ]
  test.each(cases)('$name: the call is not his to end', ({ given = asked, input, at = T, want }) => {
    expect(step(after(...given), input, at)).toMatchObject({ ok: true, session: want, effects: [] })
  })
  test('his leg is lost', () => {
    expect(step(after(...asked, DOWN), { kind: 'time' }, T + LEG_GRACE_MS)).toMatchObject({ ok: true, session: { state: 'paused', reason: 'leg-lost', call: null }, effects: [] })
  })
  test.each([['on a break', [...READY, rest('paused', 'break')]], ['on a call', TALKING], ['without a telephone', [...READY, DOWN]]] as [string, Input[]][])('nobody %s', (_, given) => {
    expect(step(after(...given), ask(), T).ok).toBe(false)
  })
})

describe('a caller', () => {
  const rings = [...READY, { kind: 'call-in', attemptId: A, until: T + 20_000 }] as const satisfies Input[]
  const takes = [...rings, { kind: 'take-call', attemptId: A, until: T + 10_000 }] as const satisfies Input[]
  const cases: { name: string; given?: Input[]; input: Input; at?: number; want: Partial<AgentSession>; effects?: Effect[] }[] = [
    { name: 'rings', given: [...READY], input: { kind: 'call-in', attemptId: A, until: T + 20_000 }, want: { state: 'ringing', until: T + 20_000, next: { to: 'ready', reason: null }, call: { attemptId: A, phase: 'incoming', connectedAt: null } } },
    { name: 'is taken', input: { kind: 'take-call', attemptId: A, until: T + 10_000 }, want: { state: 'ringing', until: T + 10_000, call: { attemptId: A, phase: 'ringing', connectedAt: null } } },
    { name: 'is heard', given: takes, input: on('connected'), want: { state: 'talking', until: null } },
    { name: 'is heard, before our yes is known here', input: on('connected'), want: { state: 'talking', until: null } },
    { name: 'is declined', input: { kind: 'card-gone', attemptId: A }, want: { state: 'ready', call: null } },
    { name: 'is not answered', input: { kind: 'time' }, at: T + 20_000, want: { state: 'paused', reason: 'no-answer', call: null }, effects: [{ do: 'give-back', attemptId: A }] },
    { name: 'gives up', input: ended(0), want: { state: 'ready', call: null } },
    { name: 'rings elsewhere when the agent goes for a break', input: rest('paused', 'meal'), want: { state: 'paused', reason: 'meal', call: null }, effects: [{ do: 'give-back', attemptId: A }] },
    { name: 'rings elsewhere when the agent is freed', input: { kind: 'forced', to: 'paused' }, want: { state: 'paused', call: null }, effects: [{ do: 'give-back', attemptId: A }] },
    { name: 'is hung up on when nothing joins the two', given: takes, input: { kind: 'time' }, at: T + 10_000, want: { state: 'ready', call: null }, effects: [{ do: 'hang-up', attemptId: A }] },
  ]
  test.each(cases)('$name', ({ given = rings, input, at = T, want, effects = [] }) => {
    expect(step(after(...given), input, at)).toMatchObject({ ok: true, session: want, effects })
  })
  const refused: { name: string; given: Input[]; input: Input; why: Refused }[] = [
    { name: 'whoever looks at a card', given: [...READY, OFFER], input: { kind: 'call-in', attemptId: 'b', until: T }, why: 'wrong-state' },
    { name: 'whoever talks', given: TALKING, input: { kind: 'call-in', attemptId: 'b', until: T }, why: 'wrong-state' },
    { name: 'whoever has a break', given: [...READY, rest('paused', 'meal')], input: { kind: 'call-in', attemptId: A, until: T }, why: 'wrong-state' },
    { name: 'whoever writes notes', given: [...TALKING, ended(30_000)], input: { kind: 'call-in', attemptId: 'b', until: T }, why: 'wrong-state' },
    { name: 'whoever has taken it already', given: takes, input: { kind: 'take-call', attemptId: A, until: T }, why: 'wrong-state' },
  ]
  test.each(refused)('is not rung through to $name', ({ given, input, why }) => {
    expect(step(after(...given), input, T)).toEqual({ ok: false, refused: why })
  })
})

describe('a card', () => {
  const shown = [...READY, OFFER]
  const cases: { name: string; input: Input; at?: number; want: Partial<AgentSession>; effects?: Effect[] }[] = [
    { name: 'accepted', input: reserve(), want: { state: 'reserved', call: { attemptId: A, phase: 'dialing', connectedAt: null } } },
    { name: 'skipped', input: { kind: 'card-gone', attemptId: A }, want: { state: 'ready', call: null } },
    { name: 'not answered', input: { kind: 'time' }, at: T + 45_000, want: { state: 'paused', reason: 'no-answer', call: null }, effects: [{ do: 'give-back', attemptId: A }] },
    { name: 'a break instead', input: rest('paused', 'meal'), want: { state: 'paused', reason: 'meal' }, effects: [{ do: 'give-back', attemptId: A }] },
  ]
  test.each(cases)('$name', ({ input, at = T, want, effects = [] }) => {
    expect(step(after(...shown), input, at)).toMatchObject({ ok: true, session: want, effects })
  })
})

describe('a leg that is lost', () => {
  const cases: { name: string; given: Input[]; want: Partial<AgentSession>; effects?: Effect[] }[] = [
    { name: 'ready: takes no call', given: [...READY], want: { state: 'paused', reason: 'leg-lost' } },
    { name: 'talking: voice consoles the customer', given: TALKING, want: { state: 'paused', reason: 'leg-lost', call: null } },
    { name: 'ringing: nobody must answer into nothing', given: [...READY, reserve(), on('placed')], want: { state: 'paused', reason: 'leg-lost' }, effects: [{ do: 'hang-up', attemptId: A }] },
    { name: 'before a card: it goes back', given: [...READY, OFFER], want: { state: 'paused', reason: 'leg-lost' }, effects: [{ do: 'give-back', attemptId: A }] },
  ]
  test.each(cases)('$name', ({ given, want, effects = [] }) => {
    const lost = after(...given, DOWN)
    expect(wakeAt(lost)).toBe(T + LEG_GRACE_MS)
    expect(step(lost, { kind: 'time' }, T + LEG_GRACE_MS - 1)).toMatchObject({ ok: true, session: { state: lost.state } })
    expect(step(lost, { kind: 'time' }, T + LEG_GRACE_MS)).toMatchObject({ ok: true, session: want, effects })
  })

  test('that is back in time keeps the call', () => {
    expect(wakeAt(after(...TALKING, DOWN, UP))).toBeNull()
  })

  test('during the notes costs nothing but the next call', () => {
    const wrapping = after(...TALKING, DOWN, ended(30_000))
    expect(step(wrapping, { kind: 'time' }, T + 29_000)).toMatchObject({ session: { state: 'wrap-up' } })
    expect(step(wrapping, { kind: 'time' }, T + 30_000)).toMatchObject({ session: { state: 'paused', reason: 'leg-lost' } })
  })

  test('and that never comes back has gone home', () => {
    const gone = after({ kind: 'sign-on' })
    expect(step(gone, { kind: 'time' }, T + GONE_HOME_MS)).toMatchObject({ session: { state: 'offline' }, effects: [{ do: 'drop-leg' }] })
  })
})

describe('what is refused', () => {
  const cases: { name: string; given: Input[]; input: Input; because: Refused }[] = [
    { name: 'ready without a leg', given: [{ kind: 'sign-on' }], input: rest('ready'), because: 'leg-down' },
    { name: 'ready without a test', given: [{ kind: 'sign-on' }, UP], input: rest('ready'), because: 'untested' },
    { name: 'a call for a lost leg', given: [...READY, DOWN], input: reserve(), because: 'leg-down' },
    { name: 'a second call', given: [...READY, reserve()], input: reserve(false, 'attempt-b'), because: 'wrong-state' },
    { name: 'a campaign’s call in a break', given: [...READY, rest('paused')], input: reserve(), because: 'wrong-state' },
    { name: 'another call over a card', given: [...READY, OFFER], input: reserve(true, 'attempt-b'), because: 'wrong-state' },
    { name: 'the end of another call', given: TALKING, input: { kind: 'ended', attemptId: 'attempt-b', wrapUpMs: 0 }, because: 'other-call' },
    { name: 'an answer to nothing', given: [...READY, OFFER], input: on('connected'), because: 'wrong-state' },
  ]
  test.each(cases)('$name', ({ given, input, because }) => {
    expect(step(after(...given), input, T)).toEqual({ ok: false, refused: because })
  })
})

describe('over any inputs', () => {
  const anyRest = fc.record({ to: fc.constantFrom<RestState>('ready', 'paused', 'offline'), reason: fc.constantFrom(null, 'break') })
  const attemptId = fc.constantFrom(A, 'attempt-b')
  const anyInput: fc.Arbitrary<Input> = fc.oneof(
    fc.constant<Input>({ kind: 'sign-on' }), fc.constant<Input>({ kind: 'time' }),
    fc.record({ kind: fc.constant('leg' as const), leg: fc.constantFrom('up' as const, 'up' as const, 'down' as const, 'registered' as const) }),
    fc.record({ kind: fc.constant('tested' as const), isTested: fc.boolean() }),
    fc.record({ kind: fc.constantFrom('wish' as const, 'wrapped' as const), rest: anyRest }),
    fc.record({ kind: fc.constant('offer' as const), attemptId, until: fc.constant(T + 9_000) }),
    fc.record({ kind: fc.constant('reserve' as const), attemptId, until: fc.constant(T + 9_000), byHand: fc.boolean() }),
    fc.record({ kind: fc.constantFrom('placed' as const, 'ringing' as const, 'connected' as const, 'card-gone' as const), attemptId }),
    fc.record({ kind: fc.constant('ask' as const), attemptId, until: fc.constant(T + 9_000), byHand: fc.boolean() }),
    fc.record({ kind: fc.constant('agreed' as const), attemptId, until: fc.constant(T + 12_000) }),
    fc.record({ kind: fc.constant('unasked' as const), attemptId }),
    fc.record({ kind: fc.constant('hold' as const), attemptId, on: fc.boolean() }),
    fc.record({ kind: fc.constant('ended' as const), attemptId, wrapUpMs: fc.constantFrom(0, 5_000) }),
    fc.record({ kind: fc.constant('extend' as const), ms: fc.constant(1_000) }),
  )
  const anySession = fc.array(fc.record({ input: anyInput, afterMs: fc.nat(4_000) }), { maxLength: 40 }).map((story) => {
    let session = after(...READY)
    let now = T
    for (const { input, afterMs } of story) {
      now += afterMs
      const taken = step(session, input, now)
      if (taken.ok) session = taken.session
    }
    return { session, now }
  })
  const FREE = ['ready', 'paused', 'offline']
  const BUSY = ['reserved', 'ringing', 'talking', 'on-hold', 'wrap-up']

  test('a force leads to rest from everywhere, and nothing is left behind', () => {
    fc.assert(fc.property(anySession, fc.constantFrom<RestState>('ready', 'paused', 'offline'), ({ session, now }, to) => {
      const taken = step(session, { kind: 'forced', to }, now)
      if (session.state === 'offline') {
        expect(taken.ok).toBe(false)
        return
      }
      expect(taken).toMatchObject({ ok: true, session: { call: null, until: null } })
      expect(FREE).toContain(taken.ok && taken.session.state)
    }))
  })

  test('time alone leads to rest from everywhere once the leg is gone', () => {
    fc.assert(fc.property(anySession, ({ session, now }) => {
      let here = session
      let at = now
      const lost = step(here, DOWN, at)
      if (lost.ok) here = lost.session
      for (let turns = 0; !FREE.includes(here.state); turns++) {
        expect(turns).toBeLessThan(3)
        at = Math.max(at, wakeAt(here) as number)
        const taken = step(here, { kind: 'time' }, at)
        if (taken.ok) here = taken.session
      }
      expect(here.call).toBeNull()
    }))
  })

  test('time alone ends everything but a talk', () => {
    fc.assert(fc.property(anySession, ({ session }) => {
      if (BUSY.includes(session.state) && session.state !== 'talking' && session.state !== 'on-hold') expect(wakeAt(session)).not.toBeNull()
    }))
  })

  test('exactly the busy serve a call', () => {
    fc.assert(fc.property(anySession, ({ session }) => {
      expect(session.call !== null).toBe(BUSY.includes(session.state))
    }))
  })

  test('nobody is ready through a telephone that was not tested', () => {
    fc.assert(fc.property(anySession, ({ session }) => {
      if (session.state === 'ready' || session.state === 'offline') expect(session.isTested).toBe(session.state === 'ready')
    }))
  })
})
