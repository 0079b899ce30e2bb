import type { Words } from './words'

export const customerZh = {
  title: '客户', new: '新建客户', import: '导入', view: { all: '全部', mine: '我的', pool: '公海' },
  sort: { updated: '最近更新', created: '最新创建', level: '级别', followUp: '最久未跟进' }, sortLabel: '排序', filter: '筛选', filterCount: '筛选 · {{count}}', clear: '清除',
  column: { name: '姓名', company: '公司', level: '级别', status: '状态', tags: '标签', region: '地区', owner: '负责人', outcome: '上次结果', called: '上次拨打' },
  pool: '公海', somebodyElse: '其他同事', notCalled: '未拨打', searching: '“{{text}}”的搜索结果',
  empty: {
    title: '还没有客户', text: '导入一份名单，或手动新建一位客户，外呼就有了起点。', mine: '你名下还没有客户', mineText: '从公海领取，或请主管分配。', pool: '公海里没有客户', poolText: '没有负责人的客户会出现在这里。',
    found: '没有符合条件的客户', foundText: '换一个关键词，或减少筛选条件。可按姓名、拼音首字母、完整手机号或尾号四位搜索。', clear: '清除搜索和筛选',
  },
  create: {
    title: '新建客户', phone: '电话', phoneHint: '任意写法均可，如 139 0000 1234 或 010-8555 0001', addPhone: '再加一个号码', submit: '创建', consent: '营销同意', source: '同意来源', sourceHint: '如：官网表单、展会签到',
    noConsent: '没有取得同意的客户会保存，但不会被外呼。', done: '已创建 {{name}}',
  },
  record: {
    back: '客户列表', dial: '拨打', dialWhom: '拨打 {{name}}', dialed: '已发起呼叫，结果会出现在时间线上。', reveal: '显示号码', revealed: '已显示，并记入审计。', hide: '隐藏', invalidPhone: '空号，不再拨打',
    nobody: '公海（无负责人）', details: '资料', phones: '电话', consents: '授权', neverCallOn: '已设为禁呼：任何任务都不会拨打', sandbox: '沙箱', sandboxTip: '演示用虚拟客户，只会走沙箱线路',
    localTime: '当地时间 {{time}}', noZone: '时区未知，不会外呼', paused: '跟进暂停至 {{date}}', stats: '拨打 {{attempts}} 次 · 连续未接 {{streak}} 次 · 拒接 {{rejected}} 次',
    empty: '点击填写', stated: '登记同意', stateSource: '来源（必填）',
    notFound: '找不到这位客户', notFoundText: '可能已被删除，或不在你的可见范围内。',
  },
  conflict: {
    title: '这条记录刚被别人改过', text: '下面并排列出两边的内容，请逐项选择要保留哪一个。你写的内容不会丢失。', field: '字段', mine: '我的修改', theirs: '当前内容', before: '我看到的原内容', keepMine: '保留我的', keepTheirs: '用当前的', save: '按选择保存', discard: '放弃我的修改',
  },
  note: { placeholder: '写一条跟进：客户说了什么，下一步是什么…', save: '保存跟进', intent: '意向判断', keepIntent: '不变', hint: 'Ctrl + Enter 保存', saved: '跟进已保存' },
  timeline: {
    empty: '还没有任何记录', emptyText: '写一条跟进，或把客户放进外呼任务，所有经过都会记录在这里，并说明原因。', more: '更早的记录',
    created: '创建了客户', imported: '从“{{file}}”导入', edited: '修改了资料', assigned: '负责人：{{from}} → {{to}}', consent: '{{purpose}}：{{state}}', source: '来源：{{source}}', followUp: '跟进', promised: '约定回拨：{{at}}',
    system: '系统', intentSet: '意向：{{intent}}', added: '新增号码 {{list}}', removed: '移除号码 {{count}} 个', rules: '触发规则：{{name}}',
  },
  why: {
    show: '为什么', gate: '合规检查', allowed: '允许拨打', blocked: '拦截：{{reason}}', rules: '规则', noRules: '没有规则参与', matched: '命中', notMatched: '未命中', line: '线路', lineWanted: '要求 {{wanted}}，实际 {{given}}', ring: '振铃上限 {{seconds}} 秒', priority: '优先级 {{priority}}',
    calleeTime: '客户当地 {{time}}', evidence: '证据', noAnswer: '无信令答复', announcement: '提示音：{{kind}}', earlyMedia: '有早期媒体', inconclusive: '证据不足，需再次确认', attempt: '第 {{number}} 次拨打', outcome: '判定', pack: '合规包 v{{version}}', talk: '通话 {{seconds}} 秒', byHand: '手动拨打',
    callerId: '主叫 {{number}}',
  },
  whyNot: { next: '最早可拨打：{{time}}',
    title: '为什么现在没拨？', choose: '选择外呼任务', chooseCustomer: '搜索客户', dialable: '现在就可以拨打，排队即到', notNow: '现在不会拨打', until: '最早 {{time}} 可解除', needsEdit: '需要人工处理', inList: '名单状态', notInList: '不在名单中', due: '计划拨打时间', priority: '优先级', tries: '已尝试', triesValue: '{{count}} 次', noCampaign: '还没有外呼任务', rules: '适用规则',
  },
}

