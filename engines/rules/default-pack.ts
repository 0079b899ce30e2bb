import type { DecisionPoint, RuleAction } from '@loopline/vocabulary/rule-actions'

/** A rule that every installation starts with; switched off or changed like any other. */
export interface DefaultRule {
  /** Fixed, so that writing the pack twice writes it once. */
  readonly id: string
  readonly key: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly when: DecisionPoint
  readonly condition: unknown
  readonly actions: readonly RuleAction[]
  readonly stop: boolean
}

const leaf = (field: string, operator: string, value: unknown): object => ({ field, operator, value })
const all = (...rules: object[]): object => ({ combinator: 'and', rules })
const id = (n: number): string => `00000000-0000-7000-8000-00000000000${n}`

/**
 * The six classic rules, in order of precedence (of two actions of one kind the first wins): a customer of level A long
 * not followed up gets the 4G line even after three calls without an answer, and one of high intent keeps the many attempts.
 */
export const DEFAULT_RULES: readonly DefaultRule[] = [
  {
    id: id(1), key: 'a-level-prefers-4g', when: 'before-dial', stop: false,
    name: { zh: 'A 级久未跟进优先 4G 线路', en: 'A-level not followed up lately prefers 4G' },
    condition: all(leaf('level', '=', 'A'), leaf('lastFollowUpAt', 'olderThanDays', 7)),
    actions: [{ kind: 'prefer-line-type', lineType: '4g' }],
  },
  {
    // A single 404 is no proof: engines/outcome says invalid-number only when the evidence does.
    id: id(2), key: 'invalid-number-stops', when: 'call-outcome', stop: true,
    name: { zh: '空号不再外呼', en: 'Invalid number is never dialled again' },
    condition: all(leaf('outcome', '=', 'invalid-number')),
    actions: [{ kind: 'set-status', status: 'invalid' }, { kind: 'never-dial' }],
  },
  {
    id: id(3), key: 'connected-to-senior-seller', when: 'call-outcome', stop: false,
    name: { zh: '接通客户分配给资深销售', en: 'Connected goes to a senior seller' },
    condition: all(leaf('outcome', '=', 'connected')),
    actions: [{ kind: 'assign', to: 'senior-seller' }],
  },
  {
    id: id(4), key: 'rejected-three-times-pauses', when: 'call-outcome', stop: false,
    name: { zh: '三次拒接暂停跟进', en: 'Rejected three times pauses the follow-up' },
    condition: all(leaf('outcome', '=', 'rejected'), leaf('rejectedCount', '>=', 3)),
    actions: [{ kind: 'pause-follow-up', days: 30 }],
  },
  {
    // +150 lifts a B above every A without intent, and a D above a C, but no D above a B.
    id: id(5), key: 'high-intent-first', when: 'before-dial', stop: false,
    name: { zh: '高意向客户优先且多次拨打', en: 'High intent is dialled earlier and more often' },
    condition: all(leaf('intent', '=', 'high')),
    actions: [{ kind: 'add-priority', points: 150 }, { kind: 'set-max-attempts', count: 5 }],
  },
  {
    id: id(6), key: 'no-answer-changes-hour', when: 'before-dial', stop: false,
    name: { zh: '三次未接换时段、换线路、少拨打', en: 'Three times no answer: other hour, other line, fewer redials' },
    condition: all(leaf('noAnswerStreak', '>=', 3)),
    actions: [{ kind: 'other-hour' }, { kind: 'prefer-line-type', lineType: 'voip' }, { kind: 'set-max-attempts', count: 2 }],
  },
]
