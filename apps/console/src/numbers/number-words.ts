import i18next from 'i18next'
import type { Words } from '../i18n/words'

/** The pool of numbers. These words come with its page, not with the first load: they have a namespace of their own. */
export const numbersZh = {
  title: '号码池', back: '线路', add: '添加号码', groups: '号码组', search: '号码、地区或备注', anyLine: '所有线路', anyGroup: '所有组', anyState: '所有状态', builtIn: { default: '新号码（默认）', unlimited: '不限配额' },
  column: { number: '号码', region: '归属地', group: '组', line: '线路', hour: '近 1 小时', day: '近 24 小时', rate: '7 天接听率', health: '状态' },
  state: { active: '使用中', resting: '休息中', held: '退还保留', retired: '已退还' }, states: { active: '使用中 {{count}}', resting: '休息中 {{count}}', held: '保留 {{count}}', suspected: '疑似被标记 {{count}}' },
  noRegion: '不限地区', unlimited: '不限', unproven: '未核验，不使用', noCalls: '没有通话', rateTip: '7 天 {{calls}} 次，接听 {{answered}} 次', ofQuota: '{{used}}/{{quota}}', channels: '并发 {{count}}', growing: '并发 {{count}} · 逐步放量', until: '{{date}} 恢复', untilTaken: '{{date}} 后可再用', untilWoken: '直到有人唤醒',
  suspected: '疑似被标记：{{calls}} 次中接听 {{answered}} 次，应约 {{expected}} 次', watched: '接听率正在走低，还不能下结论', 'taken-off-its-line': '已从线路移除', by: '{{name}}：{{reason}}',
  empty: '池里还没有号码', emptyText: '粘贴运营商给的号码，选好线路和组。新号码从 1 路并发开始，逐步放量；接听率突然下降的号码会自动休息。', found: '没有符合条件的号码', pick: '选择 {{number}}', pickAll: '全选已显示的号码', picked: '已选 {{count}} 个', clear: '取消选择',
  act: { rest: '休息', wake: '唤醒', move: '换组', quota: '改配额', release: '退还' },
  ask: {
    rest: '让 {{count}} 个号码休息', wake: '唤醒 {{count}} 个号码', move: '把 {{count}} 个号码移到另一组', quota: '修改 {{count}} 个号码的配额', release: '退还 {{count}} 个号码',
    releaseText: '退还的号码不再外呼，在组里规定的天数内也不能给别的线路用；客户回拨仍然接得通。', wakeText: '因疑似被标记而休息的号码会从 1 路并发重新开始。', quotaText: '留空则按组的配额。', reason: '原因（记入审计）', hours: '休息时长', forHours: { h1: '1 小时', h24: '1 天', h168: '7 天', h720: '30 天', h0: '直到有人唤醒' }, group: '组', done: '已更改 {{count}} 个号码',
  },
  quota: { hour: '每 60 分钟最多', day: '每 24 小时最多', calls: '次', asGroup: '按组：{{count}}', asGroupUnlimited: '按组：不限' },
  new: {
    paste: '每行一个号码；可再写归属地和备注，用逗号或制表符隔开', placeholder: '020-38880001\n13800000001，广东深圳，二号卡', lines: '用在哪些线路', group: '组', proof: '归属证明', proofHint: '如：运营商合同编号、号码使用证明。没有证明的号码不会用于真实线路。', submit: '添加 {{count}} 个', count: '共 {{count}} 行', file: '读取 CSV 文件',
    done: '已添加 {{count}} 个号码', refused: '{{count}} 个没有添加', reason: { 'not-a-number': '不是号码', twice: '写了两次', known: '已在这些线路上', held: '退还保留中' }, tooMany: '一次最多 5,000 个',
  },
  edit: { title: '号码', region: '归属地', regionHint: '省或城市，如 广东、深圳。座机自动识别；手机号请手填。', note: '备注', save: '保存', saved: '已保存', since: '自 {{date}}', use: '使用情况' },
  group: {
    title: '号码组', new: '新建组', edit: '修改组', name: '名称', numbers: '{{count}} 个号码', quotaHour: '每 60 分钟最多拨打', quotaDay: '每 24 小时最多拨打', channelsStart: '起始并发', channelsMax: '最大并发', rampCalls: '每多少次放一路', pauseSeconds: '每次通话后停', holdDays: '退还后保留', restHours: '疑似被标记时休息', watched: '接听率突然下降时自动休息',
    unlimited: '留空不限', seconds: '秒', days: '天', hoursUnit: '小时', calls: '次', channels: '路', folklore: '每小时约 20 次、每天 50–80 次是商家的说法，不是规定；请按自己的运营商修改。', remove: '删除组', summary: '{{hour}}/小时 · {{day}}/天 · 并发 {{channels}}',
  },
}

