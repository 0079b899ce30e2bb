import type { Words } from './words'

export const campaignZh = {
  title: '外呼任务', new: '新建任务', column: { name: '任务', state: '状态', audience: '客群', pace: '速度', created: '创建时间', started: '开始时间' },
  empty: { title: '还没有外呼任务', text: '三步建好：选客群、定拨打方式、选线路。开始后，符合条件的客户会自动进入名单，改动一秒内生效。' },
  pace: '{{rate}} 次/秒 · 并发 {{concurrent}}',
  create: {
    title: '新建外呼任务', editTitle: '修改任务', stepAudience: '打给谁', stepHow: '怎么打', stepLines: '走哪条线路', next: '下一步', back: '上一步', save: '保存草稿', saveStart: '保存并开始', name: '任务名称', namePlaceholder: '如：A/B 级 · 7 天未跟进', saved: '已保存',
    audience: '客群条件', audienceText: '满足条件的客户会实时进入名单；不再满足就会移出，哪怕已在待拨池里。', rate: '每秒拨打', rateUnit: '次/秒', concurrent: '最大并发', concurrentUnit: '路', ring: '振铃时长', seconds: '秒', hangUp: '接通后挂断', hangUpHint: '无人坐席模式：接通多久后由系统挂断；留空则等客户挂断', hours: '拨打时段（客户当地）', hoursHint: '只会比法规时段更窄，不会更宽', perDay: '每人每天最多', times: '次', maxAttempts: '每位客户最多拨打', retry: '重拨间隔', retryHint: '没有列出的结果不再重拨。', minutes: '分钟后', noRetry: '不重拨', finish: '名单打完后自动结束', finishHint: '关闭时，任务会一直等待新的符合条件的客户',
    mode: '谁来通话', modeHint: { agentless: '没有坐席：系统拨通后按设定挂断', preview: '坐席先看客户资料，点“拨打”才呼出', progressive: '先预留一位就绪坐席再呼出，接通即通话，不会让客户空等' }, wrapUp: '小结时长', preview: '预览时长',
    lines: '线路', linesHint: '不选表示可用任何允许的线路', review: '检查一遍', anyLine: '任何可用线路',
  },
  say: {
    language: '提示语言', languageHint: '录音提示和无人接听提示的语言', languages: { company: '同公司设置', zh: '中文', en: '英文' }, builtIn: '系统自带提示', upload: '上传 WAV',
    fallback: '无坐席时播放', fallbackHint: '客户接听 2 秒内没有坐席接入时播放，宜说明公司名称和回拨号码', announcement: '录音提示', announcementHint: '播放完且客户仍在线，才开始录音；须告知通话将被录音',
    required: '必须录音', requiredHint: '开启后，不能录音的客户不拨打；录音服务不可用时暂停拨打',
    refused: { 'not-wave': '不是 WAV 文件', 'cut-short': '文件不完整', format: '编码不支持：请用 PCM 或 G.711', rate: '采样率须在 8 至 48 kHz 之间', channels: '最多两个声道', 'too-long': '超过 2 分钟', 'too-short': '不足 0.2 秒', silent: '文件几乎没有声音' },
  },
  count: { title: '预计客群', matching: '符合条件', callable: '现在可拨', excluded: '不可拨原因', estimate: '抽样估算', counting: '正在统计…', nobody: '没有客户符合条件', everyone: '不设条件表示所有客户' },
  mode: { agentless: '无坐席', preview: '预览', progressive: '渐进', ratio: '倍数', predictive: '预测' },
  act: { start: '开始', pause: '暂停', resume: '继续', stop: '停止', edit: '修改', stopAsk: '停止这个任务？', stopText: '立即不再拨出；正在振铃的会取消，已接通的会继续到结束。停止后不能恢复。', starting: '正在开始…', pausing: '正在暂停…', resuming: '正在继续…', stopping: '正在停止…' },
  live: {
    attempts: '已拨打', connected: '接通', abandoned: '呼损率', perSecond: '每秒拨打', inFlight: '呼叫中', pool: '待拨池', waiting: '等待中', ready: '可拨打', done: '已完成',
    outcomes: '结果分布', speed: '拨打速度（近 2 分钟）', latest: '最新通话', latestEmpty: '开始后，每一通结果都会即时出现在这里。', lines: '线路', settings: '设置', hold: '拨打变慢：{{reason}}', noOutcomes: '还没有结果',
    draftTitle: '准备就绪', draftText: '点“开始”，系统会加载名单并开始拨打；随时可以暂停或停止。',
    hours: '{{from}}–{{to}}（客户当地）', perDay: '每人每天 {{count}} 次', ring: '振铃 {{seconds}} 秒', retry: '最多拨打 {{count}} 次',
  },
}

