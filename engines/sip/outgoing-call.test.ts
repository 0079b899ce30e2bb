import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatSdp } from './sdp.ts'
import { header } from './message.ts'
import { placeCall, step, wakeAt } from './outgoing-call.ts'
import { serialise } from './serialise.ts'
import { ANSWER, CALLER, nameOf, Story } from './test/story.ts'

const CONTACT = { headers: 'Contact: <sip:callee@192.0.2.20:5060>\r\nContent-Type: application/sdp\r\n', body: ANSWER }
/** The far end is played by hand: its answers are put on the wire one by one. */
const byHand = (settings = {}): Story => {
  const story = new Story(settings)
  story.onInvite = () => undefined
  return story.flow()
}
const up = (settings = {}): Story => byHand(settings).respond('INVITE', 200, CONTACT).flow()

describe('a call that is answered', () => {
  test('rings, is answered, is ended by the callee, and is forgotten 32 s later', () => {
    const story = new Story().flow()
    story.calleeDoes({ kind: 'trying' }).calleeDoes({ kind: 'ring' }).flow()
    story.pass(3_000).calleeDoes({ kind: 'answer', sdp: ANSWER }).flow()
    story.pass(10_000).calleeDoes({ kind: 'hang-up', reason: 'Q.850;cause=16' }).flow()
    expect(story.ladder()).toEqual(['→ INVITE', '← 100 INVITE', '← 180 INVITE', '← 200 INVITE', '→ ACK', '← BYE', '→ 200 BYE'])
    expect(story.events()).toEqual(['trying', 'ringing', 'answered', 'ended'])
    expect(story.ended()).toMatchObject({ by: 'remote', cause: 'bye-received', status: 200, q850: 16, retransmissions: 0, at: 13_000 })
    story.pass(32_000)
    expect(story.events()).toEqual(['trying', 'ringing', 'answered', 'ended', 'done'])
    expect(story.events('callee')).toEqual(['answered', 'acknowledged', 'ended', 'done'])
  })

  test('is ended by us, with our Reason', () => {
    const story = new Story().flow()
    story.calleeDoes({ kind: 'answer', sdp: ANSWER }).flow().pass(1_000).caller({ kind: 'hang-up', reason: 'Q.850;cause=31' }).flow()
    expect(story.ladder()).toEqual(['→ INVITE', '← 200 INVITE', '→ ACK', '→ BYE', '← 200 BYE'])
    expect(story.ended()).toMatchObject({ by: 'local', cause: 'hung-up', confirmed: true, crossed: false, status: 200 })
    expect(story.ended('callee')).toMatchObject({ by: 'remote', q850: 31 })
    story.pass(40_000)
    expect([story.call.state, story.callee?.state]).toEqual(['done', 'done'])
  })

  test('a 200 whose ACK was lost is ACKed again, without a second answer', () => {
    const story = new Story({}, (line) => (nameOf(line.message) === 'ACK' && line.at < 1_000 ? 'lose' : 'deliver')).flow()
    story.calleeDoes({ kind: 'answer', sdp: ANSWER }).flow().pass(5_000)
    expect(story.ladder()).toEqual(['→ INVITE', '← 200 INVITE', '→ ACK', '← 200 INVITE', '→ ACK', '← 200 INVITE', '→ ACK'])
    expect(story.events()).toEqual(['answered'])
    expect(story.events('callee')).toEqual(['answered', 'acknowledged'])
    expect(wakeAt(story.call)).toBe(32_000)
  })

  test('a second 200 from another fork is ACKed and ended by BYE of its own dialog; the first goes on', () => {
    const story = up().respond('INVITE', 200, { ...CONTACT, toTag: 'other' }).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'ACK', 'BYE'])
    expect(header(story.latest('BYE'), 'to')).toBe('<sip:callee@192.0.2.20>;tag=other')
    expect(header(story.latest('BYE'), 'reason')).toBe('SIP;cause=200;text="Call completed elsewhere"')
    story.respond('BYE', 200).respond('INVITE', 200, { ...CONTACT, toTag: 'other' }).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'ACK', 'BYE', 'ACK'])
    expect(story.events()).toEqual(['answered'])
    expect(story.call.state).toBe('up')
  })

  test('the dialog keeps to the recorded route and the target of the Contact (§12.1.2)', () => {
    const routes = 'Record-Route: <sip:far.example;lr>\r\nRecord-Route: <sip:near.example;lr>, <sip:nearest.example:5080;lr>\r\n'
    const story = byHand().respond('INVITE', 200, { ...CONTACT, headers: routes + CONTACT.headers }).flow()
    const ack = story.latest('ACK')
    expect(ack.uri).toBe('sip:callee@192.0.2.20:5060')
    expect(header(ack, 'route')).toBe('<sip:nearest.example:5080;lr>, <sip:near.example;lr>, <sip:far.example;lr>')
    expect(ack.cseq).toBe(1)
    expect(story.callerEffects.findLast((effect) => effect.kind === 'send')).toMatchObject({ hop: 'nearest.example:5080' })
    expect(story.callerEffects.find((effect) => effect.kind === 'answered')).toMatchObject({
      dialog: { remoteTag: 'them', remoteTarget: 'sip:callee@192.0.2.20:5060', cseq: 1 },
    })
  })

  test('a strict router stands in the Request-URI (§12.2.1.1)', () => {
    const story = byHand().respond('INVITE', 200, { ...CONTACT, headers: `Record-Route: <sip:strict.example>\r\n${CONTACT.headers}` }).flow()
    expect(story.latest('ACK').uri).toBe('sip:strict.example')
    expect(header(story.latest('ACK'), 'route')).toBe('<sip:callee@192.0.2.20:5060>')
  })
})