export const customerEn: Words<typeof customerZh> = {
  title: 'Customers', new: 'New customer', import: 'Import', view: { all: 'All', mine: 'Mine', pool: 'Pool' },
  sort: { updated: 'Latest change', created: 'Newest', level: 'Level', followUp: 'Longest without follow-up' }, sortLabel: 'Sort', filter: 'Filter', filterCount: 'Filter · {{count}}', clear: 'Clear',
  column: { name: 'Name', company: 'Company', level: 'Level', status: 'Status', tags: 'Tags', region: 'Region', owner: 'Owner', outcome: 'Last outcome', called: 'Last called' },
  pool: 'Pool', somebodyElse: 'a colleague', notCalled: 'Not called', searching: 'Found for “{{text}}”',
  empty: {
    title: 'No customers yet', text: 'Import a list or add a customer by hand: that is where calling begins.', mine: 'You own no customers yet', mineText: 'Take some from the pool, or ask your lead.', pool: 'The pool is empty', poolText: 'Customers without an owner appear here.',
    found: 'Nobody matches', foundText: 'Try another word or fewer conditions. You can search by name, initials, a full phone number or its last four digits.', clear: 'Clear search and filter',
  },
  create: {
    title: 'New customer', phone: 'Phone', phoneHint: 'Any form will do: 139 0000 1234 or 010-8555 0001', addPhone: 'Another number', submit: 'Create', consent: 'Marketing consent', source: 'Source of consent', sourceHint: 'Such as: web form, fair',
    noConsent: 'Customers without consent are kept, but never dialled.', done: '{{name}} created',
  },
  record: {
    back: 'Customers', dial: 'Call', dialWhom: 'Call {{name}}', dialed: 'The call is placed. Its outcome will appear on the timeline.', reveal: 'Show number', revealed: 'Shown, and noted in the audit.', hide: 'Hide', invalidPhone: 'Invalid; never dialled',
    nobody: 'Pool (no owner)', details: 'Details', phones: 'Phones', consents: 'Consent', neverCallOn: 'Marked “never call”: no campaign dials this person', sandbox: 'Sandbox', sandboxTip: 'A synthetic person of the demo, dialled over sandbox lines only',
    localTime: 'Local time {{time}}', noZone: 'Time zone unknown: not dialled', paused: 'Follow-up paused until {{date}}', stats: '{{attempts}} attempts · {{streak}} unanswered in a row · {{rejected}} rejected',
    empty: 'Add', stated: 'Record consent', stateSource: 'Source (required)',
    notFound: 'No such customer', notFoundText: 'Deleted perhaps, or not yours to see.',
  },
  conflict: {
    title: 'Somebody changed this record meanwhile', text: 'Both values stand side by side. Choose for each field which one to keep. Nothing you wrote is lost.', field: 'Field', mine: 'Mine', theirs: 'Current', before: 'What I saw', keepMine: 'Keep mine', keepTheirs: 'Take current', save: 'Save as chosen', discard: 'Drop my changes',
  },
  note: { placeholder: 'A follow-up: what was said, what is next…', save: 'Save follow-up', intent: 'Intent', keepIntent: 'Unchanged', hint: 'Ctrl + Enter saves', saved: 'Follow-up saved' },
  timeline: {
    empty: 'Nothing has happened yet', emptyText: 'Write a follow-up or put the customer into a campaign. Everything will be noted here, with its reason.', more: 'Older',
    created: 'Created', imported: 'Imported from “{{file}}”', edited: 'Changed', assigned: 'Owner: {{from}} → {{to}}', consent: '{{purpose}}: {{state}}', source: 'source: {{source}}', followUp: 'Follow-up', promised: 'Callback promised for {{at}}',
    system: 'System', intentSet: 'Intent: {{intent}}', added: 'added {{list}}', removed: 'removed {{count}} numbers', rules: 'Rule: {{name}}',
  },
  why: {
    show: 'Why', gate: 'Gate', allowed: 'allowed', blocked: 'blocked: {{reason}}', rules: 'Rules', noRules: 'no rule took part', matched: 'matched', notMatched: 'not matched', line: 'Line', lineWanted: 'wanted {{wanted}}, took {{given}}', ring: 'rings up to {{seconds}} s', priority: 'priority {{priority}}',
    calleeTime: '{{time}} at the callee', evidence: 'Evidence', noAnswer: 'no final answer', announcement: 'announcement: {{kind}}', earlyMedia: 'early media', inconclusive: 'not conclusive; one more sighting is needed', attempt: 'attempt {{number}}', outcome: 'Verdict', pack: 'law pack v{{version}}', talk: 'talked {{seconds}} s', byHand: 'dialled by hand',
    callerId: 'caller ID {{number}}',
  },
  whyNot: { next: 'May be called from {{time}} on',
    title: 'Why not now?', choose: 'Choose a campaign', chooseCustomer: 'Search a customer', dialable: 'Can be dialled now; next when its turn comes', notNow: 'Not dialled now', until: 'lifted {{time}} at the earliest', needsEdit: 'takes an edit', inList: 'On the list', notInList: 'not on the list', due: 'Due', priority: 'Priority', tries: 'Tried', triesValue: '{{count}} times', noCampaign: 'There is no campaign yet', rules: 'Rules asked',
  },
}
