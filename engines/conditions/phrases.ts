/** Languages of the console. */
export type Language = 'zh' | 'en'

/** The words of one language. A test has a plain and a negated form; Variants carry a suffix: `@` beside an instant,
 * `?` where null counts as never. */
export interface Phrases {
  readonly everyone: string
  readonly all: string
  readonly any: string
  readonly listed: string
  not(sentence: string): string
  bracket(sentence: string): string
  quote(text: string): string
  boolean(value: boolean): string
  subject(field: string, predicate: string): string
  readonly tests: Readonly<Record<string, readonly [plain: string, negated: string]>>
}

const EN: Phrases = {
  everyone: 'everyone',
  all: ' and ',
  any: ' or ',
  listed: ', ',
  not: (sentence) => `not (${sentence})`,
  bracket: (sentence) => `(${sentence})`,
  quote: (text) => `“${text}”`,
  boolean: (value) => (value ? 'yes' : 'no'),
  subject: (field, predicate) => `${field} ${predicate}`,
  tests: {
    'null': ['is empty', 'is filled in'],
    '=': ['is {value}', 'is not {value}'],
    'in': ['is one of {list}', 'is none of {list}'],
    '<': ['is less than {value}', 'is not less than {value}'],
    '<=': ['is at most {value}', 'is not at most {value}'],
    '>': ['is more than {value}', 'is not more than {value}'],
    '>=': ['is at least {value}', 'is not at least {value}'],
    'between': ['is from {from} to {to}', 'is not from {from} to {to}'],
    'contains': ['contains {text}', 'does not contain {text}'],
    'beginsWith': ['begins with {text}', 'does not begin with {text}'],
    'hasAny': ['has any of {list}', 'has none of {list}'],
    'hasAll': ['has all of {list}', 'does not have all of {list}'],
    '<@': ['is before {value}', 'is not before {value}'],
    '>@': ['is after {value}', 'is not after {value}'],
    'withinLastDays': ['is within the last {days} days', 'is not within the last {days} days'],
    'olderThanDays': ['is more than {days} days ago', 'is not more than {days} days ago'],
    'olderThanDays?': ['is more than {days} days ago or never was', 'is not more than {days} days ago'],
    'inPast': ['is over', 'is not over'],
    'inFuture': ['lies ahead', 'does not lie ahead'],
    'onDay': ['is on {day}', 'is not on {day}'],
    'today': ['is today', 'is not today'],
  },
}

const ZH: Phrases = {
  everyone: '所有客户',
  all: '，且',
  any: '，或',
  listed: '、',
  not: (sentence) => `不满足（${sentence}）`,
  bracket: (sentence) => `（${sentence}）`,
  quote: (text) => `“${text}”`,
  boolean: (value) => (value ? '是' : '否'),
  subject: (field, predicate) => `${field}${predicate}`,
  tests: {
    'null': ['为空', '不为空'],
    '=': ['为 {value}', '不为 {value}'],
    'in': ['为 {list} 之一', '不为 {list} 中任何一个'],
    '<': ['小于 {value}', '不小于 {value}'],
    '<=': ['不超过 {value}', '未在 {value} 以内'],
    '>': ['大于 {value}', '不大于 {value}'],
    '>=': ['不少于 {value}', '未达到 {value}'],
    'between': ['在 {from} 到 {to} 之间', '不在 {from} 到 {to} 之间'],
    'contains': ['包含{text}', '不包含{text}'],
    'beginsWith': ['以{text}开头', '不以{text}开头'],
    'hasAny': ['包含{list}中任意一个', '不包含{list}中任何一个'],
    'hasAll': ['同时包含{list}', '未同时包含{list}'],
    '<@': ['早于 {value}', '不早于 {value}'],
    '>@': ['晚于 {value}', '不晚于 {value}'],
    'withinLastDays': ['在最近 {days} 天内', '不在最近 {days} 天内'],
    'olderThanDays': ['已超过 {days} 天', '未超过 {days} 天'],
    'olderThanDays?': ['已超过 {days} 天或从未有过', '未超过 {days} 天'],
    'inPast': ['已过', '未过'],
    'inFuture': ['尚未到', '并非尚未到'],
    'onDay': ['在 {day} 当天', '不在 {day} 当天'],
    'today': ['在今天', '不在今天'],
  },
}

export const PHRASES: Readonly<Record<Language, Phrases>> = { en: EN, zh: ZH }