describe('ringing', () => {
  test('what says something new is reported once: 180, 183 with an announcement, another announcement', () => {
    const story = byHand().respond('INVITE', 100, { toTag: '' }).respond('INVITE', 180).respond('INVITE', 180)
    story.respond('INVITE', 183, CONTACT).respond('INVITE', 183, CONTACT).respond('INVITE', 183, { ...CONTACT, toTag: 'second' }).flow()
    const rung = story.callerEffects.filter((effect) => effect.kind === 'ringing').map(({ status, earlyMedia, remoteTag }) => [status, earlyMedia, remoteTag])
    expect(rung).toEqual([[180, false, 'them'], [183, true, 'them'], [183, true, 'second']])
  })
  test('a first 183 that cannot be used does not harm the second (CVE-2021-21375)', () => {
    const story = byHand().respond('INVITE', 183, { ...CONTACT, body: 'v=0\r\nm=audio 99999999999 RTP/AVP 4294967296\r\n' })
    story.respond('INVITE', 183, CONTACT).respond('INVITE', 200, CONTACT).flow()
    expect(story.events()).toEqual(['ringing', 'ringing', 'answered'])
  })
  test('the ring limit cancels', () => {
    const story = new Story().flow()
    story.calleeDoes({ kind: 'ring' }).flow().pass(30_000)
    expect(story.ladder()).toEqual(['→ INVITE', '← 180 INVITE', '→ CANCEL', '← 200 CANCEL', '← 487 INVITE', '→ ACK'])
    expect(story.ended()).toMatchObject({ by: 'timeout', cause: 'ring-timeout', status: 487, at: 30_000, crossed: false })
  })
  test('the ring limit may be set to now; who has answered by then goes on talking', () => {
    const story = new Story().flow()
    story.calleeDoes({ kind: 'ring' }).flow().pass(17_000).caller({ kind: 'stop-ringing' }).flow()
    expect(story.ended()).toMatchObject({ by: 'timeout', cause: 'ring-timeout', status: 487, at: 17_000 })
    const answered = byHand().respond('INVITE', 200, CONTACT).flow().caller({ kind: 'stop-ringing' }).pass(40_000)
    expect(answered.sent('caller')).toEqual(['INVITE', 'ACK'])
    expect(answered.events()).toEqual(['answered'])
  })
})

