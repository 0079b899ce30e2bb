import type { LawPack } from './law-pack.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const EIGHT_TO_NINE = [{ fromMinute: 8 * 60, toMinute: 21 * 60 }]

const NO_HOLIDAYS = 'none named; add the holidays on which you do not call'
const OUR_CAP = 'no figure in the law; 3 a day is our default, so that two campaigns cannot wear a person down'
const NO_DUTY = 'no general duty to record sales calls; a trade that has one sets it in the campaign'

/**
 * Mainland China. Consent is law; hours and caps are what carriers there ask for, as no statute names an hour.
 * The cap of a day is stricter than the carriers' 5 in 24 h, so that two campaigns cannot wear a person down.
 */
export const CHINA_DEFAULT: LawPack = {
  id: 'cn-default',
  version: 1,
  places: { prefixes: ['+86'], zones: ['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Chongqing', 'Asia/Harbin', 'PRC'] },
  hours: EIGHT_TO_NINE,
  specialDays: [],
  attemptsPerDayMax: 3,
  caps: [{ windowMs: DAY_MS, max: 5 }, { windowMs: 5 * MINUTE_MS, max: 3 }],
  abandonedLockMs: 0,
  abandonRateMax: 0.03,
  abandonWindowMs: DAY_MS,
  connectWithinMs: 2_000,
  ringTimeMsMin: 15_000,
  registries: [],
  announcedCounts: true,
  recordingRequired: false,
  sources: {
    consent: '消费者权益保护法实施条例第二十四条：未经同意不得拨打商业电话，拒绝后立即停止 · no commercial call without consent, stop at once on refusal',
    hours: '运营商惯例（非法律）：被叫当地 8:00–21:00 · carrier practice (not law): 8:00–21:00 at the callee',
    specialDays: '未列出；不拨打的节假日请自行添加 · none named; add the holidays on which you do not call',
    attemptsPerDayMax: '运营商惯例（非法律）：每个号码 24 小时内最多 5 次（腾讯）；默认 3 次更严 · carrier practice (not law): at most 5 calls per number in 24 h (Tencent); 3 is our stricter default',
    caps: '运营商惯例（非法律）：每个号码 24 小时内最多 5 次，5 分钟内最多 3 次（腾讯） · carrier practice (not law): at most 5 calls per number in 24 h and 3 in 5 min (Tencent)',
    abandonedLockMs: '未见规定 · no rule known',
    abandonRate: '法律没有数字；3 % 取自美国和英国旧准则 · no figure in the law; 3 % is what the US and the former UK code take',
    ringTimeMsMin: '法律没有数字；15 秒与美国相同 · no figure in the law; 15 s as in the US',
    registries: '没有公开的拒接名册 · no public registry',
    announcedCounts: '个人信息保护法第十三、十四、十七条：事先告知、可以离开，继续通话即以行为同意 · told before it begins, and free to leave; who stays has agreed by his act',
    recordingRequired: '没有对销售通话录音的一般义务；有此义务的行业在任务里设置 · no general duty to record sales calls; a trade that has one sets it in the campaign',
  },
}

export const US_TSR: LawPack = {
  id: 'us-tsr',
  version: 1,
  places: {
    prefixes: ['+1'],
    zones: ['America/New_York', 'America/Detroit', 'America/Chicago', 'America/Denver', 'America/Phoenix', 'America/Los_Angeles', 'America/Anchorage', 'Pacific/Honolulu', 'US/Eastern', 'US/Central', 'US/Mountain', 'US/Pacific'],
  },
  hours: EIGHT_TO_NINE,
  specialDays: [],
  attemptsPerDayMax: 3,
  caps: [],
  abandonedLockMs: 0,
  abandonRateMax: 0.03,
  abandonWindowMs: 30 * DAY_MS,
  connectWithinMs: 2_000,
  ringTimeMsMin: 15_000,
  registries: [{ registry: 'us-ndnc', ageDaysMax: 31, whenOld: 'block' }],
  announcedCounts: false,
  recordingRequired: false,
  sources: {
    consent: 'FTC TSR 16 CFR 310.4(b)(1)(iii): whoever asked not to be called is not called; consent is asked for here as everywhere, which is stricter',
    hours: 'FTC TSR 16 CFR 310.4(c): 8:00–21:00 local time of the callee',
    specialDays: 'none in the federal rule; some states name holidays: add them',
    attemptsPerDayMax: OUR_CAP,
    caps: 'no figure in the federal rule',
    abandonedLockMs: 'no rule known',
    abandonRate: 'FTC TSR 16 CFR 310.4(b)(4): at most 3 % of calls answered by a person, per campaign under 30 days or per successive 30 days; connected within 2 s of the completed greeting',
    ringTimeMsMin: 'FTC TSR 16 CFR 310.4(b)(4)(ii): at least 15 s or 4 rings',
    registries: 'FTC TSR 16 CFR 310.4(b)(3)(iv): a copy of the registry not older than 31 days',
    announcedCounts: 'several states require that all parties agree; where the two ends are is not always known, so only consent counts',
    recordingRequired: NO_DUTY,
  },
}

