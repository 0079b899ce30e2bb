import type { Words } from './words'

/** Calls, rules, lines, settings, conditions: places with few words of their own. */
export const placeZh = {
  call: {
    title: '通话记录', column: { time: '时间', customer: '客户', outcome: '结果', reason: '原因', campaign: '任务', line: '线路', talk: '通话' }, filterOutcome: '结果', filterCampaign: '任务', byHand: '手动拨打', fresh: '有 {{count}} 通新通话，点击显示',
    empty: '还没有通话', emptyText: '开始一个外呼任务，或在客户页手动拨打，每一通都会留下记录和原因。', emptyFound: '没有符合筛选的通话', detail: '通话详情', open: '进行中', started: '开始', ringing: '振铃', answered: '接听', ended: '结束', timeline: '经过',
  },
  rule: {
    title: '规则', intro: '从上到下依次判断；同类动作以排在前面的为准。', on: '启用', off: '停用', stop: '命中后不再往下', version: '规则版本 {{version}}', mapping: '级别 → 优先级', mappingText: '数字越大越先拨。规则还可以在此基础上加减分。', mappingSaved: '优先级已更新，一秒内生效', switched: '“{{name}}”已{{state}}', readOnly: '你可以查看规则；修改需要主管或管理员。', empty: '还没有规则', emptyText: '系统自带的规则会在首次启动时写入。',
  },
  line: {
    title: '线路', pool: '号码池', new: '添加线路', edit: '修改线路', inUse: '使用中', rate: '接通率（近 1 小时）', attempts: '呼叫数（近 1 小时）', noCalls: '近 1 小时无呼叫', sandbox: '沙箱', disabled: '已停用', perSecond: '{{count}} 次/秒', reasonAndFigure: '{{word}}（{{figure}}）', sound: '音质（近 1 小时）', soundOf: 'MOS {{mos}} · 丢包 {{loss}}', soundHelp: '{{count}} 通有语音的通话：抖动 {{jitter}} ms，往返 {{roundTrip}} ms', noSound: '无语音通话', callerIds: '{{count}} 个主叫号码', empty: '还没有线路', emptyText: '添加一条 SIP 中继：运营商地址、主叫号码、并发上限。演示环境自带沙箱线路。',
    form: { name: '名称', type: '类型', enabled: '启用', remote: '运营商地址', remoteHint: '主机:端口，如 sip.carrier.cn:5060', local: '本地地址', localHint: '端口 0 表示由系统选择', authUser: '账号', authPassword: '密码', passwordKept: '留空则保持不变', authRealm: '认证域', numberFormat: '号码格式', format: { e164: '+8613900001234', 'e164-no-plus': '8613900001234', national: '13900001234' }, callerIds: '主叫号码', callerIdsHint: '输入后按回车，可多个', maxConcurrent: '最大并发', maxPerSecond: '每秒最多', weight: '权重', carrier: '运营商', contract: '合同编号', sandbox: '沙箱线路（只拨虚拟客户）', probe: '用 OPTIONS 探测线路（运营商支持时开启）', srtp: '语音加密（SRTP）', srtpHint: '密钥随 SIP 信令传送：信令本身未加密时，只防只能看到语音的人', srtpWish: { off: '不加密', offer: '运营商支持则加密，否则不加密', required: '必须加密，否则不通话' }, saved: '线路已保存' },
  },
  setting: {
    title: '设置', me: '我的账号', clock: '客户时钟', people: '人员', compliance: '合规', dnc: '拒接名单', audit: '审计',
    signedIn: '{{name}} · {{role}}', password: { title: '修改密码', current: '当前密码', next: '新密码', again: '再次输入新密码', differs: '两次输入不一致', short: '至少 10 个字符', save: '修改密码', saved: '密码已修改，其他设备已退出登录' },
    clockText: '可拨打时段、每日上限和“几天前”都按这个时钟判断。演示时可以调到白天，深夜也能看到外呼运行。', company: '公司名称', companySaved: '公司名称已更新',
    person: { security: '登录安全', securityOf: '{{name}} 的登录安全', add: '添加人员', edit: '修改人员', name: '姓名', username: '用户名', role: '角色', team: '小组', skills: '技能', skillsHint: '“senior” 表示资深销售，接通的客户会优先分配', active: '在职', inactive: '已停用', password: '初始密码', saved: '已保存', activeLabel: '允许登录' },
    auditColumn: { at: '时间', actor: '操作人', action: '操作', subject: '对象', address: '来源地址', details: '内容' }, auditEmpty: '没有审计记录', verify: '校验完整性', verified: '已校验 {{rows}} 条记录、{{checkpoints}} 个检查点，未发现改动', tampered: '发现 {{count}} 处不一致', auditAction: '操作类型',
    action: { 'sign-in': '登录', 'sign-in-failed': '登录失败', 'sign-out': '退出', 'change-password': '修改密码', 'reveal-phone': '查看号码', 'edit-setting': '修改设置', 'create-user': '添加人员', 'edit-user': '修改人员', 'read-audit': '查看审计', 'create-api-key': '创建密钥', 'revoke-api-key': '吊销密钥', 'set-up': '初始化管理员', 'phone:reveal': '查看号码', 'campaign:create': '新建任务', 'campaign:edit': '修改任务', 'campaign:start': '开始任务', 'campaign:pause': '暂停任务', 'campaign:resume': '继续任务', 'campaign:stop': '停止任务', 'line:create': '添加线路', 'line:edit': '修改线路', 'call:dial': '手动拨打', 'call:attend': '监听通话', 'call:take-over': '接管通话', 'agent:force': '调整坐席状态', 'agent:waive-self-test': '免去试音', 'agent:renew-phone': '更换话机密钥', 'agent:remove-phone': '移除话机', 'customer:assign': '分配客户', 'create-webhook': '添加回调', 'edit-webhook': '修改回调', 'delete-webhook': '删除回调', 'recording:listen': '收听录音', 'recording:download': '下载录音', 'recording:hold': '依法保留录音', 'recording:release': '解除录音保留', 'recording:delete': '录音到期删除', 'recording:damaged': '录音校验异常', 'recording:verify': '校验录音', 'audio:upload': '上传提示音', 'audio:remove': '删除提示音', 'edit-law-packs': '修改合规规则', 'dnc:add': '加入拒接名单', 'dnc:remove': '移出拒接名单', 'dnc:import': '导入拒接名单', 'dnc:create-list': '新建拒接名单', 'dnc:remove-list': '删除拒接名单' },
  },
  condition: {
    all: '满足全部', any: '满足任一', add: '添加条件', addGroup: '添加条件组', remove: '删除条件', removeGroup: '删除条件组', combine: '组内关系', field: '字段', operator: '关系', value: '值', everyone: '所有客户', days: '天', pick: '请选择', words: '输入后按回车',
    op: {
      '=': '等于', '!=': '不等于', in: '是', notIn: '不是', contains: '包含', doesNotContain: '不包含', beginsWith: '开头是', null: '为空', notNull: '不为空', '<': '小于', '<=': '不大于', '>': '大于', '>=': '不小于', hasAny: '含任一', hasAll: '含全部', hasNone: '不含',
      olderThanDays: '早于 … 天前', withinLastDays: '在最近 … 天内', inPast: '已过', inFuture: '未到',
    },
    short: { olderThanDays: '{{field}}超过 {{value}} 天', withinLastDays: '{{field}}在 {{value}} 天内', plain: '{{field}}{{op}}{{value}}', group: '（{{inner}}）' }, and: '，', or: '，或', complex: '复合条件',
  },
}

