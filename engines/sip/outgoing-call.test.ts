import { describe, expect, test } from 'vitest'
import { ANSWER, Story } from './test/story.ts'

describe('a call that is answered', () => {
  test('rings, is answered, is ended by the callee, and is forgotten 32 s later', () => {
    const story = new Story().flow()
    story.calleeDoes({ kind: 'trying' }).calleeDoes({ kind: 'ring' }).flow()
    story.pass(3_000).calleeDoes({ kind: 'answer', sdp: ANSWER }).flow()
    story.pass(10_000).calleeDoes({ kind: 'hang-up', reason: 'Q.850;cause=16' }).flow()
    expect(story.ladder()).toEqual([
      '→ INVITE', '← 100 INVITE', '← 180 INVITE', '← 200 INVITE', '→ ACK', '← BYE', '→ 200 BYE',
    ])
    expect(story.events()).toEqual(['trying', 'ringing', 'answered', 'ended'])
    expect(story.ended()).toMatchObject({ by: 'remote', cause: 'bye-received', status: 200, q850: 16, retransmissions: 0, at: 13_000 })
    story.pass(32_000)
    expect(story.events()).toEqual(['trying', 'ringing', 'answered', 'ended', 'done'])
    expect(story.events('callee')).toEqual(['answered', 'acknowledged', 'ended', 'done'])
  })

  test('is ended by us', () => {
    const story = new Story().flow()
    story.calleeDoes({ kind: 'answer', sdp: ANSWER }).flow().pass(1_000).caller({ kind: 'hang-up' }).flow()
    expect(story.ladder()).toEqual(['→ INVITE', '← 200 INVITE', '→ ACK', '→ BYE', '← 200 BYE'])
    expect(story.ended()).toMatchObject({ by: 'local', cause: 'hung-up', confirmed: true, crossed: false })
    expect(story.ended('callee')).toMatchObject({ by: 'remote', q850: 16 })
    story.pass(40_000)
    expect(story.call.state).toBe('done')
    expect(story.callee?.state).toBe('done')
  })
})
