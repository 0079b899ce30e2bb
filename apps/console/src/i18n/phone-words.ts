import type { Words } from './words'

/** The telephone, the seller's day, and the wallboard. */
export const phoneZh = {
  agentState: { offline: '离线', ready: '就绪', reserved: '已预留', ringing: '振铃', talking: '通话', 'on-hold': '保持', 'wrap-up': '小结', paused: '暂停' },
  pause: {
    break: '小休', meal: '用餐', training: '培训', meeting: '会议', paperwork: '文书', other: '其他', 'signed-on': '刚签入', 'no-answer': '未及时接听', 'leg-lost': '电话断开', forced: '主管调整', 'taken-over': '另一页面接管', 'self-test': '待试音',
  },
  idle: { 'none-due': '名单中暂无到期客户', 'outside-hours': '不在可拨打时段', 'line-down': '线路不可用', 'line-full': '线路已满', 'voice-away': '语音服务未连接', loading: '名单加载中', 'no-campaign': '没有运行中的任务', dialing: '正在为你拨号', 'next-call': '即将接入', 'campaign-not-running': '任务未在进行中', 'own-rate': '已达到任务设定的速度', 'own-concurrency': '已达到任务设定的同时通话数', 'no-agent': '没有空闲坐席', 'recorder-down': '录音服务不可用', 'no-caller-id': '没有可用的主叫号码' },
  phone: {
    signOn: '签入电话', signOff: '签出', toReady: '就绪', ready: '就绪', pauseFor: '暂停 · {{reason}}', askingMicrophone: '请允许使用麦克风', connecting: '电话连接中…', takeOver: '在本页接管电话',
    pauseRecording: '暂停录音（如报卡号时）', resumeRecording: '恢复录音', mute: '静音', hold: '保持', resume: '恢复通话', keypad: '拨号键盘', hangUp: '挂断', callEnded: '已结束', title: '电话',
    recordingIs: { on: '录音中', announcing: '正在播放录音提示', paused: '录音已暂停' }, silent: { customer: '听不到客户', agent: '客户听不到你' },
    silentHelp: { customer: '客户侧 2 秒没有声音：对方可能静音或线路中断。', agent: '你的声音没有送到：检查耳机的静音键和麦克风。' },
    quality: '通话质量：{{grade}}', grade: { good: '良好', fair: '一般', bad: '差', silent: '无声音' }, legOf: { customer: '客户侧', agent: '坐席侧' },
    figures: '{{name}}：MOS {{mos}} · 丢包 {{loss}} · 抖动 {{jitter}} ms · 往返 {{roundTrip}} ms',
    insecure: {
      title: '本页不能打电话', what: '怎么办',
      https: '用 https:// 开头的地址打开。管理员用 npm start -- --lan 启动后，终端会显示这个地址。',
      localhost: '在运行 Loopline 的那台电脑上，用 http://localhost 打开也可以。',
      desk: '其他功能不受影响；桌面话机照常可用。',
    },
    problem: { 'insecure-page': '本页不是安全连接，浏览器不允许使用麦克风。请用 https 或 localhost 打开。', 'no-microphone': '没有找到麦克风，请接上耳机后重新签入。', 'microphone-denied': '麦克风被拒绝。请在地址栏左侧允许后重新签入。', refused: '电话被服务器拒绝，正在重试…', unreachable: '语音服务连接不上，正在重试…' },
  },
  workbench: {
    title: '工作台', signedOff: '先签入电话', signedOffText: '点右上角“签入电话”并允许麦克风，就绪后客户会自动接入。', waiting: '等待下一通', waitingText: '就绪时，接通的客户会直接出现在这里，先看到资料再听到声音。', pausedText: '你处于暂停状态。点“就绪”开始接通客户。',
    due: '待跟进', dueEmpty: '没有到期的跟进', dueText: '你名下超过 7 天未联系的客户，先从上往下联系。',
    why: '为什么打这通', story: '客户故事', notes: '记录', notesHint: '通话中随时记，保存后写入时间线', outcome: '结果', proposed: '系统判断', next: '完成，下一通', pauseAfter: '完成并暂停', extend: '延长 1 分钟', left: '剩余 {{time}}', overdue: '已超时 {{time}}', keys: 'N 写记录，Esc 离开；1–8 选择结果；Ctrl+Enter 完成',
    callback: '约定回拨', callbackAt: '回拨时间', callbackNone: '不约定',
    promised: { there: '客户当地 {{time}}', late: '已晚 {{minutes}} 分钟', instead: '代同事回拨', title: '待回拨', missed: '未接来电', anyone: '团队任何人', move: '改期', cancel: '取消', cancelTitle: '取消回拨', reason: '原因', save: '确定', back: '返回' },
    preview: { title: '下一位客户', accept: '拨打', skip: '跳过', left: '{{seconds}} 秒后退回名单', reason: { 'not-now': '稍后再打', 'wrong-person': '不是本人', 'already-served': '已有人跟进', other: '其他' } },
    dialing: '正在拨号…', ringing: '对方振铃中…',
    disposition: { interested: '有意向', 'send-material': '发资料', 'call-later': '稍后联系', 'not-interested': '无意向', 'wrong-number': '打错号码', 'already-bought': '已成交', complaint: '投诉', 'do-not-call': '要求不再来电' },
  },
  liveBoard: {
    title: '监控', agents: '坐席', state: '状态', since: '时长', call: '通话', campaign: '任务', quality: '质量', empty: '还没有坐席签入', emptyText: '坐席签入后会实时出现在这里。', listen: '监听', whisper: '耳语', barge: '强插', stop: '结束监听', takeOver: '接管', force: '调整状态', forceReason: '原因（坐席可见）', forced: '已调整', attending: '正在{{how}}', needPhone: '先签入你的电话，才能监听',
    counts: { talking: '通话中', ready: '就绪', 'wrap-up': '小结', paused: '暂停', offline: '离线' },
  },
  recording: {
    title: '录音', play: '播放', pause: '暂停', speed: '倍速', download: '下载 WAV', because: { granted: '客户已授权', announced: '已播放录音提示', refused: '客户拒绝录音', unknown: '未取得授权', 'pack-forbids': '法规不允许', 'no-media': '没有通话声音', 'consent-refused': '客户拒绝录音', 'consent-unknown': '未取得录音授权', 'law-pack-missing': '未加载录音法规', 'not-answered': '未接通', 'not-connected': '未接入坐席', 'announcement-not-heard': '录音提示未播完', 'no-agent': '没有坐席接入', 'nobody-came': '没有坐席接听' }, notRecorded: '未录音：{{reason}}', recorded: '录音依据：{{reason}}', incomplete: '录音有缺口', gap: { paused: '暂停', lost: '丢失' }, running: '通话进行中，结束后可播放', audited: '每次收听都会记入审计', customer: '客户', seller: '坐席', waveform: '波形，点击跳转',
    state: { recording: '录音中', complete: '完整', incomplete: '不完整', deleted: '已删除', 'not-recorded': '未录音' },
    deleted: '已于 {{day}} 到期删除', deleting: '保存期已满，正在删除', keptUntil: '保存至 {{day}}', pausedFor: '暂停录音 {{count}} 次，共 {{seconds}}', verified: '{{at}} 校验无误', damaged: '存储中的录音与记录不一致：',
    finding: { missing: '第 {{number}} 段缺失', short: '第 {{number}} 段不完整', changed: '第 {{number}} 段被改动', 'manifest-missing': '缺少录音清单', 'manifest-changed': '录音清单被改动', 'count-differs': '段数不符', 'head-differs': '校验链不符' },
    hold: { on: '依法保留', set: '依法保留', release: '解除保留', reason: '原因（记入审计）', setText: '保留期间，这段录音到期也不会删除。', releaseText: '解除后，若保存期已满，录音会被删除。' },
    list: { title: '录音', state: '状态', kept: '保存至', from: '从', to: '到', empty: '还没有录音', emptyText: '坐席与客户通话后，录音会出现在这里；没有录音的通话会写明原因。', emptyFound: '没有符合筛选的录音' },
  },
}

