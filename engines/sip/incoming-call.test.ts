import { describe, expect, test } from 'vitest'
import type { CallEffect } from './call-effect.ts'
import { header } from './message.ts'
import { ANSWER, CALLER, nameOf, Story } from './test/story.ts'
import { formatRequest } from './serialise.ts'
import { parsed } from './test/story.ts'
import { isNewAttempt, takeCall, step, wakeAt, type IncomingInput } from './incoming-call.ts'
import { CALLEE } from './test/story.ts'

const rung = (): Story => new Story().flow().calleeDoes({ kind: 'ring' }).flow()

describe('an incoming call', () => {
  test('a 200 is repeated until its ACK, 4 s apart at most; after 32 s the call is ended (§13.3.1.4)', () => {
    const story = new Story({}, (line) => (nameOf(line.message) === 'ACK' ? 'lose' : 'deliver')).flow()
    story.calleeDoes({ kind: 'answer', sdp: ANSWER }).pass(40_000)
    const at = story.lines.filter((line) => nameOf(line.message) === '200 INVITE').map((line) => line.at)
    expect(at).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
    expect(story.ended('callee')).toMatchObject({ by: 'timeout', cause: 'no-ack', at: 32_000, confirmed: true })
    expect(story.ended()).toMatchObject({ by: 'remote' })
  })
  test('a CANCEL while it rings: 200, 487, and the call ended by the caller', () => {
    const story = rung().caller({ kind: 'hang-up', reason: 'SIP;cause=200' }).flow()
    expect(story.sent('callee')).toEqual(['180 INVITE', '200 CANCEL', '487 INVITE'])
    expect(story.ended('callee')).toMatchObject({ by: 'remote', cause: 'cancel-received', status: 487, reasons: [{ protocol: 'SIP', cause: 200 }] })
    expect(story.pass(40_000).callee?.state).toBe('done')
  })
  test('a CANCEL after the answer has no effect (§9.2)', () => {
    const story = rung().caller({ kind: 'hang-up' })
    story.calleeDoes({ kind: 'answer', sdp: ANSWER }).flow()
    expect(story.sent('callee')).toEqual(['180 INVITE', '200 INVITE', '200 CANCEL', '200 BYE'])
    expect(story.ended()).toMatchObject({ crossed: true })
  })
  test('a refusal carries what the command says and is repeated until its ACK', () => {
    const story = new Story({}, (line) => (nameOf(line.message) === 'ACK' && line.at < 1_000 ? 'lose' : 'deliver')).flow()
    story.calleeDoes({ kind: 'reject', status: 404, reason: 'Q.850;cause=1', headers: 'Retry-After: 5\r\n', phrase: 'Unallocated' }).pass(40_000)
    expect(story.sent('callee')).toEqual(['404 INVITE', '404 INVITE', '404 INVITE'])
    expect(story.ended()).toMatchObject({ status: 404, phrase: 'Unallocated', q850: 1, retryAfterS: 5 })
    expect(story.events('callee')).toEqual(['ended', 'done'])
  })
  test('a repeated INVITE gets the latest response again, and nothing after the answer', () => {
    const story = rung()
    const invite = story.latest('INVITE')
    const effects = step(story.callee as NonNullable<Story['callee']>, { kind: 'request', request: invite }, 600)
    expect(effects.map((effect) => (effect.kind === 'send' ? nameOf(parsed(effect.text)) : effect.kind))).toEqual(['180 INVITE'])
    story.calleeDoes({ kind: 'answer', sdp: ANSWER }).flow()
    expect(step(story.callee as NonNullable<Story['callee']>, { kind: 'request', request: invite }, 700)).toEqual([])
  })
  test('over a connection nothing is repeated but a 200 without its ACK, and Via names the transport (§13.3.1.4, §17.2.1)', () => {
    const sent = (input: IncomingInput): string[] => {
      const invite = rung().latest('INVITE')
      const { call } = takeCall({ ...CALLEE, sentBy: 'WSS 192.0.2.7:443' }, invite, 0)
      const texts: string[] = []
      const note = (effects: readonly CallEffect[]): void => { for (const effect of effects) if (effect.kind === 'send') texts.push(effect.text) }
      note(step(call, input, 0))
      for (let at = wakeAt(call); at <= 2_000; at = wakeAt(call)) note(step(call, { kind: 'wake' }, at))
      note(step(call, { kind: 'hang-up' }, 2_000))
      for (let at = wakeAt(call); at < 40_000; at = wakeAt(call)) note(step(call, { kind: 'wake' }, at))
      return texts.map((text) => `${nameOf(parsed(text))}${text.startsWith('BYE') ? ` ${/SIP\/2.0\/([^;]+);/.exec(text)?.[1]}` : ''}`)
    }
    expect(sent({ kind: 'reject', status: 486 })).toEqual(['486 INVITE'])
    expect(sent({ kind: 'answer', sdp: ANSWER })).toEqual(['200 INVITE', '200 INVITE', '200 INVITE', 'BYE WSS 192.0.2.7:443'])
  })
  test('a later offer is answered by who knows how, or refused by 488', () => {
    const invite = rung().latest('INVITE')
    const { call } = takeCall({ ...CALLEE, answerOffer: (offer, version) => (offer === 'again' ? `v=${version}` : null) }, invite, 0)
    step(call, { kind: 'answer', sdp: ANSWER }, 0)
    const reinvite = (body: string, cseq: number): string => {
      const names = [...invite.names]
      const values = invite.values.map((value, index) => (names[index] === 'to' ? `${value};tag=${CALLEE.toTag}` : names[index] === 'via' ? value.replace(/branch=[^;]+/, `branch=z9hG4bK${cseq}`) : value))
      const effect = step(call, { kind: 'request', request: { ...invite, names, values, body, cseq } }, 0).find(({ kind }) => kind === 'send')
      return effect?.kind === 'send' ? `${nameOf(parsed(effect.text))} ${effect.text.split('\r\n\r\n')[1]}` : ''
    }
    if (call.session !== null) call.session.unacknowledged = null // as if its ACK had come
    expect(reinvite('other', 2)).toBe('488 INVITE ')
    expect(reinvite('again', 3)).toMatch(/^200 INVITE v=\d+$/)
  })
  test('hanging up before the answer refuses', () => {
    expect(rung().calleeDoes({ kind: 'hang-up' }).flow().ended()).toMatchObject({ by: 'rejected', status: 480 })
  })
  test('a refused INVITE is refused at once, with what the caller needs to know', () => {
    const invite = parsed(formatRequest({
      method: 'INVITE', uri: 'sip:b@192.0.2.20', sentBy: 'h', branch: 'z9hG4bKx', from: '<sip:a@h>;tag=1', to: '<sip:b@h>', callId: 'c', cseq: 1,
      headers: 'Session-Expires: 30\r\nSupported: timer\r\nRequire: timer\r\n', body: '',
    }))
    if (invite.kind !== 'request') throw new Error('no request')
    const { effects } = takeCall(CALLEE, invite, 0)
    expect(effects.map((effect) => effect.kind)).toEqual(['send', 'ended'])
    const answer = parsed(effects[0]?.kind === 'send' ? effects[0].text : '')
    expect([nameOf(answer), header(answer, 'min-se')]).toEqual(['422 INVITE', '90'])
  })
  test('a caller may end its early dialog by BYE (§15)', () => {
    const story = rung()
    const bye = parsed(formatRequest({
      method: 'BYE', uri: 'sip:callee@192.0.2.20:5060', sentBy: CALLER.sentBy, branch: 'z9hG4bKearly', from: `${CALLER.from};tag=us`,
      to: `${CALLER.to};tag=them`, callId: CALLER.callId, cseq: 2, headers: '', body: '',
    }))
    if (bye.kind === 'request') story.calleeDoes({ kind: 'request', request: bye }).flow()
    expect(story.sent('callee').slice(1)).toEqual(['200 BYE', '487 INVITE'])
    expect(story.ended('callee')).toMatchObject({ by: 'remote', cause: 'bye-received' })
  })
  test('the INVITE with credentials that follows our 401 is a new attempt, the repeated one is not', () => {
    const story = rung().calleeDoes({ kind: 'reject', status: 401 }).flow()
    const callee = story.callee as NonNullable<Story['callee']>
    const invite = story.latest('INVITE')
    expect(isNewAttempt(callee, invite)).toBe(false)
    const next = { ...invite, cseq: 2, values: invite.values.map((value) => value.replace('seed1-1', 'seed1-2')) }
    expect(isNewAttempt(callee, next)).toBe(true)
  })
})
