import type { Words } from './words'

/** Why: one text per reason of the gate, of the outcome table, of routing, of pacing and of rules. */
export const reasonZh = {
  /** Why a call is not allowed, or not now. */
  block: {
    'law-pack-missing': '未加载外呼合规规则', 'facts-missing': '客户资料不完整，无法判断', deleted: '客户已删除', 'never-call': '已设为禁呼',
    'status-invalid': '客户状态为“无效”', 'status-lost': '客户状态为“已流失”', 'no-usable-phone': '没有可用号码',
    'consent-unknown': '未取得营销同意', 'consent-refused': '客户已拒绝营销', 'sandbox-mismatch': '沙箱客户只能走沙箱线路（反之亦然）',
    'campaign-not-running': '任务未在进行中', 'attempt-open': '正在与该客户通话', 'follow-up-paused': '跟进已暂停',
    'time-zone-unknown': '不知道客户所在时区', 'outside-hours': '不在可拨打时段', 'attempts-per-day': '今日拨打次数已达上限',
    'do-not-call': '号码在拒接名单中', 'on-registry': '号码在拒接登记库中', 'registry-missing': '未导入所需的拒接登记库', 'registry-old': '拒接登记库副本已过期', 'line-not-permitted': '线路不允许这类呼叫',
    'abandoned-lockout': '曾被弃呼，处于保护期', 'attempts-in-window': '短时间内拨打次数已达上限', 'recording-not-allowed': '必须录音但不允许录音',
    'not-in-audience': '不符合本任务的客群条件', 'not-in-list': '不在本任务的名单中', 'not-in-list-yet': '符合条件，正在进入名单', 'retry-later': '还没到下次重拨时间', 'attempts-used': '重拨次数已用完',
    done: '本任务已完成对该客户的拨打', withdrawn: '已从本任务名单移出', waiting: '排队中，等待轮到', loading: '名单正在加载',
    'no-line-permitted': '没有允许使用的线路', 'no-proven-caller-id': '线路没有已核验的主叫号码', 'no-caller-id': '主叫号码都在休息，或用完了配额', 'caller-ids-busy': '主叫号码都在通话中', 'line-down': '线路断开', 'line-full': '线路并发已满',
    'line-rate': '线路每秒呼叫数已满', 'voice-away': '语音服务未连接', 'rules-missing': '尚未取得规则', 'customer-unknown': '外呼系统还不认识该客户',
    'phone-invalid': '号码无效', 'phone-missing': '缺少号码', 'in-the-past': '约定的时间已过', 'changed-meanwhile-or-being-called': '资料刚被修改，或正在与该客户通话',
    'skipped-not-now': '坐席跳过：稍后再打', 'skipped-wrong-person': '坐席跳过：不是本人', 'skipped-already-served': '坐席跳过：已有人跟进', 'skipped-other': '坐席跳过：其他原因',
  },
  /** Why the evidence means this outcome. */
  outcome: {
    answered: '对方接听', 'no-agent-in-time': '对方接听，没有坐席及时接入', 'answered-then-crash': '已接听，随后我方进程中断', 'crash-hid-the-end': '我方进程中断，未看到结果',
    'announced-invalid-number': '听到“空号”提示音', 'announced-suspended': '听到“已停机”提示音', 'announced-powered-off': '听到“已关机”提示音',
    'announced-unreachable': '听到“无法接通”提示音', 'announced-busy': '听到“正在通话中”提示音',
    'unallocated-number': '运营商明确答复：号码未分配', 'number-not-found-twice': '两条线路（或两天）都答复查无此号', 'number-may-be-invalid': '首次答复查无此号，待第二次确认',
    'number-changed': '号码已变更', 'number-incomplete': '号码不完整', 'callee-busy': '对方忙线', 'rejected-after-ringing': '振铃后被挂断',
    'callee-declined': '对方拒接', 'rejected-by-cause': '运营商答复：对方拒接', 'ring-time-out': '振铃超时无人接听', 'no-answer-by-cause': '运营商答复：无人应答',
    'rang-without-answer': '振铃后无人接听', 'subscriber-absent': '用户不在服务区', 'destination-out-of-order': '对方设备故障',
    'temporarily-unavailable': '暂时无法接通（原因不明）', 'no-reaction-from-callee': '从未振铃，对方无反应', 'we-cancelled': '我方取消', 'voice-stopped': '语音服务停止或重启', 'carrier-cancelled': '运营商取消',
    'no-response': '运营商无响应', 'line-suspect': '该线路结果异常，暂不采信', 'carrier-overloaded': '运营商繁忙', 'carrier-error': '运营商出错',
    'carrier-refused': '运营商拒绝呼叫', 'credentials-refused': '线路账号或密码被拒', 'media-refused': '媒体参数被拒', 'encryption-refused': '线路要求语音加密，运营商未接受', redirected: '呼叫被转移',
    'no-route': '没有到达对方的路由', 'network-cause': '网络侧原因', 'caller-id-blocked': '主叫号码被拦截',
    'caller-was-heard': '客户打来，已与坐席通话', 'caller-gave-up': '客户打来，等待时挂断', 'nobody-came': '客户打来，没有坐席接听', 'caller-refused': '来电未受理',
  },
  line: { 'as-wanted': '符合规则要求', 'wanted-type-missing': '没有所要求类型的线路，改用其他', 'wanted-type-busy': '所要求类型的线路已满，改用其他', 'by-priority': '按线路优先级选择', 'least-cost': '费用最低的线路', learned: '据以往通话，这条线路此地此时接通更划算', explored: '少量试探，以了解各线路', inbound: '客户打来' },
  callerId: { sticky: '客户见过的号码', 'same-area': '与客户同城', 'same-province': '与客户同省', 'least-used': '用得最少' },
  callerIdGone: { 'not-proven': '未核验', resting: '在休息', 'day-quota': '当日配额已满', 'hour-quota': '小时配额已满', busy: '正在通话', pausing: '刚打完电话', gone: '已不在本线路' },
  hold: {
    'none-due': '名单里暂时没有到时间的客户', 'outside-hours': '现在不在客户当地的可拨打时段', 'line-down': '线路断开',
    'line-full': '线路并发已满，等待空闲', 'voice-away': '语音服务未连接', loading: '正在加载名单',
    'own-rate': '已达到任务设定的速度', 'own-concurrency': '已达到任务设定的同时通话数', 'no-agent': '没有空闲坐席', 'recorder-down': '录音服务不可用，而本任务要求录音', 'no-caller-id': '主叫号码都在休息，或用完了配额',
  },
  /** What came of a rule's action. */
  effect: {
    'prefer-line-type': '优先线路类型', 'set-ring-time': '设置振铃时长', 'set-max-attempts': '限制拨打次数', 'retry-after': '延后重拨', 'other-hour': '换一个时段',
    'add-priority': '调整优先级', 'set-status': '修改状态', 'never-dial': '号码不再外呼', assign: '分配负责人', 'pause-follow-up': '暂停跟进', 'add-tag': '添加标签', 'set-intent': '修改意向',
  },
  effectResult: { done: '已执行', none: '无需改动', 'nobody-senior': '没有在岗的资深销售，未分配', 'unknown-person': '找不到指定的人，未分配', 'other-phone-works': '还有其他可用号码，状态不变' },
}

