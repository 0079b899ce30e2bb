import type { Words } from './words'

/** Callers: who rings, why here, what became of it. */
export const inboundZh = {
  title: '来电', rings: '{{name}} 来电', accept: '接听', decline: '转给其他坐席', left: '{{seconds}} 秒后转给其他坐席', takesItself: '即将自动接通',
  unknown: '陌生号码', withheld: '号码未显示', unknownText: '没有以这个号码登记的客户。问清姓名后可以直接建档，本次来电会记在新档案里。', withheldText: '对方没有显示号码，无法查找客户。',
  record: '建立客户档案', recordText: '号码由系统保存，不会显示。', name: '姓名', company: '公司（可不填）', make: '建档',
  calledUs: '打的是 {{number}}',
  callback: { missed: '回拨未接来电（{{at}} 打来）', promised: '约定 {{at}} 回拨' },
  because: { 'last-seller': '你最近与他通过话', owner: '这是你的客户', team: '由团队中等待最久的坐席接听' },
  becauseOf: { 'last-seller': '最近通话的坐席', owner: '客户负责人', team: '团队中等待最久的坐席' },
  first: '先响铃', nobodyFirst: '来电时没有空闲坐席', direction: '客户打来',
  outcome: { connected: '来电，已接听', abandoned: '未接来电', rejected: '来电，未受理', unknown: '来电，结果未知' },
}

export const inboundEn: Words<typeof inboundZh> = {
  title: 'Incoming call', rings: '{{name}} is calling', accept: 'Take the call', decline: 'Pass it on', left: 'rings at somebody else in {{seconds}} s', takesItself: 'connects by itself in a moment',
  unknown: 'Unknown number', withheld: 'Number withheld', unknownText: 'No customer has this number. Once you know the name you can make a record; this call is then part of it.', withheldText: 'The caller shows no number, so no customer can be found.',
  record: 'Make a customer record', recordText: 'The number is kept by the system and shown to nobody.', name: 'Name', company: 'Company (optional)', make: 'Make the record',
  calledUs: 'dialled {{number}}',
  callback: { missed: 'Call back: we missed their call at {{at}}', promised: 'Call back, promised for {{at}}' },
  because: { 'last-seller': 'you spoke with them last', owner: 'they are your customer', team: 'you have waited longest in the team' },
  becauseOf: { 'last-seller': 'who spoke with them last', owner: 'whose customer they are', team: 'the longest idle of the team' },
  first: 'Rang first', nobodyFirst: 'nobody was free when it came in', direction: 'the customer called',
  outcome: { connected: 'Incoming, answered', abandoned: 'Missed call', rejected: 'Incoming, not taken', unknown: 'Incoming, end unknown' },
}
