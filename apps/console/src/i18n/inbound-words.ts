import type { Words } from './words'

/** Callers: who rings, why here, what became of it. */
export const inboundZh = {
  title: '来电', rings: '{{name}} 来电', accept: '接听', decline: '转给其他坐席', left: '{{seconds}} 秒后转给其他坐席', takesItself: '即将自动接通',
  unknown: '陌生号码', withheld: '号码未显示', unknownText: '没有以这个号码登记的客户。通话结束后可以在小结里记下对方是谁、想要什么。', withheldText: '对方没有显示号码，无法查找客户。',
  calledUs: '打的是 {{number}}',
  because: { 'last-seller': '你最近与他通过话', owner: '这是你的客户', team: '由团队中等待最久的坐席接听' },
  becauseOf: { 'last-seller': '最近通话的坐席', owner: '客户负责人', team: '团队中等待最久的坐席' },
  first: '先响铃', nobodyFirst: '来电时没有空闲坐席', direction: '客户打来',
  outcome: { connected: '来电，已接听', abandoned: '未接来电', rejected: '来电，未受理', unknown: '来电，结果未知' },
}

export const inboundEn: Words<typeof inboundZh> = {
  title: 'Incoming call', rings: '{{name}} is calling', accept: 'Take the call', decline: 'Pass it on', left: 'rings at somebody else in {{seconds}} s', takesItself: 'connects by itself in a moment',
  unknown: 'Unknown number', withheld: 'Number withheld', unknownText: 'No customer has this number. Note in the wrap-up who it was and what they wanted.', withheldText: 'The caller shows no number, so no customer can be found.',
  calledUs: 'dialled {{number}}',
  because: { 'last-seller': 'you spoke with them last', owner: 'they are your customer', team: 'you have waited longest in the team' },
  becauseOf: { 'last-seller': 'who spoke with them last', owner: 'whose customer they are', team: 'the longest idle of the team' },
  first: 'Rang first', nobodyFirst: 'nobody was free when it came in', direction: 'the customer called',
  outcome: { connected: 'Incoming, answered', abandoned: 'Missed call', rejected: 'Incoming, not taken', unknown: 'Incoming, end unknown' },
}
