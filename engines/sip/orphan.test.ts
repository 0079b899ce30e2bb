import { describe, expect, test } from 'vitest'
import { header } from './message.ts'
import { endOrphan, endStrayAnswer, type OrphanRecord } from './orphan.ts'
import { formatResponse } from './serialise.ts'
import { ANSWER, CALLER, nameOf, parsed, Story } from './test/story.ts'

const ENDING = { branchSeed: 'reborn', reason: 'SIP;cause=500;text="Restarted"' }

/** What was stored with the attempt while the caller of a story lived. */
function recordOf(story: Story): OrphanRecord {
  const { callId, fromTag, from, to, requestUri, sentBy } = CALLER
  const ringing = story.callerEffects.findLast((effect) => effect.kind === 'ringing')
  const up = story.callerEffects.findLast((effect) => effect.kind === 'answered' || effect.kind === 'dialog-changed')
  return {
    callId, fromTag, from, to, requestUri, sentBy, cseq: 1, branch: 'z9hG4bKseed1-1',
    ...(ringing === undefined ? {} : { earlyTag: ringing.remoteTag }), dialog: up?.dialog ?? null,
  }
}

/** The caller's process dies and another ends its call. */
function reborn(story: Story, record = recordOf(story)): Story {
  const { call, effects } = endOrphan(record, ENDING, story.now)
  return story.replaceCaller(call, effects)
}

describe('the call of a dead process', () => {
  test('that was up gets a BYE above every number the dead process may have used', () => {
    const story = new Story().flow().calleeDoes({ kind: 'answer', sdp: ANSWER }).flow().pass(5_000)
    reborn(story).flow()
    const bye = story.latest('BYE')
    expect([bye.cseq > 10, bye.uri, header(bye, 'to'), header(bye, 'reason')]).toEqual([
      true, 'sip:callee@192.0.2.20:5060', '<sip:callee@192.0.2.20>;tag=them', ENDING.reason,
    ])
    expect(story.ended('callee')).toMatchObject({ by: 'remote', cause: 'bye-received' })
    expect(story.ended()).toMatchObject({ by: 'local', confirmed: true })
  })
  test('that rang gets a CANCEL of its own INVITE', () => {
    const story = new Story().flow().calleeDoes({ kind: 'ring' }).flow()
    reborn(story).flow()
    expect(story.ladder().slice(2)).toEqual(['→ CANCEL', '← 200 CANCEL', '← 487 INVITE', '→ ACK'])
    expect(story.ended('callee')).toMatchObject({ cause: 'cancel-received' })
    expect(story.ended()).toMatchObject({ by: 'local', cause: 'cancelled', status: 487 })
    expect(story.pass(70_000).call.state).toBe('done')
  })
  test('whose answer crosses the CANCEL is ACKed and ended by BYE', () => {
    const story = new Story().flow().calleeDoes({ kind: 'ring' }).flow()
    reborn(story)
    story.calleeDoes({ kind: 'answer', sdp: ANSWER }).flow()
    expect(story.ladder().slice(-5)).toEqual(expect.arrayContaining(['→ ACK', '→ BYE', '← 200 BYE']))
    expect(story.ended()).toMatchObject({ crossed: true, confirmed: true })
  })
  test('whose answer nobody ACKed meets the repeated 200', () => {
    const story = new Story({}, (line) => (nameOf(line.message) === 'ACK' && line.at === 0 ? 'lose' : 'deliver')).flow()
    story.calleeDoes({ kind: 'ring' }).flow()
    const record = recordOf(story)
    story.calleeDoes({ kind: 'answer', sdp: ANSWER }).flow()
    story.now = 100
    reborn(story, record).pass(3_000)
    expect(story.ended('callee')).toMatchObject({ by: 'remote', cause: 'bye-received' })
  })
  test('that was answered and ACKed a moment before the crash, unknown to us, is ended through its early tag', () => {
    const story = new Story().flow().calleeDoes({ kind: 'ring' }).flow()
    const record = recordOf(story)
    story.calleeDoes({ kind: 'answer', sdp: ANSWER }).flow()
    reborn(story, record).pass(3_000)
    expect(story.ladder().slice(-4)).toEqual(['→ CANCEL', '← 200 CANCEL', '→ BYE', '← 200 BYE'])
    expect(story.ended('callee')).toMatchObject({ by: 'remote', cause: 'bye-received' })
    expect(story.pass(100_000).call.state).toBe('done')
  })
  test('that the carrier does not know ends unconfirmed', () => {
    const story = new Story({}, () => 'lose')
    story.rule = () => 'deliver'
    story.onInvite = () => undefined
    reborn(story).pass(33_000)
    expect(story.ended()).toMatchObject({ by: 'local', confirmed: false, status: null })
    expect(story.pass(70_000).call.state).toBe('done')
  })
})

test('a 200 nobody remembers is ACKed and ended from itself alone', () => {
  const story = new Story().flow()
  const answer = parsed(formatResponse(story.latest('INVITE'), 200, {
    toTag: 'them', headers: 'Record-Route: <sip:proxy.example;lr>\r\nContact: <sip:callee@192.0.2.20:5060>\r\n', body: ANSWER,
  }))
  if (answer.kind !== 'response') throw new Error('no response')
  const { effects } = endStrayAnswer(answer, '192.0.2.10:5070', ENDING, 0)
  const sent = effects.flatMap((effect) => (effect.kind === 'send' ? [parsed(effect.text)] : []))
  expect(sent.map(nameOf)).toEqual(['ACK', 'BYE'])
  for (const message of sent) {
    expect([message.callId, header(message, 'from'), header(message, 'to'), header(message, 'route')]).toEqual([
      CALLER.callId, '<sip:shop@192.0.2.10>;tag=us', '<sip:callee@192.0.2.20>;tag=them', '<sip:proxy.example;lr>',
    ])
  }
})
