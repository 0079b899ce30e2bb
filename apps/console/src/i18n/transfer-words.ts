import type { Words } from './words'

/** A call that goes to a colleague, and a lead's words on the phone bar. */
export const transferZh = {
  open: '转接', title: '转给谁？', kind: { consult: '先商议', blind: '直接转' }, kindHint: { consult: '客户听音乐，你先和同事说', blind: '同事接听后，客户直接归他' },
  search: '按姓名查找', note: '给同事的一句话（可不填）', next: { campaign: '本任务下一位就绪坐席', anybody: '任意下一位就绪坐席' }, nobody: '没有其他坐席签入', sameCampaign: '同一任务',
  asking: '正在请{{name}}接听…', left: '{{seconds}} 秒', joining: '正在接通{{name}}…', consulting: '正在与{{name}}商议，客户听音乐', conference: '三方通话：{{name}}', askedConsulting: '{{name}}正在与你商议，客户听音乐',
  complete: '转给他', letIn: '三方通话', letOut: '请客户听音乐', takeBack: '取回', drop: '请同事离开', leave: '离开', keys: 'Alt+T 转接 · Alt+Enter 转给他 · Alt+C 三方 · Alt+B 取回',
  asked: { blind: '{{name}}把{{customer}}转给你', consult: '{{name}}想和你商议{{customer}}' }, accept: '接听', decline: '拒绝', askedTitle: '同事请你接电话', said: '“{{note}}”',
  dismiss: '知道了', parts: '参与者', as: { agent: '坐席', colleague: '同事' }, partQuality: '音质 {{mos}}（MOS）· 丢包 {{loss}} · 抖动 {{jitter}} ms · 往返 {{roundTrip}} ms',
  failed: '转接没有成功：{{reason}}。{{where}}', stillYours: '客户仍在你这里。', customerLeft: '通话已结束。',
  failure: {
    offline: '{{name}}不在线', busy: '{{name}}正忙', 'not-ready': '{{name}}在小休', 'nobody-ready': '没有就绪的坐席', 'no-answer': '{{name}}没有及时接听', declined: '{{name}}拒绝了', 'leg-lost': '{{name}}的电话断开了',
    'customer-gone': '客户挂断了', announcing: '录音提示还在播放，播完再试',
  },
  somebody: '同事',
}

export const transferEn: Words<typeof transferZh> = {
  open: 'Transfer', title: 'To whom?', kind: { consult: 'Speak first', blind: 'At once' }, kindHint: { consult: 'The customer hears music while you speak with the colleague', blind: 'The customer is the colleague’s as soon as he answers' },
  search: 'Find by name', note: 'A word for the colleague (optional)', next: { campaign: 'Next ready of this campaign', anybody: 'Next ready of all' }, nobody: 'No other agent has signed on', sameCampaign: 'same campaign',
  asking: 'Asking {{name}}…', left: '{{seconds}} s', joining: 'Connecting {{name}}…', consulting: 'Consulting with {{name}}; the customer hears music', conference: 'In conference with {{name}}', askedConsulting: '{{name}} is consulting with you; the customer hears music',
  complete: 'Hand over', letIn: 'Conference', letOut: 'Customer out', takeBack: 'Take back', drop: 'Drop colleague', leave: 'Leave', keys: 'Alt+T transfer · Alt+Enter hand over · Alt+C conference · Alt+B take back',
  asked: { blind: '{{name}} hands you {{customer}}', consult: '{{name}} wants a word about {{customer}}' }, accept: 'Answer', decline: 'Decline', askedTitle: 'A colleague asks for you', said: '“{{note}}”',
  dismiss: 'OK', parts: 'On the call', as: { agent: 'agent', colleague: 'colleague' }, partQuality: 'MOS {{mos}} · loss {{loss}} · jitter {{jitter}} ms · round trip {{roundTrip}} ms',
  failed: 'Not transferred: {{reason}}. {{where}}', stillYours: 'The customer is still with you.', customerLeft: 'The call is over.',
  failure: {
    offline: '{{name}} is not signed on', busy: '{{name}} is busy', 'not-ready': '{{name}} is on a break', 'nobody-ready': 'nobody is ready', 'no-answer': '{{name}} did not answer in time', declined: '{{name}} declined', 'leg-lost': '{{name}}’s telephone was lost',
    'customer-gone': 'the customer hung up', announcing: 'the recording is still being announced; try again after it',
  },
  somebody: 'the colleague',
}

export const messageZh = { from: '{{name}}：', read: '已读', send: '发消息', go: '发送', title: '给{{name}}发消息', text: '内容（显示在坐席的电话栏）', sent: '已发送', unread: '{{count}} 条未读', incoming: '主管消息' }
export const messageEn: Words<typeof messageZh> = { from: '{{name}}:', read: 'Read', send: 'Message', go: 'Send', title: 'Message to {{name}}', text: 'Shown on the agent’s phone bar', sent: 'Sent', unread: '{{count}} unread', incoming: 'Message from a lead' }