export const placeEn: Words<typeof placeZh> = {
  call: {
    title: 'Calls', column: { time: 'Time', customer: 'Customer', outcome: 'Outcome', reason: 'Because', campaign: 'Campaign', line: 'Line', talk: 'Talk' }, filterOutcome: 'Outcome', filterCampaign: 'Campaign', byHand: 'By hand', fresh: '{{count}} new calls; click to show them',
    empty: 'No calls yet', emptyText: 'Start a campaign or call from a customer’s page. Each call leaves its record and its reason here.', emptyFound: 'No calls match the filter', detail: 'Call', open: 'Open', started: 'Started', ringing: 'Ringing', answered: 'Answered', ended: 'Ended', timeline: 'Course',
  },
  rule: {
    title: 'Rules', intro: 'Asked from top to bottom; of two actions of one kind the first wins.', on: 'On', off: 'Off', stop: 'stops here when it matches', version: 'rule book v{{version}}', mapping: 'Level → priority', mappingText: 'Higher is dialled first. Rules add to it or take from it.', mappingSaved: 'Priorities saved; in force within a second', switched: '“{{name}}” is {{state}}', readOnly: 'You can read the rules; a supervisor or admin changes them.', empty: 'No rules yet', emptyText: 'The default rules are written at the first start.',
  },
  line: {
    title: 'Lines', pool: 'Number pool', new: 'Add a line', edit: 'Edit line', inUse: 'In use', rate: 'Connect rate, last hour', attempts: 'Calls, last hour', noCalls: 'No calls in the last hour', sandbox: 'Sandbox', disabled: 'Disabled', perSecond: '{{count}}/s', reasonAndFigure: '{{word}} ({{figure}})', sound: 'Sound, last hour', soundOf: 'MOS {{mos}} · {{loss}} lost', soundHelp: '{{count}} calls with voice: jitter {{jitter}} ms, round trip {{roundTrip}} ms', noSound: 'No calls with voice', callerIds: '{{count}} caller IDs', empty: 'No lines yet', emptyText: 'Add a SIP trunk: the carrier’s address, caller IDs, limits. The demo brings sandbox lines.',
    form: { name: 'Name', type: 'Type', enabled: 'Enabled', remote: 'Carrier’s address', remoteHint: 'host:port, such as sip.carrier.cn:5060', local: 'Local address', localHint: 'Port 0 lets the system choose', authUser: 'User', authPassword: 'Password', passwordKept: 'Empty keeps the present one', authRealm: 'Realm', numberFormat: 'Number format', format: { e164: '+8613900001234', 'e164-no-plus': '8613900001234', national: '13900001234' }, callerIds: 'Caller IDs', callerIdsHint: 'Type one, press Enter, as many as you have', maxConcurrent: 'At once, at most', maxPerSecond: 'Per second, at most', weight: 'Weight', carrier: 'Carrier', contract: 'Contract', sandbox: 'Sandbox line (synthetic customers only)', probe: 'Probe with OPTIONS (when the carrier answers them)', srtp: 'Encrypt voices (SRTP)', srtpHint: 'The keys travel with the SIP signalling: while that is in clear, this keeps out only who sees nothing but the voices', srtpWish: { off: 'Never', offer: 'Where the carrier can, else in clear', required: 'Always: no call without' }, saved: 'Line saved' },
  },
  setting: {
    title: 'Settings', me: 'My account', clock: 'Callee clock', people: 'People', compliance: 'Compliance', dnc: 'Do-not-call', audit: 'Audit',
    signedIn: '{{name}} · {{role}}', password: { title: 'Change password', current: 'Present password', next: 'New password', again: 'New password again', differs: 'The two differ', short: 'At least 10 characters', save: 'Change password', saved: 'Password changed; other devices are signed out' },
    clockText: 'Calling hours, daily caps and “days ago” are judged by this clock. In the demo you can set it to daytime and watch calls go out at night.', company: 'Company name', companySaved: 'Company name saved',
    person: { security: 'Sign-in', securityOf: 'How {{name}} signs in', add: 'Add a person', edit: 'Edit person', name: 'Name', username: 'User name', role: 'Role', team: 'Team', skills: 'Skills', skillsHint: '“senior” marks senior sellers, who get connected customers first', active: 'Active', inactive: 'Inactive', password: 'First password', saved: 'Saved', activeLabel: 'May sign in' },
    auditColumn: { at: 'Time', actor: 'Who', action: 'Act', subject: 'On', address: 'From', details: 'Details' }, auditEmpty: 'No entries', verify: 'Verify', verified: '{{rows}} entries and {{checkpoints}} checkpoints verified; nothing was altered', tampered: '{{count}} findings', auditAction: 'Act',
    action: { 'sign-in': 'Sign-in', 'sign-in-failed': 'Failed sign-in', 'sign-out': 'Sign-out', 'change-password': 'Password changed', 'reveal-phone': 'Number shown', 'edit-setting': 'Setting changed', 'create-user': 'Person added', 'edit-user': 'Person changed', 'read-audit': 'Audit read', 'create-api-key': 'Key created', 'revoke-api-key': 'Key revoked', 'set-up': 'First admin created', 'phone:reveal': 'Number shown', 'campaign:create': 'Campaign created', 'campaign:edit': 'Campaign changed', 'campaign:start': 'Campaign started', 'campaign:pause': 'Campaign paused', 'campaign:resume': 'Campaign resumed', 'campaign:stop': 'Campaign stopped', 'line:create': 'Line added', 'line:edit': 'Line changed', 'call:dial': 'Dialled by hand', 'call:attend': 'Listened in', 'call:take-over': 'Call taken over', 'agent:force': 'Agent’s state set', 'agent:waive-self-test': 'Phone test waived', 'agent:renew-phone': 'Desk phone’s secret renewed', 'agent:remove-phone': 'Desk phone removed', 'customer:assign': 'Customer assigned', 'create-webhook': 'Webhook added', 'edit-webhook': 'Webhook changed', 'delete-webhook': 'Webhook removed', 'recording:listen': 'Recording heard', 'recording:download': 'Recording downloaded', 'recording:hold': 'Recording put under legal hold', 'recording:release': 'Legal hold released', 'recording:delete': 'Recording deleted by retention', 'recording:damaged': 'Recording found damaged', 'recording:verify': 'Recordings verified', 'audio:upload': 'Announcement uploaded', 'audio:remove': 'Announcement removed', 'edit-law-packs': 'Compliance rules changed', 'dnc:add': 'Put on a do-not-call list', 'dnc:remove': 'Taken off a do-not-call list', 'dnc:import': 'Do-not-call list imported', 'dnc:create-list': 'Do-not-call list created', 'dnc:remove-list': 'Do-not-call list removed' },
  },
  condition: {
    all: 'All of', any: 'Any of', add: 'Add condition', addGroup: 'Add group', remove: 'Remove condition', removeGroup: 'Remove group', combine: 'How these are combined', field: 'Field', operator: 'Relation', value: 'Value', everyone: 'every customer', days: 'days', pick: 'Choose', words: 'Type, press Enter',
    op: {
      '=': 'is', '!=': 'is not', in: 'is one of', notIn: 'is none of', contains: 'contains', doesNotContain: 'does not contain', beginsWith: 'begins with', null: 'is empty', notNull: 'is not empty', '<': 'below', '<=': 'at most', '>': 'above', '>=': 'at least', hasAny: 'has any of', hasAll: 'has all of', hasNone: 'has none of',
      olderThanDays: 'more than … days ago', withinLastDays: 'within the last … days', inPast: 'is past', inFuture: 'is to come',
    },
    short: { olderThanDays: '{{field}} more than {{value}} days ago', withinLastDays: '{{field}} within {{value}} days', plain: '{{field}} {{op}} {{value}}', group: '({{inner}})' }, and: ', ', or: ' or ', complex: 'nested condition',
  },
}
