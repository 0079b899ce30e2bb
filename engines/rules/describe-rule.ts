import type { CustomerStatus, Intent, LineType } from '@loopline/vocabulary/customer'
import type { DecisionPoint, RuleAction } from '@loopline/vocabulary/rule-actions'

export type Language = 'zh' | 'en'

/** What a sentence needs from outside: the condition in words (engines/conditions' describe), names of people. */
export interface RuleWords {
  readonly condition: string
  /** The name of a user given by id; the id itself without it. */
  readonly person?: (userId: string) => string
}

interface Words {
  readonly when: Readonly<Record<DecisionPoint, string>>
  readonly and: string
  readonly senior: string
  readonly lineTypes: Readonly<Record<LineType, string>>
  readonly statuses: Readonly<Record<CustomerStatus, string>>
  readonly intents: Readonly<Record<Intent, string>>
  sentence(when: string, condition: string, actions: string, stop: boolean): string
  action(action: RuleAction, words: Words, person: (userId: string) => string): string
}

/** A rule as one sentence: "Before a call, if level is A, then prefer a 4G line." */
export function describeRule(rule: { readonly when: DecisionPoint; readonly actions: readonly RuleAction[]; readonly stop: boolean },
  language: Language, given: RuleWords): string {
  const words = WORDS[language]
  const actions = rule.actions.map((action) => describeAction(action, language, given.person)).join(words.and)
  return words.sentence(words.when[rule.when], given.condition, actions, rule.stop)
}

/** One action in words, as it also stands on a customer's timeline. */
export function describeAction(action: RuleAction, language: Language, person = (userId: string): string => userId): string {
  const words = WORDS[language]
  return words.action(action, words, (userId) => (userId === 'senior-seller' ? words.senior : person(userId)))
}

const EN: Words = {
  when: {
    'before-dial': 'Before a call', 'call-outcome': 'After a call', 'customer-changed': 'When a customer changes', 'assignment': 'When a customer is assigned',
  },
  and: ', ',
  senior: 'a senior seller',
  lineTypes: { '4g': '4G', voip: 'VoIP', pstn: 'fixed' },
  statuses: { new: 'new', following: 'following', interested: 'interested', won: 'won', lost: 'lost', invalid: 'invalid' },
  intents: { unknown: 'unknown', none: 'none', low: 'low', medium: 'medium', high: 'high' },
  sentence: (when, condition, actions, stop) => `${when}, if ${condition}, then ${actions}${stop ? '; no further rule is asked' : ''}.`,
  action(action, words, person) {
    switch (action.kind) {
      case 'prefer-line-type': return `prefer a ${words.lineTypes[action.lineType]} line`
      case 'set-ring-time': return `let it ring for ${action.seconds} s`
      case 'set-max-attempts': return `dial at most ${action.count} times`
      case 'retry-after': return `try again after ${action.minutes} min`
      case 'other-hour': return 'try again at another time of day'
      case 'add-priority': return `${action.points < 0 ? 'lower' : 'raise'} the priority by ${Math.abs(action.points)}`
      case 'set-status': return `set the status to ${words.statuses[action.status]}`
      case 'never-dial': return 'never dial again'
      case 'assign': return `assign to ${person(action.to)}`
      case 'pause-follow-up': return `pause the follow-up for ${action.days} days`
      case 'add-tag': return `add the tag “${action.tag}”`
      case 'set-intent': return `set the intent to ${words.intents[action.intent]}`
    }
  },
}

const ZH: Words = {
  when: { 'before-dial': '拨打前', 'call-outcome': '通话结束后', 'customer-changed': '客户资料变更时', 'assignment': '分配客户时' },
  and: '，',
  senior: '资深销售',
  lineTypes: { '4g': '4G', voip: 'VoIP', pstn: '固话' },
  statuses: { new: '新客户', following: '跟进中', interested: '有意向', won: '已成交', lost: '已流失', invalid: '无效' },
  intents: { unknown: '未知', none: '无', low: '低', medium: '中', high: '高' },
  sentence: (when, condition, actions, stop) => `${when}，若${condition}，则${actions}${stop ? '；不再执行后续规则' : ''}。`,
  action(action, words, person) {
    switch (action.kind) {
      case 'prefer-line-type': return `优先使用 ${words.lineTypes[action.lineType]} 线路`
      case 'set-ring-time': return `振铃时长设为 ${action.seconds} 秒`
      case 'set-max-attempts': return `最多拨打 ${action.count} 次`
      case 'retry-after': return `${action.minutes} 分钟后重拨`
      case 'other-hour': return '换一个时段再拨'
      case 'add-priority': return `优先级${action.points < 0 ? '降低' : '提高'} ${Math.abs(action.points)}`
      case 'set-status': return `状态改为“${words.statuses[action.status]}”`
      case 'never-dial': return '不再外呼'
      case 'assign': return `分配给${person(action.to)}`
      case 'pause-follow-up': return `暂停跟进 ${action.days} 天`
      case 'add-tag': return `添加标签“${action.tag}”`
      case 'set-intent': return `意向改为“${words.intents[action.intent]}”`
    }
  },
}

const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH }
