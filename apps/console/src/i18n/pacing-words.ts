import i18next from 'i18next'
import type { Words } from './words'

/** How campaigns with agents are paced. Loaded with the pages that say it, beside the words of all other pages. */
export const pacingZh = {
  title: '拨打节奏',
  modeHint: {
    ratio: '按固定倍数为空闲坐席拨号，接通后交给最久空闲的坐席；呼损到上限时自动降为一人一通',
    predictive: '根据接通率、通话和小结时长，提前为即将空闲的坐席拨号；呼损始终控制在上限以内，刚开始时从谨慎起步',
  },
  callsPerAgent: '每位空闲坐席', calls: '通', cap: '呼损上限', capHint: '接听后 2 秒内无坐席接入即为呼损。法规更严时以法规为准',
  ringing: '振铃中', expected: '预计接听 {{count}}', waiting: '等待坐席',
  agents: '坐席', agentState: { idle: '空闲', talking: '通话', wrapUp: '小结', paused: '小休' }, nobody: '还没有坐席签入这个任务',
  budget: '呼损额度', spent: '{{abandoned}} / {{live}} 通接听', capAt: '上限 {{cap}}', window: { days_one: '近 1 天', days_other: '近 {{count}} 天', hours_one: '近 1 小时', hours_other: '近 {{count}} 小时' }, noAnswer: '还没有人接听',
  reason: {
    'no-agents': '没有坐席在岗，不拨打',
    'one-per-idle-agent': '每位空闲坐席一通，现有 {{idle}} 位空闲',
    ratio: '每位空闲坐席拨 {{ratio}} 通，现有 {{idle}} 位空闲',
    'ratio-at-cap': '呼损已到上限，每位空闲坐席暂时只拨一通',
    'nobody-free-in-time': '振铃的已经够了：再拨一通，接听时有 {{risk}} 的可能没有空闲坐席，目前最多承受 {{riskMax}}',
    'budget-spent': '呼损额度已用完，只拨一定有坐席接的电话',
    'lines-full': '坐席还接得过来，但线路或任务的速度、并发已到上限',
    'lines-failing': '几乎每通都立即失败（{{share}}），只用少量电话试探线路是否恢复',
    'kept-for-callbacks': '约定的回访快到了，为此留出 {{promised}} 位坐席',
  },
  waitingForStart: '任务没有在运行',
}

export const pacingEn: Words<typeof pacingZh> = {
  title: 'Pacing',
  modeHint: {
    ratio: 'A fixed number of calls for each idle agent; who answers is given to the longest idle one. At the abandonment cap it falls back to one call each',
    predictive: 'Calls ahead for agents who are about to be free, by answer rate and the lengths of talks and notes. Abandonment is kept within the cap; it starts carefully',
  },
  callsPerAgent: 'For each idle agent', calls: 'calls', cap: 'Abandoned, at most', capHint: 'Whoever answers and hears no agent within 2 s is abandoned. Where the law is stricter, it holds',
  ringing: 'Ringing', expected: 'about {{count}} will answer', waiting: 'Waiting for an agent',
  agents: 'Agents', agentState: { idle: 'idle', talking: 'talking', wrapUp: 'wrap-up', paused: 'paused' }, nobody: 'No agent has signed on for this campaign yet',
  budget: 'Abandonment budget', spent: '{{abandoned}} of {{live}} answered', capAt: 'cap {{cap}}', window: { days_one: 'last day', days_other: 'last {{count}} days', hours_one: 'last hour', hours_other: 'last {{count}} hours' }, noAnswer: 'Nobody has answered yet',
  reason: {
    'no-agents': 'Nobody is at work, so nobody is called',
    'one-per-idle-agent': 'One call for each idle agent; idle now: {{idle}}',
    ratio: '{{ratio}} calls for each idle agent; idle now: {{idle}}',
    'ratio-at-cap': 'Abandonment is at the cap: one call for each idle agent, until there is room again',
    'nobody-free-in-time': 'Enough is ringing: one more, if answered, would find nobody free with a chance of {{risk}}; {{riskMax}} is bearable now',
    'budget-spent': 'The abandonment budget is spent: only calls that surely find an agent',
    'lines-full': 'Agents could take more, but lines, or the campaign’s own pace, allow no more now',
    'lines-failing': 'Nearly every call fails at once ({{share}}): a few calls only, to see when the lines are back',
    'kept-for-callbacks': 'Promised calls are due: kept free for them: {{promised}}',
  },
  waitingForStart: 'The campaign is not running',
}

// Pages come after the language; a test of the words alone has none.
if (i18next.isInitialized) {
  i18next.addResourceBundle('zh-CN', 'pacing', pacingZh)
  i18next.addResourceBundle('en', 'pacing', pacingEn)
}
