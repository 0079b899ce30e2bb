import i18next from 'i18next'
import type { Words } from '../i18n/words'

/** Words of compliance and do-not-call lists: a namespace of their own, loaded with the pages that say them. */
export const complianceZh = {
  law: {
    intro: '外呼前按被叫所在地（号码归属和时区）取适用的规则包；可能属于多个地方时，逐项取最严。第一个规则包是本公司所在地。修改会生成新版本，并随每次外呼的决策保存。',
    notAdvice: '规则附出处，供参考，不构成法律意见。', home: '本公司所在地', version: '版本 {{version}}', source: '出处', rule: '规则', value: '取值', save: '保存修改', saved: '规则已更新，一秒内对所有外呼生效', discard: '放弃修改', unsaved: '有未保存的修改',
    copy: '复制', remove: '移除', restore: '恢复默认', removed: '已移除，保存后生效', addDefault: '加入规则包', copyId: '新规则包的标识', copyIdHint: '小写字母、数字和连字符', conflict: '规则已被他人修改，请刷新后再改', refresh: '刷新',
    name: { 'cn-default': '中国大陆', 'us-tsr': '美国（FTC TSR）', 'us-florida': '美国佛罗里达州', 'uk-voluntary': '英国（Ofcom，自愿）', 'eu-default': '欧盟' },
    prefixes: '号码开头', zones: '时区', places: '适用范围', none: '无', closed: '不拨打',
    field: { consent: '营销同意', hours: '可拨打时段', specialDays: '周末与节假日', attemptsPerDayMax: '每人每日拨打上限', caps: '滚动时间窗上限', abandonedLockMs: '弃呼后保护期', abandonRate: '弃呼率上限', ringTimeMsMin: '最短振铃', registries: '拒接登记库', announcedCounts: '录音依据', recordingRequired: '必须录音' },
    consentRule: '未取得同意、或已拒绝的，不拨打', times: '次', calls: '通', within: '以内', per: '每', unit: { minutes: '分钟', hours: '小时', days: '天' }, hoursUnit: '小时', secondsUnit: '秒', daysUnit: '天', share: '占接听的比例', window: '统计窗口', connectWithin: '接听后几秒内接入坐席',
    capsHint: '跨任务、机器人、坐席与手动拨打一并计算', addWindow: '添加时段', addCap: '添加上限', addDays: '添加特殊日', addRegistry: '添加登记库', from: '开始', to: '结束', weekdays: '星期', dates: '日期', datesHint: '如 2026-10-01，回车确认', registry: '登记库标识', ageMax: '副本最长有效', whenOld: { block: '过期则禁止拨打', warn: '过期仅提示' },
    announced: '播报录音提示且对方未挂断，视为同意', onlyConsent: '仅在明确同意后录音', required: '不能录音则不拨打', notRequired: '不要求',
    weekday: { '1': '周一', '2': '周二', '3': '周三', '4': '周四', '5': '周五', '6': '周六', '7': '周日' },
  },
  dnc: {
    intro: '名单中的号码不会被任何任务、机器人或坐席拨打。号码只以不可逆的索引保存：可以查询，不能导出。客户选择“禁呼”后，号码自动进入公司名单，即使客户资料被删除也仍然有效。',
    list: '名单', kind: { own: '公司自有', campaign: '仅限任务', registry: '登记库副本' }, kindColumn: '类型', numbers: '号码数', updated: '更新时间', copiedOn: '副本日期', own: '公司拒接名单', lastImport: '最近导入', importState: { running: '进行中', done: '已完成', failed: '未完成' },
    newList: '新建名单', name: '名称', registry: '登记库标识', registryHint: '与合规规则中的标识一致，如 us-ndnc、uk-tps', campaign: '任务', create: '创建', created: '名单已创建',
    search: '查询号码', searchHint: '输入完整号码', find: '查询', nowhere: '该号码不在任何名单中', on: '在 {{name}} 中', addedBy: '{{time}} 加入', bySaid: '客户本人要求', phone: '号码', reason: '原因', reasonHint: '会记入审计', add: '加入名单', added: '已加入，立即生效', already: '该号码已在名单中', remove: '移出', removed: '已移出名单', notThere: '名单中没有该号码',
    removeList: '删除名单', removeListText: '名单中的 {{count}} 个号码将不再受限制。请填写原因。', listRemoved: '名单已删除',
    import: '导入', importTitle: '导入到 {{name}}', drop: '选择或拖入文件', dropHint: 'CSV 或文本，每行一个号码，第二列可写原因；可达数百万行', mode: { add: '加入现有名单', replace: '整体替换（推荐用于登记库）' }, day: '副本日期', code: '国家代码', codeHint: '号码前没有 + 时使用，如 86、1、44；可不填', start: '开始导入', stop: '暂停', goOn: '继续', progress: '已处理 {{rows}} 行', perSecond: '{{count}} 行/秒', left: '约剩 {{time}}',
    done: '导入完成：新增 {{added}}，已存在 {{known}}，无效 {{invalid}}', errors: '下载无效行清单', another: '再导入一个文件', resume: '网络中断后可从断点继续',
  },
  counts: { title: '整个名单：为何现在不拨打', persons: '名单人数', callable: '现在可拨打', first: '{{count}} 人仅此或首要原因', next: '最早 {{time}}', ask: '统计整个名单', again: '重新统计', empty: '名单为空', all: '所有人现在都可以拨打' },
}

