import type { Labels } from '@loopline/conditions/describe'

const OUTCOMES_ZH = {
  connected: '接通', abandoned: '呼损', 'no-answer': '无人接听', busy: '忙线', rejected: '拒接', 'invalid-number': '空号',
  suspended: '停机', 'powered-off': '关机', unreachable: '无法接通', machine: '答录机', 'line-failed': '线路故障',
  cancelled: '已取消', blocked: '已拦截', unknown: '未知',
}
const INTENTS_ZH = { unknown: '未知', none: '无', low: '低', medium: '中', high: '高' }
const CONSENTS_ZH = { unknown: '未知', granted: '已同意', refused: '已拒绝' }
const STATUSES_ZH = { new: '新客户', following: '跟进中', interested: '有意向', won: '已成交', lost: '已流失', invalid: '无效' }

/** How the fields of rules are called in sentences. */
export const LABELS: Readonly<Record<'zh' | 'en', Labels>> = {
  zh: {
    fields: {
      name: '姓名', company: '公司', level: '级别', status: '状态', ownerId: '负责人', teamId: '团队', tags: '标签', region: '地区',
      industry: '行业', intent: '意向', marketingConsent: '营销同意', recordingConsent: '录音同意', neverCall: '禁呼',
      lastFollowUpAt: '最近跟进', followUpPausedUntil: '暂停跟进至', lastOutcome: '上次结果', lastCalledAt: '上次拨打',
      noAnswerStreak: '连续未接次数', rejectedCount: '拒接次数', attemptCount: '拨打次数', createdAt: '创建时间', sandbox: '沙箱客户',
      outcome: '通话结果', lineType: '线路类型', talkSeconds: '通话秒数', attemptNumber: '第几次拨打',
    },
    values: { outcome: OUTCOMES_ZH, lastOutcome: OUTCOMES_ZH, intent: INTENTS_ZH, status: STATUSES_ZH, marketingConsent: CONSENTS_ZH, recordingConsent: CONSENTS_ZH },
  },
  en: {
    fields: {
      ownerId: 'owner', teamId: 'team', marketingConsent: 'marketing consent', recordingConsent: 'recording consent',
      neverCall: '“never call”', lastFollowUpAt: 'last follow-up', followUpPausedUntil: 'follow-up paused until',
      lastOutcome: 'last outcome', lastCalledAt: 'last call', noAnswerStreak: 'calls without an answer in a row',
      rejectedCount: 'number of rejections', attemptCount: 'number of calls', createdAt: 'created', lineType: 'line type',
      talkSeconds: 'talk time in seconds', attemptNumber: 'number of the attempt',
    },
  },
}