describe('cancelling', () => {
  test('waits for the first provisional response (§9.1), then leaves at once with the INVITE\'s branch and number', () => {
    const story = byHand().caller({ kind: 'hang-up', reason: 'SIP;cause=487' }).flow()
    expect(story.sent('caller')).toEqual(['INVITE'])
    story.respond('INVITE', 180).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'CANCEL'])
    const [invite, cancel] = [story.latest('INVITE'), story.latest('CANCEL')]
    expect([header(cancel, 'via'), cancel.cseq, cancel.uri, header(cancel, 'to')]).toEqual([header(invite, 'via'), invite.cseq, invite.uri, header(invite, 'to')])
    expect(header(cancel, 'reason')).toBe('SIP;cause=487')
    story.respond('CANCEL', 200).respond('INVITE', 487).respond('INVITE', 487).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'CANCEL', 'ACK', 'ACK'])
    expect(story.ended()).toMatchObject({ by: 'local', cause: 'cancelled', status: 487, confirmed: true })
  })
  test('a 200 that crosses is ACKed, then ended by BYE, and reported as crossed', () => {
    const story = byHand().respond('INVITE', 180).flow().caller({ kind: 'hang-up' })
    story.respond('INVITE', 200, CONTACT).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'CANCEL', 'ACK', 'BYE'])
    story.respond('CANCEL', 200).respond('BYE', 200).flow()
    expect(story.events()).toEqual(['ringing', 'ended'])
    expect(story.ended()).toMatchObject({ by: 'local', cause: 'cancelled', crossed: true, confirmed: true, status: 200 })
    story.respond('INVITE', 200, CONTACT).flow()
    expect(story.sent('caller').at(-1)).toBe('ACK')
  })
  test('a 200 before any provisional response is ended the same way, without a CANCEL', () => {
    const story = byHand().caller({ kind: 'hang-up' }).respond('INVITE', 200, CONTACT).flow().respond('BYE', 200).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'BYE'])
    expect(story.ended()).toMatchObject({ crossed: true })
  })
  test('a busy that crosses ends it as cancelled with the status that came', () => {
    const story = byHand().respond('INVITE', 180).flow().caller({ kind: 'hang-up' }).respond('INVITE', 486).flow()
    expect(story.ended()).toMatchObject({ by: 'local', cause: 'cancelled', status: 486 })
  })
  test('without any final response the call ends 32 s after the CANCEL, and a later 200 is still ended', () => {
    const story = byHand().respond('INVITE', 180).flow().pass(1_000).caller({ kind: 'hang-up' }).pass(32_000)
    expect(story.ended()).toMatchObject({ by: 'local', cause: 'cancelled', status: null, confirmed: false, at: 1_000 })
    story.pass(3_000).respond('INVITE', 200, CONTACT).flow()
    expect(story.sent('caller').slice(-2)).toEqual(['ACK', 'BYE'])
    story.respond('BYE', 200).flow().pass(70_000)
    expect(story.events()).toEqual(['ringing', 'ended', 'done'])
  })
  test('a second command changes nothing', () => {
    const story = byHand().respond('INVITE', 180).flow().caller({ kind: 'hang-up' }).caller({ kind: 'hang-up' }).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'CANCEL'])
  })
})

