import fc from 'fast-check'
import { expect, test } from 'vitest'
import { header } from './message.ts'
import { ANSWER, nameOf, Story, type WireRule } from './test/story.ts'

/**
 * Whatever the wire loses or doubles in the first seconds (reliability F20), and whatever both sides want meanwhile: each
 * side's call ends once, is forgotten in the end, every answer is acknowledged, and nobody is left with a call up.
 */
const act = fc.record({
  afterMs: fc.integer({ min: 0, max: 12_000 }),
  what: fc.constantFrom('ring', 'progress', 'answer', 'reject', 'callee-bye', 'hang-up', 'callee-trying'),
})
const fates = fc.array(fc.constantFrom('deliver', 'deliver', 'deliver', 'lose', 'double'), { minLength: 1, maxLength: 60 })
const FAULTS_END_MS = 25_000

function play(acts: readonly { afterMs: number; what: string }[], fate: readonly string[]): Story {
  let count = 0
  const rule: WireRule = (line) => (line.at < FAULTS_END_MS ? (fate[count++ % fate.length] as ReturnType<WireRule>) : 'deliver')
  const story = new Story({ ringTimeMs: 20_000 }, rule).flow()
  for (const { afterMs, what } of acts) {
    story.pass(afterMs)
    if (what === 'hang-up') story.caller({ kind: 'hang-up' })
    else if (story.callee !== null) calleeActs(story, what)
    story.flow()
  }
  return endBothSides(story)
}

function calleeActs(story: Story, what: string): void {
  switch (what) {
    case 'callee-trying': return void story.calleeDoes({ kind: 'trying' })
    case 'ring': return void story.calleeDoes({ kind: 'ring' })
    case 'progress': return void story.calleeDoes({ kind: 'progress', sdp: ANSWER })
    case 'answer': return void story.calleeDoes({ kind: 'answer', sdp: ANSWER })
    case 'reject': return void story.calleeDoes({ kind: 'reject', status: 486 })
    default: return void story.calleeDoes({ kind: 'hang-up' })
  }
}

/** The wire is whole again; the caller wants to end; a callee that never decided refuses at last. */
function endBothSides(story: Story): Story {
  story.pass(FAULTS_END_MS).caller({ kind: 'hang-up' }).pass(70_000)
  if (story.callee?.state === 'ringing') story.calleeDoes({ kind: 'reject', status: 480 }).flow()
  return story.pass(140_000)
}

function check(story: Story): void {
  const count = (side: 'caller' | 'callee', kind: string): number => story.events(side).filter((each) => each === kind).length
  expect([count('caller', 'ended'), count('caller', 'done'), story.call.state]).toEqual([1, 1, 'done'])
  if (story.callee !== null) expect([count('callee', 'ended'), count('callee', 'done'), story.callee.state]).toEqual([1, 1, 'done'])
  const names = story.ladder()
  const firstCancel = names.indexOf('→ CANCEL')
  const firstProvisional = names.findIndex((name) => /^← 1\d\d INVITE/.test(name))
  if (firstCancel >= 0) expect(firstProvisional).toBeGreaterThanOrEqual(0)
  expect(firstCancel < 0 || firstCancel > firstProvisional).toBe(true)
  const callIds = new Set(story.lines.map((line) => line.message.callId))
  const invites = story.lines.filter((line) => nameOf(line.message) === 'INVITE').map((line) => header(line.message, 'via'))
  expect([callIds.size, new Set(invites).size]).toEqual([1, 1])
  if (count('caller', 'answered') + (story.ended().crossed ? 1 : 0) > 0) expect(names).toContain('→ ACK')
}

test('calls end once and are forgotten on any wire', () => {
  fc.assert(fc.property(fc.array(act, { maxLength: 5 }), fates, (acts, fate) => check(play(acts, fate))), { numRuns: 2_000 })
})

test('five in a hundred lost both ways: an answered call comes up and goes down', () => {
  // Without bias: fast-check likes small numbers, and five in a hundred would be half of them now and then.
  fc.assert(fc.property(fc.noBias(fc.infiniteStream(fc.integer({ min: 0, max: 99 }))), (dice) => {
    const story = new Story({ ringTimeMs: 60_000 }, () => ((dice.next().value as number) < 5 ? 'lose' : 'deliver')).pass(10_000)
    story.calleeDoes({ kind: 'ring' }).pass(1_000).calleeDoes({ kind: 'answer', sdp: ANSWER }).pass(20_000)
    expect([story.call.state, story.callee?.state, story.callee?.isAcknowledged]).toEqual(['up', 'up', true])
    story.caller({ kind: 'hang-up' }).pass(80_000)
    expect(story.ended()).toMatchObject({ by: 'local' })
    // One in ten thousand loses four BYEs in a row, or what answers them: nobody waits for it longer.
    if (!story.ended().confirmed) expect(story.ladder().filter((name) => name === '→ BYE').length).toBeGreaterThanOrEqual(4)
    expect(story.ended('callee')).toMatchObject({ by: 'remote' })
  }), { numRuns: 300 })
})
