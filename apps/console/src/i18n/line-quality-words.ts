import { useTranslation } from 'react-i18next'
import type { Words } from './words'

/** How lines do. Loaded with the pages that show it, not with the first one. */
const zh = {
  asr: '应答率', connectRate: '接通率', pdd: '振铃等待', mos: 'MOS', talk: '平均通话', short: '短通话占比', loss: '丢包', jitter: '抖动', roundTrip: '往返', causes: '结束原因', calls: '呼叫数', region: '地区',
  hour: '近 1 小时', noCalls: '无呼叫', unknownRegion: '未知地区', noStatus: '无响应',
  asrHelp: '发出的呼叫中被应答的比例', pddHelp: '从发出呼叫到开始振铃的时间', shortHelp: '已应答但不足 6 秒的通话，过多时可能是虚假应答',
  windows: { 1: '1 分钟', 5: '5 分钟', 60: '1 小时' },
  regions: '按地区查看', regionsOf: '各地区质量', noRegions: '近 1 小时没有呼叫',
  drain: '排空', undrain: '恢复使用', drained: '排空中：不再发起新呼叫，进行中的通话不受影响', drainHelp: '不再发起新呼叫，进行中的通话不受影响',
  because: '（{{reason}}）', open: '暂停使用', openUntil: '{{time}} 起试拨', halfOpen: '正在用少量呼叫试拨', recovering: '恢复中，现用 {{share}} 的份额',
  alarm: {
    'fewer-answers': '接通明显少于其他线路：{{seen}}，同一名单在其他线路上为 {{expected}}', 'more-short-calls': '短通话异常多，疑为虚假应答：{{seen}}，其他线路为 {{expected}}',
    'slower-ringing': '振铃明显变慢：{{seen}}，平时为 {{expected}}', silence: '接通后听不到声音：{{seen}} 的通话，其他线路为 {{expected}}', 'poor-sound': '音质差的通话增多：{{seen}}，其他线路为 {{expected}}', 'lost-datagrams': '信令丢包：{{seen}} 的呼叫要重发，其他线路为 {{expected}}',
  },
  alarmSince: '{{since}}发现，依据 {{count}} 通呼叫',
  reason: {
    'fewer-answers': '接通少于其他线路', 'more-short-calls': '疑为虚假应答', 'slower-ringing': '振铃变慢', silence: '接通后无声', 'poor-sound': '音质差', 'lost-datagrams': '信令丢包', 'carrier-overloaded': '运营商过载', 'carrier-error': '运营商故障',
    'carrier-refused': '运营商拒绝', 'credentials-refused': '账号认证失败', 'no-response': '运营商无响应', 'network-cause': '网络故障', 'no-route': '无路由', 'media-refused': '媒体协商失败', 'encryption-refused': '加密协商失败',
    'no-reaction-from-callee': '运营商超时', tripped: '刚从停用中恢复',
  },
  routing: '线路选择', policy: { priority: '按优先级和权重', 'least-cost': '费用最低优先', learned: '自动学习' },
  policyHelp: { priority: '在可用线路中按优先级，同级按权重和质量分摊。', 'least-cost': '每分钟费用最低的线路优先；未填费用的线路排在最后。', learned: '按地区和时段学习每条线路的真人接通率与费用，选最划算的；5 % 的呼叫用于试探其他线路。' },
  legs: '先试过', leg: '{{line}}：{{reason}}（SIP {{status}}，{{seconds}} 秒），未振铃，换线重拨',
}

const en: Words<typeof zh> = {
  asr: 'Answer-seizure', connectRate: 'Connect rate', pdd: 'Time to ring', mos: 'MOS', talk: 'Mean talk', short: 'Short calls', loss: 'Loss', jitter: 'Jitter', roundTrip: 'Round trip', causes: 'Endings', calls: 'Calls', region: 'Region',
  hour: 'Last hour', noCalls: 'No calls', unknownRegion: 'Region not known', noStatus: 'no response',
  asrHelp: 'Share of the calls sent that were answered', pddHelp: 'From sending the call until it rings', shortHelp: 'Answered and over within 6 s; many of them may be false answers',
  windows: { 1: '1 minute', 5: '5 minutes', 60: '1 hour' },
  regions: 'By region', regionsOf: 'Quality by region', noRegions: 'No calls in the last hour',
  drain: 'Drain', undrain: 'Use again', drained: 'Draining: no new calls; those under way go on', drainHelp: 'No new calls go over it; those under way go on',
  because: ' ({{reason}})', open: 'Left alone', openUntil: 'tried again at {{time}}', halfOpen: 'Being tried with a few calls', recovering: 'Coming back, now with {{share}} of its share',
  alarm: {
    'fewer-answers': 'Far fewer answers than other lines: {{seen}}, where the same lists get {{expected}}', 'more-short-calls': 'Unusually many short calls, perhaps false answers: {{seen}}, other lines {{expected}}',
    'slower-ringing': 'Takes much longer to ring: {{seen}}, usually {{expected}}', silence: 'Nothing is heard after the answer: {{seen}} of calls, other lines {{expected}}', 'poor-sound': 'More calls sound poor: {{seen}}, other lines {{expected}}', 'lost-datagrams': 'Signalling is lost on the way: {{seen}} of calls had to be sent again, other lines {{expected}}',
  },
  alarmSince: 'found {{since}}, by {{count}} calls',
  reason: {
    'fewer-answers': 'fewer answers than other lines', 'more-short-calls': 'perhaps false answers', 'slower-ringing': 'slow to ring', silence: 'silence after the answer', 'poor-sound': 'poor sound', 'lost-datagrams': 'signalling lost on the way', 'carrier-overloaded': 'the carrier is overloaded', 'carrier-error': 'the carrier has trouble',
    'carrier-refused': 'the carrier refuses', 'credentials-refused': 'the carrier does not take our credentials', 'no-response': 'the carrier does not respond', 'network-cause': 'trouble in the network', 'no-route': 'no route', 'media-refused': 'no media agreed', 'encryption-refused': 'no encryption agreed',
    'no-reaction-from-callee': 'the carrier timed out', tripped: 'was taken out before',
  },
  routing: 'Choice of line', policy: { priority: 'By priority and weight', 'least-cost': 'Least cost', learned: 'Learned' },
  policyHelp: { priority: 'By priority; lines of one priority share by weight and quality.', 'least-cost': 'The least cost per minute first; lines without a cost come last.', learned: 'Learns by region and hour which line reaches most people for the money; 5 % of calls try the others.' },
  legs: 'Tried before', leg: '{{line}}: {{reason}} (SIP {{status}}, {{seconds}} s), nothing rang, so another line took over',
}

export type LineQualityWords = typeof zh

/** The words of the chosen language. */
export function useLineQualityWords(): LineQualityWords {
  const { i18n } = useTranslation()
  return i18n.language.startsWith('zh') ? zh : en as LineQualityWords
}

/** Puts values into the places of a text. */
export const filled = (text: string, values: Record<string, string>): string => text.replace(/\{\{(\w+)\}\}/g, (_place, name: string) => values[name] ?? '')
