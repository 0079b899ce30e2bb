import { describe, expect, test } from 'vitest'
import { header, parseMessage, type SipMessage } from './message.ts'
import { answerTimer, readSessionExpires, timerOfAnswer } from './session-timer.ts'
import { ANSWER, nameOf, Story } from './test/story.ts'

function withLines(...lines: string[]): SipMessage {
  const message = parseMessage(['UPDATE sip:a@b SIP/2.0', 'Via: SIP/2.0/UDP h', 'From: <sip:a@b>;tag=1', 'To: <sip:a@b>;tag=2', 'Call-ID: c', 'CSeq: 1 UPDATE', ...lines, '', ''].join('\r\n'))
  if (message.kind === 'failure') throw new Error(message.code)
  return message
}

describe('reading Session-Expires (RFC 4028 §4)', () => {
  const cases = [
    { line: 'Session-Expires: 1800', want: { intervalS: 1_800, refresher: null } },
    { line: 'x: 90;refresher=uas', want: { intervalS: 90, refresher: 'uas' } },
    { line: 'Session-Expires: 4000 ; Refresher=UAC;other=1', want: { intervalS: 4_000, refresher: 'uac' } },
    { line: 'Session-Expires: 4294967295', want: { intervalS: 86_400, refresher: null } },
    { line: 'Session-Expires: 99999999999', want: null },
    { line: 'Session-Expires: -1', want: null },
    { line: 'Session-Expires: 1800;refresher=nobody', want: { intervalS: 1_800, refresher: null } },
  ]
  for (const { line, want } of cases) test(line, () => expect(readSessionExpires(withLines(line))).toEqual(want))
})

describe('what we answer as server (§9)', () => {
  const cases = [
    { name: 'no timer asked, none given', lines: [], want: { kind: 'agreed', headers: '' } },
    { name: 'the client refreshes unless it says otherwise', lines: ['Session-Expires: 600', 'Supported: timer'], want: { headers: 'Session-Expires: 600;refresher=uac\r\nRequire: timer\r\n', timer: { weRefresh: false, endsAt: 568_000 } } },
    { name: 'we refresh when asked to', lines: ['Session-Expires: 600;refresher=uas', 'Supported: timer'], want: { headers: 'Session-Expires: 600;refresher=uas\r\n', timer: { weRefresh: true, refreshAt: 300_000 } } },
    { name: 'we refresh for a client that cannot', lines: ['Session-Expires: 600'], want: { headers: 'Session-Expires: 600;refresher=uas\r\n' } },
    { name: 'too short is 422', lines: ['Session-Expires: 60', 'Supported: timer'], want: { kind: 'too-small', headers: 'Min-SE: 90\r\n' } },
    { name: 'too short from a client that would not understand 422 is raised', lines: ['Session-Expires: 60'], want: { headers: 'Session-Expires: 90;refresher=uas\r\n' } },
  ]
  for (const { name, lines, want } of cases) test(name, () => expect(answerTimer(withLines(...lines), 90, 0)).toMatchObject(want))
})

test('a 200 without Session-Expires runs no timer; one of a second is not obeyed', () => {
  expect(timerOfAnswer(withLines(), 0)).toBeNull()
  expect(timerOfAnswer(withLines('Session-Expires: 1'), 0)).toMatchObject({ intervalS: 90, weRefresh: true })
})