export const campaignEn: Words<typeof campaignZh> = {
  title: 'Campaigns', new: 'New campaign', column: { name: 'Campaign', state: 'State', audience: 'Audience', pace: 'Pace', created: 'Created', started: 'Started' },
  empty: { title: 'No campaign yet', text: 'Three steps: whom to call, how, over which lines. Once it runs, customers enter and leave its list by themselves, within a second of each change.' },
  pace: '{{rate}}/s · {{concurrent}} at once',
  create: {
    title: 'New campaign', editTitle: 'Edit campaign', stepAudience: 'Whom', stepHow: 'How', stepLines: 'Over which lines', next: 'Next', back: 'Back', save: 'Save draft', saveStart: 'Save and start', name: 'Name', namePlaceholder: 'Such as: A/B, 7 days without follow-up', saved: 'Saved',
    audience: 'Audience', audienceText: 'Customers who meet the condition enter the list at once; who no longer does leaves it, even from the ready pool.', rate: 'Calls per second', rateUnit: '/s', concurrent: 'At once, at most', concurrentUnit: 'calls', ring: 'Ring time', seconds: 's', hangUp: 'Hang up after answer', hangUpHint: 'Without agents: how long after the answer we hang up. Empty waits for the callee.', hours: 'Hours (at the callee)', hoursHint: 'Narrows the legal hours, never widens them', perDay: 'Per person and day, at most', times: 'calls', maxAttempts: 'Per customer, at most', retry: 'Try again', retryHint: 'An outcome not listed is not tried again.', minutes: 'min later', noRetry: 'Not again', finish: 'Finish when nobody is left', finishHint: 'Off: the campaign goes on waiting for newcomers',
    mode: 'Who talks', modeHint: { agentless: 'Nobody: we hang up as set below', preview: 'An agent reads first; the call leaves on “Call”', progressive: 'An agent is reserved before the call leaves, so nobody who answers waits' }, wrapUp: 'Wrap-up', preview: 'Preview',
    lines: 'Lines', linesHint: 'None chosen means any permitted line', review: 'In short', anyLine: 'any permitted line',
  },
  say: {
    language: 'Announcements in', languageHint: 'The language of the recording notice and of the message when nobody is free', languages: { company: 'As the company', zh: 'Chinese', en: 'English' }, builtIn: 'Built-in message', upload: 'Upload WAV',
    fallback: 'When nobody is free', fallbackHint: 'Played when no agent is there within 2 s of the answer; say the company’s name and a number to call back', announcement: 'Before recording', announcementHint: 'Recording begins once it was played to its end and the person stayed; it must say that the call is recorded',
    required: 'Recording is required', requiredHint: 'Who cannot be recorded is not called, and nobody is while recordings cannot be written',
    refused: { 'not-wave': 'This is not a WAV file.', 'cut-short': 'The file is cut short.', format: 'This encoding is not supported: use PCM or G.711.', rate: 'The sample rate must be between 8 and 48 kHz.', channels: 'Two channels at most.', 'too-long': 'Longer than 2 minutes.', 'too-short': 'Shorter than 0.2 s.', silent: 'There is hardly any sound in it.' },
  },
  count: { title: 'Audience now', matching: 'Match', callable: 'Callable now', excluded: 'Not callable, and why', estimate: 'estimated from a sample', counting: 'Counting…', nobody: 'Nobody matches', everyone: 'No condition means every customer' },
  mode: { agentless: 'No agent', preview: 'Preview', progressive: 'Progressive', ratio: 'Ratio', predictive: 'Predictive' },
  act: { start: 'Start', pause: 'Pause', resume: 'Resume', stop: 'Stop', edit: 'Edit', stopAsk: 'Stop this campaign?', stopText: 'Nothing more is dialled from this moment; ringing calls are cancelled, answered ones run to their end. A stopped campaign cannot be resumed.', starting: 'Starting…', pausing: 'Pausing…', resuming: 'Resuming…', stopping: 'Stopping…' },
  live: {
    attempts: 'Attempts', connected: 'Connected', abandoned: 'Abandoned', perSecond: 'Per second', inFlight: 'In flight', pool: 'Ready pool', waiting: 'Waiting', ready: 'Ready', done: 'Done',
    outcomes: 'Outcomes', speed: 'Attempts per second, last 2 minutes', latest: 'Latest calls', latestEmpty: 'Once it runs, each outcome appears here as it happens.', lines: 'Lines', settings: 'Settings', hold: 'Holding back: {{reason}}', noOutcomes: 'No outcomes yet',
    draftTitle: 'Ready', draftText: 'Start loads the list and begins to dial. Pause or stop at any time.',
    hours: '{{from}}–{{to}} at the callee', perDay: '{{count}} per person and day', ring: 'rings {{seconds}} s', retry: '{{count}} attempts at most',
  },
}
