import type { Words } from './words'

export const frameZh = {
  place: { workbench: '工作台', customers: '客户', campaigns: '外呼', calls: '通话', live: '监控', reports: '报表', rules: '规则', lines: '线路', settings: '设置' },
  search: '搜索客户：姓名、拼音首字母、手机号、尾号四位', skip: '跳到内容', places: '导航',
  live: { up: '实时', lost: '连接断开，正在重连…' },
  clock: {
    demo: '演示时间 {{time}}', real: '客户时间 {{time}}', tip: '客户当地时间（北京时间）。能否拨打按这个时间判断。', set: '设置客户时钟', to: '现在当作', apply: '应用', reset: '恢复真实时间',
    fixed: '只有管理员可以调整。', morning: '上午 10:12', evening: '晚上 20:30', night: '凌晨 03:00',
  },
  language: '语言', toEnglish: 'English', toChinese: '中文', mode: { light: '浅色', dark: '深色', system: '跟随系统', switch: '切换外观' },
  me: '我的账号', signOut: '退出登录',
  help: {
    title: '键盘快捷键', open: '帮助', search: '搜索客户', go: '前往{{place}}', help: '打开本帮助', move: '在列表中上下移动', enter: '打开', dial: '在列表中拨打选中的客户', escape: '关闭 / 取消编辑', save: '保存备注',
  },
  loading: '加载中…', cancel: '取消', save: '保存', edit: '修改', remove: '移除', more: '加载更多', end: '已全部显示', none: '无', never: '从未', yes: '是', no: '否',
  pair: '{{name}}：{{value}}',
  notHere: { title: '没有这个页面', text: '地址可能输错了，或者内容已被移走。', home: '回到客户列表' },
}

export const frameEn: Words<typeof frameZh> = {
  place: { workbench: 'Workbench', customers: 'Customers', campaigns: 'Campaigns', calls: 'Calls', live: 'Live', reports: 'Reports', rules: 'Rules', lines: 'Lines', settings: 'Settings' },
  search: 'Search customers: name, initials, phone, last four', skip: 'Skip to content', places: 'Places',
  live: { up: 'Live', lost: 'Connection lost, reconnecting…' },
  clock: {
    demo: 'Demo time {{time}}', real: 'Callee time {{time}}', tip: 'Local time at the callees (Beijing). Whether a call is allowed is judged by it.', set: 'Set the callee clock', to: 'Take now as', apply: 'Apply', reset: 'Back to real time',
    fixed: 'Only an admin can change it.', morning: '10:12 in the morning', evening: '20:30 in the evening', night: '03:00 at night',
  },
  language: 'Language', toEnglish: 'English', toChinese: '中文', mode: { light: 'Light', dark: 'Dark', system: 'As the system', switch: 'Switch appearance' },
  me: 'My account', signOut: 'Sign out',
  help: {
    title: 'Keyboard', open: 'Help', search: 'Search customers', go: 'Go to {{place}}', help: 'Open this help', move: 'Move in a list', enter: 'Open', dial: 'Call the customer of the row', escape: 'Close, cancel an edit', save: 'Save a note',
  },
  loading: 'Loading…', cancel: 'Cancel', save: 'Save', edit: 'Edit', remove: 'Remove', more: 'Load more', end: 'That is all', none: 'None', never: 'Never', yes: 'Yes', no: 'No',
  pair: '{{name}}: {{value}}',
  notHere: { title: 'No such page', text: 'The address may be mistyped, or what was here has moved.', home: 'To the customers' },
}