describe('refusals', () => {
  const cases = [
    { status: 486, headers: '', want: { q850: null, retryAfterS: null } },
    { status: 404, headers: 'Reason: Q.850;cause=1;text="Unallocated (unassigned) number"\r\n', want: { q850: 1 } },
    { status: 480, headers: 'Reason: SIP;cause=480, Q.850 ; cause=20\r\n', want: { q850: 20 } },
    { status: 480, headers: 'Reason: Q.850;cause=4294967296\r\nReason: ;;;\r\n', want: { q850: null } },
    { status: 503, headers: 'Retry-After: 18000 (maintenance);duration=60\r\n', want: { retryAfterS: 18_000 } },
    { status: 503, headers: 'Retry-After: 99999999999999999999\r\n', want: { retryAfterS: null } },
    { status: 302, headers: 'Contact: <sip:elsewhere@evil.example>\r\n', want: {} },
    { status: 603, headers: '', want: {} },
    { status: 401, headers: 'WWW-Authenticate: Digest realm="r", nonce="n"\r\n', want: {} },
  ]
  for (const { status, headers, want } of cases) {
    test(`${status} ${headers.trim()}`, () => {
      const story = byHand().respond('INVITE', status, { headers }).flow()
      expect(story.sent('caller')).toEqual(['INVITE', 'ACK'])
      expect(header(story.latest('ACK'), 'via')).toBe(header(story.latest('INVITE'), 'via'))
      expect(header(story.latest('ACK'), 'to')).toBe('<sip:callee@192.0.2.20>;tag=them')
      expect(story.ended()).toMatchObject({ by: 'rejected', status, ...want })
      story.pass(31_999).respond('INVITE', status, { headers }).flow()
      expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'ACK'])
      expect(story.pass(1).call.state).toBe('done')
    })
  }
})

describe('nobody answers', () => {
  test('the INVITE is sent seven times; 32 s later the call ended, and how late we were woken is told', () => {
    const story = new Story({ ringTimeMs: 60_000 }, () => 'lose').pass(31_999)
    story.now = 32_250
    story.caller({ kind: 'wake' })
    expect(story.sent('caller')).toEqual(Array(7).fill('INVITE'))
    expect(story.ended()).toMatchObject({
      by: 'timeout', cause: 'no-response', status: null, confirmed: false, retransmissions: 6, wakeLateMs: 250,
    })
  })
  test('a ring limit that passes before it is told so', () => {
    const story = new Story({}, () => 'lose').pass(32_000)
    expect(story.sent('caller')).toEqual(Array(7).fill('INVITE'))
    expect(story.ended()).toMatchObject({ by: 'timeout', cause: 'ring-timeout', status: null, confirmed: false, at: 30_000 })
  })
  test('a late 180 is cancelled, a late 200 is ended', () => {
    const lateRing = byHand({ ringTimeMs: 60_000 }).pass(33_000).respond('INVITE', 180).flow()
    expect(lateRing.sent('caller').at(-1)).toBe('CANCEL')
    lateRing.respond('CANCEL', 200).respond('INVITE', 487).flow()
    expect(lateRing.sent('caller').at(-1)).toBe('ACK')
    const lateAnswer = byHand({ ringTimeMs: 60_000 }).pass(33_000).respond('INVITE', 200, CONTACT).flow()
    expect(lateAnswer.sent('caller').slice(-2)).toEqual(['ACK', 'BYE'])
    for (const story of [lateRing, lateAnswer]) {
      story.pass(100_000)
      expect(story.events().filter((kind) => kind === 'ended' || kind === 'done')).toEqual(['ended', 'done'])
    }
  })
  test('a socket that cannot send ends it at once', () => {
    expect(byHand().caller({ kind: 'transport-error' }).ended()).toMatchObject({ by: 'transport', cause: 'send-failed' })
  })
})

