import type { Words } from './words'

/** The trade's own words, one per value of vocabulary and contracts. */
export const vocabularyZh = {
  outcome: {
    connected: '接通', abandoned: '呼损', 'no-answer': '无人接听', busy: '忙线', rejected: '拒接', 'invalid-number': '空号',
    suspended: '停机', 'powered-off': '关机', unreachable: '无法接通', machine: '语音信箱', 'line-failed': '线路故障',
    cancelled: '已取消', blocked: '已拦截', unknown: '结果未知',
  },
  status: { new: '新客户', following: '跟进中', interested: '有意向', won: '已成交', lost: '已流失', invalid: '无效' },
  intent: { unknown: '未判断', none: '无意向', low: '低', medium: '中', high: '高' },
  consent: { unknown: '未取得', granted: '已同意', refused: '已拒绝' },
  purpose: { marketing: '营销外呼', recording: '通话录音' },
  lineType: { '4g': '4G', voip: 'VoIP', pstn: '固话' },
  lineState: { up: '正常', down: '断开', probing: '探测中', tripped: '已熔断', unknown: '未知' },
  lineReason: {
    'no-answer-from-carrier': '运营商没有应答', 'half-open': '正在用真实呼叫试探', 'cannot-open': '无法打开端口', 'answers-deny-everybody': '最近的应答几乎都说号码不可用',
    'resolving-name': '正在查询运营商域名的地址', 'name-unknown': 'DNS 说没有这个域名；有上次的好地址时继续使用', 'dns-failed': 'DNS 查询失败；有上次的好地址时继续使用', 'dns-timeout': 'DNS 没有应答；有上次的好地址时继续使用',
  },
  campaignState: { draft: '草稿', running: '进行中', paused: '已暂停', stopped: '已停止', finished: '已完成' },
  entryState: { waiting: '等待中', ready: '可拨打', leased: '在待拨池', dialing: '正在拨打', done: '已完成', withdrawn: '已移出' },
  role: { admin: '管理员', supervisor: '主管', agent: '坐席', auditor: '审计员', service: '系统服务', integrator: '集成接口' },
  when: { 'before-dial': '拨打前', 'call-outcome': '通话结束后', 'customer-changed': '资料变更时', assignment: '分配时' },
  endedBy: { callee: '客户挂断', us: '我方挂断', shutdown: '语音服务停止', timeout: '振铃超时', crash: '进程中断', carrier: '运营商结束' },
  field: {
    name: '姓名', company: '公司', level: '级别', status: '状态', ownerId: '负责人', teamId: '团队', tags: '标签', region: '地区',
    industry: '行业', intent: '意向', marketingConsent: '营销同意', recordingConsent: '录音同意', neverCall: '禁呼',
    lastFollowUpAt: '最近跟进', followUpPausedUntil: '暂停跟进至', lastOutcome: '上次结果', lastCalledAt: '上次拨打',
    noAnswerStreak: '连续未接次数', rejectedCount: '累计拒接次数', attemptCount: '累计拨打次数', createdAt: '创建时间',
    sandbox: '沙箱客户', timeZone: '时区', phones: '电话',
  },
}

export const vocabularyEn: Words<typeof vocabularyZh> = {
  outcome: {
    connected: 'Connected', abandoned: 'Abandoned', 'no-answer': 'No answer', busy: 'Busy', rejected: 'Rejected', 'invalid-number': 'Invalid number',
    suspended: 'Suspended', 'powered-off': 'Powered off', unreachable: 'Unreachable', machine: 'Machine', 'line-failed': 'Line failed',
    cancelled: 'Cancelled', blocked: 'Blocked', unknown: 'Unknown',
  },
  status: { new: 'New', following: 'Following', interested: 'Interested', won: 'Won', lost: 'Lost', invalid: 'Invalid' },
  intent: { unknown: 'Not judged', none: 'None', low: 'Low', medium: 'Medium', high: 'High' },
  consent: { unknown: 'Not asked', granted: 'Granted', refused: 'Refused' },
  purpose: { marketing: 'Marketing calls', recording: 'Call recording' },
  lineType: { '4g': '4G', voip: 'VoIP', pstn: 'Fixed' },
  lineState: { up: 'Up', down: 'Down', probing: 'Probing', tripped: 'Tripped', unknown: 'Unknown' },
  lineReason: {
    'no-answer-from-carrier': 'The carrier does not answer', 'half-open': 'Being tried with real calls', 'cannot-open': 'Its port cannot be opened', 'answers-deny-everybody': 'Nearly all of the last answers deny the number',
    'resolving-name': 'Asking DNS for the carrier’s name', 'name-unknown': 'DNS says there is no such name; the last good address serves on', 'dns-failed': 'DNS fails; the last good address serves on', 'dns-timeout': 'DNS does not answer; the last good address serves on',
  },
  campaignState: { draft: 'Draft', running: 'Running', paused: 'Paused', stopped: 'Stopped', finished: 'Finished' },
  entryState: { waiting: 'Waiting', ready: 'Ready', leased: 'In the ready pool', dialing: 'Being dialled', done: 'Done', withdrawn: 'Withdrawn' },
  role: { admin: 'Admin', supervisor: 'Supervisor', agent: 'Agent', auditor: 'Auditor', service: 'Service', integrator: 'Integration' },
  when: { 'before-dial': 'Before a call', 'call-outcome': 'After a call', 'customer-changed': 'On a change', assignment: 'On assignment' },
  endedBy: { callee: 'callee hung up', us: 'we hung up', shutdown: 'the voice service was stopped', timeout: 'ring time ran out', crash: 'a process died', carrier: 'carrier ended it' },
  field: {
    name: 'Name', company: 'Company', level: 'Level', status: 'Status', ownerId: 'Owner', teamId: 'Team', tags: 'Tags', region: 'Region',
    industry: 'Industry', intent: 'Intent', marketingConsent: 'Marketing consent', recordingConsent: 'Recording consent', neverCall: 'Never call',
    lastFollowUpAt: 'Last follow-up', followUpPausedUntil: 'Paused until', lastOutcome: 'Last outcome', lastCalledAt: 'Last called',
    noAnswerStreak: 'Unanswered in a row', rejectedCount: 'Rejections', attemptCount: 'Attempts', createdAt: 'Created',
    sandbox: 'Sandbox customer', timeZone: 'Time zone', phones: 'Phones',
  },
}