export const phoneEn: Words<typeof phoneZh> = {
  agentState: { offline: 'Offline', ready: 'Ready', reserved: 'Reserved', ringing: 'Ringing', talking: 'Talking', 'on-hold': 'On hold', 'wrap-up': 'Wrap-up', paused: 'Paused' },
  pause: {
    break: 'break', meal: 'meal', training: 'training', meeting: 'meeting', paperwork: 'paperwork', other: 'other', 'signed-on': 'just signed on', 'no-answer': 'did not answer in time', 'leg-lost': 'phone lost', forced: 'set by a lead', 'taken-over': 'taken over by another page', 'self-test': 'phone to be tested',
  },
  idle: { 'none-due': 'nobody in the list is due', 'outside-hours': 'outside calling hours', 'line-down': 'no line is up', 'line-full': 'lines are full', 'voice-away': 'voice is not connected', loading: 'the list is loading', 'no-campaign': 'no campaign is running', dialing: 'dialling for you', 'next-call': 'next call is coming', 'campaign-not-running': 'your campaigns are not running', 'own-rate': 'the campaign’s own rate is reached', 'own-concurrency': 'the campaign’s own limit of calls is reached', 'no-agent': 'no agent is free', 'recorder-down': 'recordings cannot be written', 'no-caller-id': 'no number of ours may be used' },
  phone: {
    signOn: 'Sign on', signOff: 'Sign off', toReady: 'Ready', ready: 'Ready', pauseFor: 'Pause · {{reason}}', askingMicrophone: 'Allow the microphone, please', connecting: 'Connecting the phone…', takeOver: 'Use the phone on this page',
    pauseRecording: 'Pause recording (for a card number)', resumeRecording: 'Resume recording', mute: 'Mute', hold: 'Hold', resume: 'Resume', keypad: 'Keypad', hangUp: 'Hang up', callEnded: 'ended', title: 'Telephone',
    recordingIs: { on: 'recording', announcing: 'the recording is being announced', paused: 'recording paused' }, silent: { customer: 'Customer silent', agent: 'You are not heard' },
    silentHelp: { customer: 'Nothing came from the customer for 2 s: muted there, or the line is broken.', agent: 'Your voice does not arrive: look at the headset’s mute key and the microphone.' },
    quality: 'Call quality: {{grade}}', grade: { good: 'good', fair: 'fair', bad: 'bad', silent: 'no audio' }, legOf: { customer: 'Customer', agent: 'Agent' },
    figures: '{{name}}: MOS {{mos}} · loss {{loss}} · jitter {{jitter}} ms · round trip {{roundTrip}} ms',
    insecure: {
      title: 'No telephone on this page', what: 'What to do',
      https: 'Open the address that begins with https://. Started with npm start -- --lan, Loopline prints it in the terminal.',
      localhost: 'On the computer that runs Loopline, http://localhost works too.',
      desk: 'Everything else works here, and so do desk telephones.',
    },
    problem: { 'insecure-page': 'This page is not secure, so the browser allows no microphone. Open it by https or on localhost.', 'no-microphone': 'No microphone found. Plug in a headset and sign on again.', 'microphone-denied': 'The microphone was denied. Allow it beside the address bar and sign on again.', refused: 'The server refused the phone; trying again…', unreachable: 'Voice cannot be reached; trying again…' },
  },
  workbench: {
    title: 'Workbench', signedOff: 'Sign on your phone first', signedOffText: 'Click “Sign on” at the top and allow the microphone. Once you are ready, customers come by themselves.', waiting: 'Waiting for the next call', waitingText: 'While you are ready, whoever answers appears here: the story first, then the voice.', pausedText: 'You are paused. Click “Ready” to be given customers.',
    due: 'Follow-ups due', dueEmpty: 'Nothing is due', dueText: 'Your customers not contacted for more than 7 days, from the top.',
    why: 'Why this call', story: 'Story', notes: 'Notes', notesHint: 'Write any time during the call; saved to the timeline', outcome: 'Result', proposed: 'proposed', next: 'Done, next call', pauseAfter: 'Done and pause', extend: 'One more minute', left: '{{time}} left', overdue: '{{time}} over', keys: 'N writes the note, Esc leaves it; 1–8 choose the result; Ctrl+Enter finishes',
    callback: 'Promise a callback', callbackAt: 'Call back at', callbackNone: 'No callback',
    promised: { there: '{{time}} at the customer', late: '{{minutes}} min late', instead: 'for a colleague', title: 'Callbacks', missed: 'missed call', anyone: 'anyone of the team', move: 'Move', cancel: 'Cancel', cancelTitle: 'Cancel the callback', reason: 'Reason', save: 'Save', back: 'Back' },
    preview: { title: 'Next customer', accept: 'Call', skip: 'Skip', left: 'Goes back to the list in {{seconds}} s', reason: { 'not-now': 'Not now', 'wrong-person': 'Wrong person', 'already-served': 'Somebody is on it', other: 'Other' } },
    dialing: 'Dialling…', ringing: 'Ringing…',
    disposition: { interested: 'Interested', 'send-material': 'Send material', 'call-later': 'Call later', 'not-interested': 'Not interested', 'wrong-number': 'Wrong number', 'already-bought': 'Bought already', complaint: 'Complaint', 'do-not-call': 'Asked not to be called' },
  },
  liveBoard: {
    title: 'Live', agents: 'Agents', state: 'State', since: 'For', call: 'Call', campaign: 'Campaign', quality: 'Quality', empty: 'No agent has signed on', emptyText: 'Agents appear here the moment they sign on.', listen: 'Listen', whisper: 'Whisper', barge: 'Barge in', stop: 'Stop', takeOver: 'Take over', force: 'Set state', forceReason: 'Reason (shown to the agent)', forced: 'Set', attending: '{{how}} now', needPhone: 'Sign on your own phone to listen',
    counts: { talking: 'talking', ready: 'ready', 'wrap-up': 'wrap-up', paused: 'paused', offline: 'offline' },
  },
  recording: {
    title: 'Recording', play: 'Play', pause: 'Pause', speed: 'Speed', download: 'Download WAV', because: { granted: 'consent was given', announced: 'announced before it began', refused: 'recording was refused', unknown: 'no consent', 'pack-forbids': 'the law pack forbids it', 'no-media': 'there was nothing to hear', 'consent-refused': 'recording was refused', 'consent-unknown': 'no consent to record', 'law-pack-missing': 'no law on recording is loaded', 'not-answered': 'it was not answered', 'not-connected': 'it never reached an agent', 'announcement-not-heard': 'the announcement was not heard to its end', 'no-agent': 'no agent took part', 'nobody-came': 'nobody took the call' }, notRecorded: 'Not recorded: {{reason}}', recorded: 'Recorded because {{reason}}', incomplete: 'The recording has gaps', gap: { paused: 'paused', lost: 'lost' }, running: 'The call goes on; play it when it ended', audited: 'Each listening is audited', customer: 'Customer', seller: 'Agent', waveform: 'Waveform; click to jump',
    state: { recording: 'Recording', complete: 'Complete', incomplete: 'Incomplete', deleted: 'Deleted', 'not-recorded': 'Not recorded' },
    deleted: 'Deleted by retention on {{day}}', deleting: 'Its time is over; it is being deleted', keptUntil: 'Kept until {{day}}', pausedFor: 'paused {{count}}×, {{seconds}} in all', verified: 'verified {{at}}', damaged: 'What is stored is not what was recorded:',
    finding: { missing: 'part {{number}} is missing', short: 'part {{number}} is cut short', changed: 'part {{number}} was changed', 'manifest-missing': 'its manifest is missing', 'manifest-changed': 'its manifest was changed', 'count-differs': 'another number of parts', 'head-differs': 'the hash chain does not hold' },
    hold: { on: 'Legal hold', set: 'Put under legal hold', release: 'Release', reason: 'Reason (audited)', setText: 'While it is held, the recording is kept beyond its time.', releaseText: 'Once released, it is deleted if its time is over.' },
    list: { title: 'Recordings', state: 'State', kept: 'Kept until', from: 'From', to: 'To', empty: 'No recordings yet', emptyText: 'Conversations appear here once an agent and a customer have spoken; one that was not recorded says why.', emptyFound: 'No recordings match the filter' },
  },
}