export const numbersEn: Words<typeof numbersZh> = {
  title: 'Number pool', back: 'Lines', add: 'Add numbers', groups: 'Groups', search: 'Number, place or note', anyLine: 'All lines', anyGroup: 'All groups', anyState: 'All states', builtIn: { default: 'New numbers (default)', unlimited: 'No quotas' },
  column: { number: 'Number', region: 'Place', group: 'Group', line: 'Line', hour: 'Last 60 min', day: 'Last 24 h', rate: 'Answered, 7 days', health: 'State' },
  state: { active: 'In use', resting: 'Resting', held: 'Held', retired: 'Given back' }, states: { active: '{{count}} in use', resting: '{{count}} resting', held: '{{count}} held', suspected: '{{count}} suspected flagged' },
  noRegion: 'anywhere', unlimited: 'no limit', unproven: 'not verified, not used', noCalls: 'no calls', rateTip: '{{calls}} calls in 7 days, {{answered}} answered', ofQuota: '{{used}}/{{quota}}', channels: '{{count}} at once', growing: '{{count}} at once, growing', until: 'back on {{date}}', untilTaken: 'free again on {{date}}', untilWoken: 'until somebody wakes it',
  suspected: 'Suspected flagged: {{answered}} of {{calls}} answered, about {{expected}} expected', watched: 'Its answers are falling; too early to tell', 'taken-off-its-line': 'taken off its line', by: '{{name}}: {{reason}}',
  empty: 'No numbers in the pool yet', emptyText: 'Paste what your carrier gave you and choose lines and a group. New numbers start with one call at a time and grow; one whose answers suddenly fall rests by itself.', found: 'No number is like this', pick: 'Choose {{number}}', pickAll: 'Choose all shown', picked: '{{count}} chosen', clear: 'Choose none',
  act: { rest: 'Rest', wake: 'Wake', move: 'Move', quota: 'Quota', release: 'Give back' },
  ask: {
    rest: 'Rest {{count}} numbers', wake: 'Wake {{count}} numbers', move: 'Move {{count}} numbers to another group', quota: 'Quotas of {{count}} numbers', release: 'Give {{count}} numbers back',
    releaseText: 'A number given back is called from no more, and no other line may have it for the days its group says; whoever calls it back still reaches you.', wakeText: 'Numbers that rest because they were suspected start again with one call at a time.', quotaText: 'Empty: as the group says.', reason: 'Reason (noted in the audit)', hours: 'For how long', forHours: { h1: '1 hour', h24: '1 day', h168: '7 days', h720: '30 days', h0: 'until somebody wakes it' }, group: 'Group', done: '{{count}} numbers changed',
  },
  quota: { hour: 'Calls in any 60 minutes', day: 'Calls in any 24 hours', calls: 'calls', asGroup: 'group: {{count}}', asGroupUnlimited: 'group: no limit' },
  new: {
    paste: 'One number a line; after a comma or tab its place and a note', placeholder: '020-38880001\n13800000001, 广东深圳, second card', lines: 'Lines that show them', group: 'Group', proof: 'Proof that they are ours', proofHint: 'Such as the contract’s number or the carrier’s letter. Without it a number is not shown on real lines.', submit: 'Add {{count}}', count: '{{count}} lines', file: 'Read a CSV file',
    done: '{{count}} numbers added', refused: '{{count}} were not added', reason: { 'not-a-number': 'not a number', twice: 'written twice', known: 'on these lines already', held: 'held after it was given back' }, tooMany: 'at most 5,000 at once',
  },
  edit: { title: 'Number', region: 'Place', regionHint: 'A province or city, such as 广东 or 深圳. Known by itself for landlines; write it for mobile numbers.', note: 'Note', save: 'Save', saved: 'Saved', since: 'since {{date}}', use: 'Use' },
  group: {
    title: 'Groups of numbers', new: 'New group', edit: 'Edit group', name: 'Name', numbers: '{{count}} numbers', quotaHour: 'Calls in any 60 minutes', quotaDay: 'Calls in any 24 hours', channelsStart: 'Calls at once, at first', channelsMax: 'Calls at once, at most', rampCalls: 'One more after', pauseSeconds: 'Pause after each call', holdDays: 'Held after it was given back', restHours: 'Rest when suspected', watched: 'Rests by itself when its answers suddenly fall',
    unlimited: 'empty: no limit', seconds: 's', days: 'days', hoursUnit: 'hours', calls: 'calls', channels: 'calls', folklore: 'About 20 an hour and 50–80 a day is what vendors tell, no rule: set what your carrier allows.', remove: 'Remove group', summary: '{{hour}}/h · {{day}}/day · {{channels}} at once',
  },
}

export const NUMBERS = 'numbers'
i18next.addResourceBundle('zh-CN', NUMBERS, numbersZh)
i18next.addResourceBundle('en', NUMBERS, numbersEn)