describe('a call with a session timer', () => {
  const sessionTimer = { intervalS: 600, minS: 90 }
  const answerWith = (lines: string): { toTag: string; headers: string; body: string } =>
    ({ toTag: 'them', headers: `Contact: <sip:callee@192.0.2.20:5060>\r\n${lines}Content-Type: application/sdp\r\n`, body: ANSWER })
  const upWith = (lines: string): Story => {
    const story = new Story({ sessionTimer })
    story.onInvite = () => undefined
    return story.flow().respond('INVITE', 200, answerWith(lines)).flow()
  }

  test('asks for it and is kept up by UPDATE every half interval, both ends ours', () => {
    const story = new Story({ sessionTimer }).flow().calleeDoes({ kind: 'answer', sdp: ANSWER }).pass(3_000_000)
    expect([header(story.latest('INVITE'), 'session-expires'), header(story.latest('INVITE'), 'supported')]).toEqual(['600', 'timer'])
    expect(story.lines.filter((line) => nameOf(line.message) === 'UPDATE').map((line) => line.at)).toEqual([
      300_000, 600_000, 900_000, 1_200_000, 1_500_000, 1_800_000, 2_100_000, 2_400_000, 2_700_000, 3_000_000,
    ])
    expect([story.call.state, story.callee?.state]).toEqual(['up', 'up'])
  })
  test('is kept up by re-INVITE with the same session where UPDATE is not allowed', () => {
    const story = upWith('Session-Expires: 600;refresher=uac\r\nAllow: INVITE, ACK, BYE, CANCEL\r\n').pass(300_000)
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'INVITE'])
    expect(story.latest('INVITE').body).toBe(story.lines[0]?.message.body)
    story.respond('INVITE', 200, answerWith('Session-Expires: 600;refresher=uac\r\n')).flow().pass(299_000)
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'INVITE', 'ACK'])
    expect(story.events()).toEqual(['answered'])
    expect(story.pass(1_000).sent('caller')).toHaveLength(5)
  })
  test('falls back to re-INVITE when UPDATE is refused after all', () => {
    const story = upWith('Session-Expires: 600\r\nAllow: UPDATE\r\n').pass(300_000).respond('UPDATE', 405).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'UPDATE', 'INVITE'])
  })
  test('asks for more after a 422 to the INVITE', () => {
    const story = new Story({ sessionTimer })
    story.onInvite = () => undefined
    story.flow().respond('INVITE', 422, { toTag: 'them', headers: 'Min-SE: 1800\r\n' }).flow()
    expect([header(story.latest('INVITE'), 'session-expires'), story.latest('INVITE').cseq]).toEqual(['1800', 2])
    story.respond('INVITE', 422, { toTag: 'them', headers: 'Min-SE: 1800\r\n' }).flow()
    expect(story.ended()).toMatchObject({ by: 'rejected', status: 422 })
  })
  test('a peer that always wants more is refused after four rounds', () => {
    const story = new Story({ sessionTimer })
    story.onInvite = () => undefined
    story.flow()
    for (let minS = 1_000; story.call.state === 'calling' && minS < 1_020; minS++) story.respond('INVITE', 422, { toTag: 'them', headers: `Min-SE: ${minS}\r\n` }).flow()
    expect(story.sent('caller').filter((name) => name === 'INVITE')).toHaveLength(5)
    expect(story.ended()).toMatchObject({ by: 'rejected', status: 422 })
  })
  test('tries again after 491, and ends when the peer does not know the call (481)', () => {
    const story = upWith('Session-Expires: 600\r\nAllow: UPDATE\r\n').pass(300_000).respond('UPDATE', 491).pass(2_600)
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'UPDATE', 'UPDATE'])
    story.respond('UPDATE', 481).flow()
    expect(story.sent('caller').at(-1)).toBe('BYE')
  })
  test('ends by BYE when the peer is gone: no answer to the refresh in 32 s', () => {
    const story = upWith('Session-Expires: 600\r\nAllow: UPDATE\r\n').pass(400_000)
    expect(story.ended()).toMatchObject({ by: 'timeout', cause: 'session-expired', at: 332_000, confirmed: false })
  })
  test('ends by BYE 32 s before its time when the peer should refresh and does not', () => {
    const story = upWith('Session-Expires: 600;refresher=uas\r\nRequire: timer\r\n').pass(567_999)
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK'])
    story.pass(1).respond('BYE', 200).flow()
    expect(story.ended()).toMatchObject({ by: 'timeout', cause: 'session-expired', at: 568_000, confirmed: true })
  })
  test('a refresh by the peer starts the time anew', () => {
    const story = upWith('Session-Expires: 600;refresher=uas\r\nRequire: timer\r\n').pass(300_000)
    story.calleeRequests('UPDATE', 1, { headers: 'Session-Expires: 600;refresher=uac\r\nSupported: timer\r\n' }).flow().pass(500_000)
    expect(story.call.state).toBe('up')
  })
})