export const reasonEn: Words<typeof reasonZh> = {
  block: {
    'law-pack-missing': 'no calling law is loaded', 'facts-missing': 'too little is known of the customer', deleted: 'the customer was deleted', 'never-call': 'marked “never call”',
    'status-invalid': 'the customer’s status is “invalid”', 'status-lost': 'the customer’s status is “lost”', 'no-usable-phone': 'no usable number',
    'consent-unknown': 'no marketing consent', 'consent-refused': 'marketing was refused', 'sandbox-mismatch': 'sandbox customers go over sandbox lines only, and real ones never do',
    'campaign-not-running': 'the campaign is not running', 'attempt-open': 'a call to this person is open', 'follow-up-paused': 'the follow-up is paused',
    'time-zone-unknown': 'the callee’s time zone is not known', 'outside-hours': 'outside calling hours', 'attempts-per-day': 'today’s attempts are used up',
    'do-not-call': 'the number is on a do-not-call list', 'on-registry': 'the number is in a do-not-call registry', 'registry-missing': 'the registry that must be asked was not imported', 'registry-old': 'the registry’s copy is too old', 'line-not-permitted': 'the line does not permit such a call',
    'abandoned-lockout': 'left alone for a while after an abandoned call', 'attempts-in-window': 'too many attempts in a short time', 'recording-not-allowed': 'must be recorded, and may not be',
    'not-in-audience': 'does not match the campaign’s audience', 'not-in-list': 'not on this campaign’s list', 'not-in-list-yet': 'matches; on its way into the list', 'retry-later': 'the next attempt is not due yet', 'attempts-used': 'no attempts left',
    done: 'this campaign is done with the customer', withdrawn: 'withdrawn from this campaign', waiting: 'in the queue', loading: 'the list is being loaded',
    'no-line-permitted': 'no line is permitted', 'no-proven-caller-id': 'the line has no verified caller ID', 'no-caller-id': 'every number of ours rests or has used up its quota', 'caller-ids-busy': 'every number of ours is in a call', 'line-down': 'the line is down', 'line-full': 'the line is full',
    'line-rate': 'the line’s calls per second are used up', 'voice-away': 'the voice service is away', 'rules-missing': 'the rules are not known yet', 'customer-unknown': 'the dialer does not know this customer yet',
    'phone-invalid': 'the number is invalid', 'phone-missing': 'a number is missing', 'in-the-past': 'the promised time is past', 'changed-meanwhile-or-being-called': 'changed this very moment, or being called',
    'skipped-not-now': 'skipped by an agent: not now', 'skipped-wrong-person': 'skipped by an agent: wrong person', 'skipped-already-served': 'skipped by an agent: somebody is on it', 'skipped-other': 'skipped by an agent: another reason',
  },
  outcome: {
    answered: 'answered', 'no-agent-in-time': 'answered, and no agent came in time', 'answered-then-crash': 'answered, then a process of ours died', 'crash-hid-the-end': 'a process of ours died before the end was seen',
    'announced-invalid-number': 'announcement: number does not exist', 'announced-suspended': 'announcement: suspended', 'announced-powered-off': 'announcement: powered off',
    'announced-unreachable': 'announcement: unreachable', 'announced-busy': 'announcement: busy',
    'unallocated-number': 'the carrier says: number not allocated', 'number-not-found-twice': 'not found on two lines or two days', 'number-may-be-invalid': 'not found once; a second sighting is needed',
    'number-changed': 'the number was changed', 'number-incomplete': 'the number is incomplete', 'callee-busy': 'the callee is busy', 'rejected-after-ringing': 'hung up while it rang',
    'callee-declined': 'the callee declined', 'rejected-by-cause': 'the carrier says: rejected', 'ring-time-out': 'the ring time ran out', 'no-answer-by-cause': 'the carrier says: no answer',
    'rang-without-answer': 'it rang, nobody answered', 'subscriber-absent': 'the subscriber is out of reach', 'destination-out-of-order': 'the callee’s device is out of order',
    'temporarily-unavailable': 'unavailable, no cause given', 'no-reaction-from-callee': 'it never rang', 'we-cancelled': 'we cancelled', 'voice-stopped': 'the voice service was stopped or restarted', 'carrier-cancelled': 'the carrier cancelled',
    'no-response': 'the carrier did not answer', 'line-suspect': 'the line is suspect; its word does not count', 'carrier-overloaded': 'the carrier is overloaded', 'carrier-error': 'the carrier failed',
    'carrier-refused': 'the carrier refused', 'credentials-refused': 'the line’s credentials were refused', 'media-refused': 'media was refused', 'encryption-refused': 'the line requires encryption, the carrier took no key', redirected: 'the call was redirected',
    'no-route': 'no route to the callee', 'network-cause': 'a cause in the network', 'caller-id-blocked': 'the caller ID is blocked',
    'caller-was-heard': 'the customer called and spoke with an agent', 'caller-gave-up': 'the customer called and hung up while waiting', 'nobody-came': 'the customer called and nobody took it', 'caller-refused': 'the call was not taken',
  },
  line: { 'as-wanted': 'as the rule wanted', 'wanted-type-missing': 'no line of the wanted type; another one took it', 'wanted-type-busy': 'lines of the wanted type were full; another one took it', 'by-priority': 'by the lines’ priority', 'least-cost': 'the cheapest line', learned: 'by past calls it reaches more people for the money, here and now', explored: 'one of the few calls that try every line', inbound: 'the customer called' },
  callerId: { sticky: 'the number he knows', 'same-area': 'of his city', 'same-province': 'of his province', 'least-used': 'used least' },
  callerIdGone: { 'not-proven': 'is not verified', resting: 'rests', 'day-quota': 'has used up its day', 'hour-quota': 'has used up its hour', busy: 'is in a call', pausing: 'has just called', gone: 'is no longer of this line' },
  hold: {
    'none-due': 'nobody on the list is due now', 'outside-hours': 'it is outside calling hours at the callees', 'line-down': 'a line is down',
    'line-full': 'lines are full; waiting for a free channel', 'voice-away': 'the voice service is away', loading: 'the list is being loaded',
    'own-rate': 'as fast as its own rate allows', 'own-concurrency': 'as many calls at once as its own limit allows', 'no-agent': 'no agent is free', 'recorder-down': 'recordings cannot be written, and this campaign requires them', 'no-caller-id': 'every number of ours rests or has used up its quota',
  },
  effect: {
    'prefer-line-type': 'prefer a line type', 'set-ring-time': 'set the ring time', 'set-max-attempts': 'limit attempts', 'retry-after': 'try later', 'other-hour': 'other hour',
    'add-priority': 'change the priority', 'set-status': 'set the status', 'never-dial': 'never dial the number again', assign: 'assign', 'pause-follow-up': 'pause the follow-up', 'add-tag': 'add a tag', 'set-intent': 'set the intent',
  },
  effectResult: { done: 'done', none: 'nothing to change', 'nobody-senior': 'no senior seller is active; not assigned', 'unknown-person': 'that person is not here; not assigned', 'other-phone-works': 'another number still works; status kept' },
}