/** Florida beside the federal rule: both hold, the stricter of each. Area codes as assigned in 2026. */
export const US_FLORIDA: LawPack = {
  ...US_TSR,
  id: 'us-florida',
  places: {
    prefixes: [239, 305, 321, 324, 352, 386, 407, 448, 561, 645, 656, 689, 727, 728, 754, 772, 786, 813, 850, 863, 904, 941].map((area) => `+1${area}`),
    zones: [],
  },
  hours: [{ fromMinute: 8 * 60, toMinute: 20 * 60 }],
  caps: [{ windowMs: DAY_MS, max: 3 }],
  sources: {
    ...US_TSR.sources,
    hours: 'Florida Statutes 501.616(6)(a): not before 8:00 nor after 20:00 local time of the callee',
    caps: 'Florida Statutes 501.616(6)(b): at most 3 calls in 24 h on one subject; counted here over all subjects, which is stricter',
    announcedCounts: 'Florida Statutes 934.03: all parties must agree',
  },
}

/** The United Kingdom: Ofcom's figures of the code that ended in 2017, kept as a voluntary rule. */
export const UK_VOLUNTARY: LawPack = {
  id: 'uk-voluntary',
  version: 1,
  places: { prefixes: ['+44'], zones: ['Europe/London', 'GB', 'Europe/Belfast'] },
  hours: EIGHT_TO_NINE,
  specialDays: [],
  attemptsPerDayMax: 3,
  caps: [],
  abandonedLockMs: 72 * HOUR_MS,
  abandonRateMax: 0.03,
  abandonWindowMs: DAY_MS,
  connectWithinMs: 2_000,
  ringTimeMsMin: 15_000,
  registries: [{ registry: 'uk-tps', ageDaysMax: 28, whenOld: 'block' }],
  announcedCounts: true,
  recordingRequired: false,
  sources: {
    consent: 'PECR reg. 21: not to numbers registered or whose owner objected; consent is asked for here as everywhere, which is stricter',
    hours: 'no hour in the law; 8:00–21:00 is our default',
    specialDays: NO_HOLIDAYS,
    attemptsPerDayMax: OUR_CAP,
    caps: 'no figure in the law',
    abandonedLockMs: 'Ofcom, former code: no redial for 72 h after an abandoned call without a dedicated agent',
    abandonRate: 'Ofcom, former code (figure withdrawn on 1 March 2017, voluntary): 3 % of live calls per campaign in 24 h',
    ringTimeMsMin: 'Ofcom, former code: 15 s',
    registries: 'PECR reg. 21(1)(b): TPS; a registration takes effect after 28 days, so a copy may be as old as that',
    announcedCounts: 'UK GDPR: informed before it begins; who stays has been told',
    recordingRequired: NO_DUTY,
  },
}

/** The European Union. Member states add their own hours and registries: copy the pack, or make it stricter. */
export const EU_DEFAULT: LawPack = {
  id: 'eu-default',
  version: 1,
  places: {
    prefixes: ['+30', '+31', '+32', '+33', '+34', '+351', '+352', '+353', '+356', '+357', '+358', '+359', '+36', '+370', '+371', '+372', '+385', '+386', '+39', '+40', '+420', '+421', '+43', '+45', '+46', '+48', '+49'],
    zones: [
      'Europe/Amsterdam', 'Europe/Athens', 'Europe/Berlin', 'Europe/Bratislava', 'Europe/Brussels', 'Europe/Bucharest', 'Europe/Budapest', 'Europe/Copenhagen', 'Europe/Dublin',
      'Europe/Helsinki', 'Europe/Lisbon', 'Europe/Ljubljana', 'Europe/Luxembourg', 'Europe/Madrid', 'Europe/Malta', 'Europe/Paris', 'Europe/Prague', 'Europe/Riga', 'Europe/Rome',
      'Europe/Sofia', 'Europe/Stockholm', 'Europe/Tallinn', 'Europe/Vienna', 'Europe/Vilnius', 'Europe/Warsaw', 'Europe/Zagreb', 'Asia/Nicosia',
    ],
  },
  hours: EIGHT_TO_NINE,
  specialDays: [],
  attemptsPerDayMax: 3,
  caps: [],
  abandonedLockMs: 0,
  abandonRateMax: 0.03,
  abandonWindowMs: DAY_MS,
  connectWithinMs: 2_000,
  ringTimeMsMin: 15_000,
  registries: [],
  announcedCounts: false,
  recordingRequired: false,
  sources: {
    consent: 'GDPR art. 6, 7 and ePrivacy Directive art. 13 (from memory, to be verified): opt-in for automated calls, consent as easy to withdraw as to give',
    hours: 'no hour in the law of the Union; 8:00–21:00 is our default, member states name stricter ones',
    specialDays: 'none in the law of the Union; member states name some',
    attemptsPerDayMax: OUR_CAP,
    caps: 'no figure in the law of the Union',
    abandonedLockMs: 'no rule known',
    abandonRate: 'no figure in the law of the Union; 3 % as in the US',
    ringTimeMsMin: 'no figure in the law of the Union; 15 s as in the US',
    registries: 'member states keep their own; import them as copies and name them here',
    announcedCounts: 'GDPR art. 4(11), 7 (from memory, to be verified): consent is a clear act, so staying on the line is not taken for one',
    recordingRequired: NO_DUTY,
  },
}

/** What a new installation starts with. */
export const DEFAULT_PACKS: readonly LawPack[] = [CHINA_DEFAULT, US_TSR, US_FLORIDA, UK_VOLUNTARY, EU_DEFAULT]
