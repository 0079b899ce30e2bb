import { describe, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { TeamId, UserId } from '@loopline/vocabulary/ids'
import type { CustomerRow, PhoneRow } from '../customer/customer-row.ts'
import type { TimelineRow } from '../timeline/timeline.sql.ts'
import type { Effect } from './act-on-rules.ts'
import { undoEffects } from './undo-rules.ts'

const [wang, li] = [newId<UserId>(), newId<UserId>()]
const team = newId<TeamId>()
const later = new Date('2026-12-01T00:00:00.000Z')
const row = { status: 'following', intent: 'low', tags: ['VIP', '空号'], followUpPausedUntil: later, ownerId: wang, teamId: team } as unknown as CustomerRow
const phone = { phoneId: 'p', state: 'invalid' } as unknown as PhoneRow

/** A call and what a rule did because of it, as the database gives it back: instants are texts. */
function story(attemptId: string, ...effects: Effect[]): TimelineRow[] {
  const item = { customerId: 'c', at: later, actorId: null, actorName: null } as unknown as TimelineRow
  return [
    { ...item, id: attemptId, kind: 'call', body: {} },
    { ...item, id: newId(), kind: 'rule', body: JSON.parse(JSON.stringify({ effects, cause: { attemptId } })) as Record<string, unknown> },
  ]
}

describe('what a rule did because of a call that is taken back', () => {
  const done = (kind: Effect['kind'], detail: unknown): Effect => ({ kind, result: 'done', detail })
  const cases: { name: string; effect: Effect; want: Partial<CustomerRow> }[] = [
    { name: 'a status is set back', effect: done('set-status', { from: 'new', to: 'following' }), want: { status: 'new' } },
    { name: 'one that is another by now stays', effect: done('set-status', { from: 'new', to: 'lost' }), want: {} },
    { name: 'what was so before stays', effect: { kind: 'set-status', result: 'none' }, want: {} },
    { name: 'an intent is set back', effect: done('set-intent', { from: 'high', to: 'low' }), want: { intent: 'high' } },
    { name: 'a tag that was added goes, the others stay', effect: done('add-tag', { from: [], to: ['空号'] }), want: { tags: ['VIP'] } },
    { name: 'a pause ends', effect: done('pause-follow-up', { from: null, to: later }), want: { followUpPausedUntil: null } },
    { name: 'a pause that was set anew stays', effect: done('pause-follow-up', { from: null, to: new Date(0) }), want: {} },
    { name: 'the customer goes back to whose it was', effect: done('assign', { ownerId: wang, name: '王', before: { ownerId: li, teamId: null } }), want: { ownerId: li, teamId: null } },
    { name: 'a customer who was moved on stays', effect: done('assign', { ownerId: li, name: '李', before: { ownerId: null, teamId: null } }), want: {} },
  ]
  for (const { name, effect, want } of cases) {
    test(name, () => {
      const undone = undoEffects({ row, phones: [phone] }, story('a', effect), new Set(['a']), new Map())
      expect(undone).toEqual({ row: { ...row, ...want }, phones: [phone], revived: [], causes: ['a'] })
    })
  }

  test('who got the customer has one fewer again', () => {
    const given = new Map<UserId, number>()
    undoEffects({ row, phones: [] }, story('a', done('assign', { ownerId: wang, name: '王', before: { ownerId: li, teamId: null } })), new Set(['a']), given)
    expect([...given]).toEqual([[wang, -1], [li, 1]])
  })

  test('what came of another call stays', () => {
    const all = [...story('a'), ...story('b', done('never-dial', { phoneId: 'p' }))]
    expect(undoEffects({ row, phones: [phone] }, all, new Set(['a']), new Map())).toMatchObject({ row, revived: [], causes: ['a'] })
    expect(undoEffects({ row, phones: [phone] }, all, new Set(['b']), new Map())).toMatchObject({ phones: [{ state: 'usable' }], revived: ['p'] })
  })
})