describe('hanging up', () => {
  test('a BYE nobody answers ends the call unconfirmed after 2 s, and is sent eleven times all the same', () => {
    const story = up().pass(1_000).caller({ kind: 'hang-up' }).pass(2_000)
    expect(story.ended()).toMatchObject({ by: 'local', confirmed: false, at: 1_000, retransmissions: 2 })
    story.pass(30_000)
    expect(story.sent('caller').filter((name) => name === 'BYE')).toHaveLength(11)
    expect(story.call.state).toBe('done')
  })
  test('481 means the other side had ended it already', () => {
    expect(up().caller({ kind: 'hang-up' }).respond('BYE', 481).flow().ended()).toMatchObject({ by: 'local', confirmed: true })
  })
  test('two BYEs that cross are both answered', () => {
    const story = up().caller({ kind: 'hang-up' }).calleeRequests('BYE', 1).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'BYE', '200 BYE'])
    expect(story.ended()).toMatchObject({ by: 'local', confirmed: true })
  })
  test('a repeated BYE gets the same answer; another request after it gets 481 (re-INVITE after BYE, CVE-2021-31878)', () => {
    const story = up().calleeRequests('BYE', 1).calleeRequests('BYE', 1).calleeRequests('INVITE', 2).calleeRequests('BYE', 3).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', '200 BYE', '200 BYE', '481 INVITE', '200 BYE'])
    expect(story.ended()).toMatchObject({ by: 'remote' })
  })
})

describe('challenges', () => {
  const credentials = {
    username: 'shop', password: 'secret', realm: 'carrier', clientNonceSeed: 'seed',
    hash: (algorithm: string, text: string) => createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text, 'latin1').digest('hex'),
  }
  const challenge = (realm: string, nonce: string, more = ''): { headers: string } => ({ headers: `Proxy-Authenticate: Digest realm="${realm}", nonce="${nonce}", qop="auth"${more}\r\n` })

  test('407 is answered in the same call: same Call-ID and tag, next number, new branch; the old refusal stays ACKed', () => {
    const story = byHand({ credentials })
    const first = story.latest('INVITE')
    const challenged = (): Story => story.calleeSends(`SIP/2.0 407 Auth\r\nVia: ${header(first, 'via')}\r\nFrom: ${header(first, 'from')}\r\nTo: ${header(first, 'to')};tag=p\r\nCall-ID: ${first.callId}\r\nCSeq: 1 INVITE\r\n${challenge('carrier', 'n1').headers}\r\n`)
    challenged().flow()
    const second = story.latest('INVITE')
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'INVITE'])
    expect([second.callId, header(second, 'from'), second.cseq]).toEqual([first.callId, header(first, 'from'), 2])
    expect(header(second, 'via')).not.toBe(header(first, 'via'))
    expect(header(second, 'proxy-authorization')).toContain('nonce="n1", uri="sip:callee@192.0.2.20:5060"')
    expect(story.callerEffects).toContainEqual({ kind: 'invite-renewed', at: 0, cseq: 2, branch: 'z9hG4bKseed1-2' })
    challenged().flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'INVITE', 'ACK'])
    story.respond('INVITE', 200, CONTACT).flow().caller({ kind: 'hang-up' }).flow()
    expect(header(story.latest('ACK'), 'proxy-authorization')).toContain('nc=00000002')
    expect(header(story.latest('BYE'), 'proxy-authorization')).toContain('nc=00000003')
    expect(story.latest('BYE').cseq).toBe(3)
  })
  test('a wrong password ends the call after one try', () => {
    const story = byHand({ credentials }).respond('INVITE', 407, challenge('carrier', 'n1')).flow().respond('INVITE', 407, challenge('carrier', 'n2')).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'INVITE', 'ACK'])
    expect(story.ended()).toMatchObject({ by: 'rejected', status: 407 })
  })
  test('endless stale nonces stop after two answers (CVE-2020-28242)', () => {
    const story = byHand({ credentials })
    for (let round = 0; round < 5 && story.call.state === 'calling'; round++) story.respond('INVITE', 407, challenge('carrier', `n${round}`, ', stale=true')).flow()
    expect(story.sent('caller').filter((name) => name === 'INVITE')).toHaveLength(3)
    expect(story.ended()).toMatchObject({ by: 'rejected', status: 407 })
  })
  test('a BYE challenged for a foreign realm is not proved to it (CVE-2021-41158)', () => {
    const story = up({ credentials }).caller({ kind: 'hang-up' }).respond('BYE', 407, challenge('evil', 'n1')).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'BYE'])
    expect(story.ended()).toMatchObject({ by: 'local', confirmed: false })
    expect(story.lines.some((line) => line.text.includes('Authorization'))).toBe(false)
  })
  test('a BYE challenged for our realm goes out again', () => {
    const story = up({ credentials }).caller({ kind: 'hang-up' }).respond('BYE', 407, challenge('carrier', 'n1')).flow().respond('BYE', 200).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK', 'BYE', 'BYE'])
    expect(story.ended()).toMatchObject({ confirmed: true })
  })
  test('and so does one whose challenge comes when the call has ended for want of an answer', () => {
    const story = up({ credentials }).caller({ kind: 'hang-up' }).pass(2_500)
    expect(story.ended()).toMatchObject({ by: 'local', confirmed: false })
    const before = story.sent('caller').filter((name) => name === 'BYE').length
    story.respond('BYE', 407, challenge('carrier', 'n1')).flow()
    expect(story.sent('caller').filter((name) => name === 'BYE')).toHaveLength(before + 1)
    expect(story.respond('BYE', 200).flow().pass(32_000).call.state).toBe('done')
  })
  test('a cancelled call is not tried again', () => {
    const story = byHand({ credentials }).caller({ kind: 'hang-up' }).respond('INVITE', 407, challenge('carrier', 'n1')).flow()
    expect(story.sent('caller')).toEqual(['INVITE', 'ACK'])
    expect(story.ended()).toMatchObject({ by: 'local', status: 407 })
  })
})

