import type { Words } from './words'

/** How long each agent was in which state. */
export const reportZh = {
  title: '坐席工时', range: '时间范围', today: '今天', week: '近 7 天', month: '近 31 天', from: '从', to: '到', empty: '这段时间没有人签入', emptyText: '坐席签入后，每个状态的时长会按天记在这里。', zone: '按 {{zone}} 的日期划分；正在进行的状态算到现在',
  column: { agent: '坐席', day: '日期', calls: '通话数', ready: '就绪', dialing: '拨号', talking: '通话', hold: '保持', wrapUp: '小结', paused: '暂停', total: '在岗合计', sound: '音质' }, soundHelp: '坐席声音的平均 MOS，满分 4.5', lost: '丢包 {{share}}', all: '合计',
}

export const reportEn: Words<typeof reportZh> = {
  title: 'Time of agents', range: 'Range', today: 'Today', week: 'Last 7 days', month: 'Last 31 days', from: 'From', to: 'To', empty: 'Nobody was signed on', emptyText: 'Once agents sign on, the time in each state is kept here by day.', zone: 'Days of {{zone}}; what goes on counts until now',
  column: { agent: 'Agent', day: 'Day', calls: 'Calls', ready: 'Ready', dialing: 'Dialling', talking: 'Talking', hold: 'On hold', wrapUp: 'Wrap-up', paused: 'Paused', total: 'On duty', sound: 'Sound' }, soundHelp: 'Mean MOS of how the agent is heard, 4.5 at best', lost: '{{share}} lost', all: 'Total',
}