export const complianceEn: Words<typeof complianceZh> = {
  law: {
    intro: 'Before each call the packs that hold at the callee’s place are taken, by number and time zone; where several may hold, the strictest of each rule does. The first pack is that of your own place. An edit makes a new version, which is stored with each decision.',
    notAdvice: 'Each rule names its source. None of this is legal advice.', home: 'our own place', version: 'version {{version}}', source: 'Source', rule: 'Rule', value: 'Value', save: 'Save changes', saved: 'The rules hold for every call within a second', discard: 'Discard', unsaved: 'There are unsaved changes',
    copy: 'Copy', remove: 'Remove', restore: 'Restore default', removed: 'Removed once you save', addDefault: 'Add a pack', copyId: 'Id of the new pack', copyIdHint: 'lower case letters, digits and hyphens', conflict: 'Somebody changed the rules meanwhile; refresh and edit again', refresh: 'Refresh',
    name: { 'cn-default': 'Mainland China', 'us-tsr': 'United States (FTC TSR)', 'us-florida': 'Florida, United States', 'uk-voluntary': 'United Kingdom (Ofcom, voluntary)', 'eu-default': 'European Union' },
    prefixes: 'Numbers that begin with', zones: 'Time zones', places: 'Holds for', none: 'none', closed: 'no calls',
    field: { consent: 'Marketing consent', hours: 'Calling hours', specialDays: 'Weekends and holidays', attemptsPerDayMax: 'Attempts per person and day', caps: 'Caps in rolling windows', abandonedLockMs: 'Left alone after an abandoned call', abandonRate: 'Abandonment cap', ringTimeMsMin: 'Shortest ringing', registries: 'Do-not-call registries', announcedCounts: 'Basis of recording', recordingRequired: 'Recording required' },
    consentRule: 'whoever has not agreed, or has refused, is not called', times: 'attempts', calls: 'calls', within: 'within', per: 'per', unit: { minutes: 'minutes', hours: 'hours', days: 'days' }, hoursUnit: 'hours', secondsUnit: 'seconds', daysUnit: 'days', share: 'of answered calls', window: 'over', connectWithin: 'connected within',
    capsHint: 'over all campaigns, bots, agents and manual dials', addWindow: 'Add hours', addCap: 'Add a cap', addDays: 'Add special days', addRegistry: 'Add a registry', from: 'from', to: 'to', weekdays: 'Weekdays', dates: 'Dates', datesHint: 'such as 2026-12-25, then Enter', registry: 'Id of the registry', ageMax: 'copy at most', whenOld: { block: 'an old copy blocks', warn: 'an old copy only warns' },
    announced: 'who hears the announcement and stays has agreed', onlyConsent: 'only with express consent', required: 'no call without a recording', notRequired: 'not required',
    weekday: { '1': 'Mon', '2': 'Tue', '3': 'Wed', '4': 'Thu', '5': 'Fri', '6': 'Sat', '7': 'Sun' },
  },
  dnc: {
    intro: 'Numbers on these lists are called by no campaign, bot or agent. They are kept as an index that cannot be turned back: you can ask for a number, never read the list. When a customer must never be called, the number goes onto the company’s own list and stays there even when the record is erased.',
    list: 'List', kind: { own: 'our own', campaign: 'one campaign', registry: 'copy of a registry' }, kindColumn: 'Kind', numbers: 'Numbers', updated: 'Changed', copiedOn: 'Copy of', own: 'Company do-not-call list', lastImport: 'Last import', importState: { running: 'under way', done: 'done', failed: 'not finished' },
    newList: 'New list', name: 'Name', registry: 'Id of the registry', registryHint: 'as the compliance rules name it, such as us-ndnc or uk-tps', campaign: 'Campaign', create: 'Create', created: 'The list is there',
    search: 'Look a number up', searchHint: 'the whole number', find: 'Look up', nowhere: 'This number is on no list', on: 'on {{name}}', addedBy: 'added {{time}}', bySaid: 'the customer said so', phone: 'Number', reason: 'Reason', reasonHint: 'kept in the audit', add: 'Add to the list', added: 'Added; it holds from now on', already: 'The number was on the list already', remove: 'Take off', removed: 'Taken off the list', notThere: 'The number is not on the list',
    removeList: 'Remove the list', removeListText: 'Its {{count}} numbers will hold nobody back any more. Say why.', listRemoved: 'The list is removed',
    import: 'Import', importTitle: 'Import into {{name}}', drop: 'Choose a file or drop it here', dropHint: 'CSV or text, one number a line, a reason in the second column if you like; millions of lines are fine', mode: { add: 'add to the list', replace: 'replace the whole list (best for registries)' }, day: 'Day of the copy', code: 'Calling code', codeHint: 'for numbers without +, such as 86, 1, 44; may be left empty', start: 'Start the import', stop: 'Pause', goOn: 'Go on', progress: '{{rows}} lines', perSecond: '{{count}} lines a second', left: 'about {{time}} left',
    done: 'Done: {{added}} added, {{known}} known, {{invalid}} not understood', errors: 'Download the lines that were not understood', another: 'Import another file', resume: 'After a broken connection it goes on from where it was',
  },
  counts: { title: 'The whole list: why not now', persons: 'On the list', callable: 'Callable now', first: 'the first reason for {{count}}', next: 'from {{time}} on', ask: 'Count the whole list', again: 'Count again', empty: 'The list is empty', all: 'Everybody may be called now' },
}

i18next.addResourceBundle('zh-CN', 'compliance', complianceZh)
i18next.addResourceBundle('en', 'compliance', complianceEn)