describe('requests of the far end inside the call', () => {
  const hold = formatSdp({ address: '192.0.2.20', port: 50_000, codecs: ['PCMA'], telephoneEvent: null, direction: 'sendonly', ptimeMs: 20, sessionId: 2, version: 2 })
  const cases = [
    { method: 'OPTIONS', want: '200 OPTIONS' },
    { method: 'INFO', headers: 'Content-Type: application/dtmf-relay\r\n', body: 'Signal=5\r\n', want: '200 INFO' },
    { method: 'UPDATE', want: '200 UPDATE' },
    { method: 'UPDATE', body: hold, want: '200 UPDATE' },
    { method: 'UPDATE', body: 'v=0\r\nm=video 1 RTP/AVP 31\r\n', want: '488 UPDATE' },
    { method: 'INVITE', body: hold, want: '200 INVITE' },
    { method: 'INVITE', body: 'v=0', want: '488 INVITE' },
    { method: 'INVITE', headers: 'Session-Expires: 60\r\nSupported: timer\r\n', want: '422 INVITE' },
    { method: 'REFER', headers: 'Refer-To: <sip:premium@evil.example>\r\n', want: '405 REFER' },
    { method: 'MESSAGE', want: '405 MESSAGE' },
    { method: 'NOTIFY', want: '405 NOTIFY' },
    { method: 'FROBNICATE', want: '501 FROBNICATE' },
    { method: 'OPTIONS', headers: 'Require: timer, magic\r\n', want: '420 OPTIONS' },
    { method: 'CANCEL', want: '481 CANCEL' },
    { method: 'OPTIONS', fromTag: 'stranger', want: '481 OPTIONS' },
    { method: 'BYE', toTag: 'not-us', want: '481 BYE' },
  ]
  for (const { method, want, ...forged } of cases) {
    test(`${method} ${JSON.stringify(forged)}: ${want}`, () => {
      const story = up().calleeRequests(method, 7, forged).flow()
      expect(story.sent('caller').slice(2)).toEqual([want])
      expect(story.call.state).toBe('up')
    })
  }
  test('a re-INVITE is answered with our same session, mirrored, and repeated until its ACK', () => {
    const story = up().calleeRequests('INVITE', 7, { body: hold }).pass(600)
    const answers = story.lines.filter((line) => nameOf(line.message) === '200 INVITE' && line.from === 'caller')
    expect(answers).toHaveLength(2)
    expect(answers[0]?.message.body).toMatch(/o=- 1 2 IN IP4 192\.0\.2\.10[\s\S]*m=audio 40000 RTP\/AVP 8[\s\S]*a=recvonly/)
    expect(story.events()).toEqual(['answered', 'renegotiated'])
    story.calleeRequests('ACK', 7).flow().pass(5_000)
    expect(story.sent('caller').filter((name) => name === '200 INVITE')).toHaveLength(2)
  })
  test('a re-INVITE whose answer is never ACKed ends the call', () => {
    const story = up().calleeRequests('INVITE', 7, { body: hold }).pass(32_000).respond('BYE', 200).flow()
    expect(story.ended()).toMatchObject({ by: 'timeout', cause: 'no-ack' })
  })
  test('a re-INVITE without an offer gets ours, and theirs from the ACK', () => {
    const story = up().calleeRequests('INVITE', 7).flow().calleeRequests('ACK', 7, { body: hold }).flow()
    expect(story.lines.findLast((line) => line.from === 'caller')?.message.body).toBe(CALLER.sdp)
    expect(story.events()).toEqual(['answered', 'renegotiated'])
  })
  test('a refused re-INVITE is refused again until its ACK', () => {
    const story = up().calleeRequests('INVITE', 7, { body: 'v=0' }).pass(600)
    const branch = 'z9hG4bKthem-INVITE-7'
    expect(story.sent('caller').slice(2)).toEqual(['488 INVITE', '488 INVITE'])
    const ack = serialise({ ...story.latest('INVITE', 'callee'), method: 'ACK', cseqMethod: 'ACK', body: '' }).replace('7 INVITE', '7 ACK')
    expect(ack).toContain(branch)
    story.calleeSends(ack).flow().pass(10_000)
    expect(story.sent('caller').slice(2)).toEqual(['488 INVITE', '488 INVITE'])
  })
  test('another offer before the ACK is 491', () => {
    const story = up().calleeRequests('INVITE', 7, { body: hold }).calleeRequests('UPDATE', 8, { body: hold }).flow()
    expect(story.sent('caller').slice(2)).toEqual(['200 INVITE', '491 UPDATE'])
  })
  test('a request out of order is 500 (§12.2.2); a repetition is not out of order', () => {
    const story = up().calleeRequests('INFO', 7).calleeRequests('INFO', 7).calleeRequests('INFO', 6).flow()
    expect(story.sent('caller').slice(2)).toEqual(['200 INFO', '200 INFO', '500 INFO'])
    expect(story.events()).toEqual(['answered', 'info'])
  })
  test('while it rings the early dialog may ask but not change', () => {
    const story = byHand().respond('INVITE', 183, CONTACT).flow()
    story.calleeRequests('OPTIONS', 1).calleeRequests('UPDATE', 2).calleeRequests('UPDATE', 3, { body: hold }).calleeRequests('BYE', 4).flow()
    expect(story.sent('caller').slice(1)).toEqual(['200 OPTIONS', '200 UPDATE', '491 UPDATE', '481 BYE'])
  })
})

test('a setting cannot write headers of its own (threat 6)', () => {
  for (const key of ['from', 'to', 'requestUri', 'contact', 'callId', 'hangUpReason'] as const) {
    expect(() => placeCall({ ...CALLER, [key]: 'a\r\nX-Injected: yes' }, 0)).toThrow('line break')
  }
})

test('a call that is done does nothing more', () => {
  const story = byHand().respond('INVITE', 486).flow().pass(40_000)
  expect(step(story.call, { kind: 'hang-up' }, 99_999)).toEqual([])
  expect(wakeAt(story.call)).toBe(Infinity)
})
