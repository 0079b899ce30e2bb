import type { CallingHours } from './calling-hours.ts'

/** Rules of one place, as data that an administrator may edit. Every figure names where it comes from. */
export interface LawPack {
  readonly id: string
  /** Stored with each decision; an edit makes a new version. */
  readonly version: number
  readonly hours: CallingHours
  /** Attempts to one person on one local day, over all campaigns and manual dials. */
  readonly attemptsPerDayMax: number
  /** Whether a person who heard the announcement to its end and stayed has agreed to be recorded. */
  readonly announcedCounts: boolean
  /** Whether a call that cannot be recorded may not be made at all. */
  readonly recordingRequired: boolean
  /** Field of this pack → the rule it stands for. */
  readonly sources: Readonly<Record<'consent' | 'hours' | 'attemptsPerDayMax' | 'announcedCounts' | 'recordingRequired', string>>
}

/**
 * Mainland China. Consent is law; hours and the cap are what carriers there ask for, as no statute names an hour.
 * The cap is stricter than the carriers' 5 per 24 h, so that two campaigns cannot wear a person down.
 */
export const CHINA_DEFAULT: LawPack = {
  id: 'cn-default',
  version: 1,
  hours: [{ fromMinute: 8 * 60, toMinute: 21 * 60 }],
  attemptsPerDayMax: 3,
  announcedCounts: true,
  recordingRequired: false,
  sources: {
    consent: '消费者权益保护法实施条例 art. 24: no commercial call without consent, stop at once on refusal',
    hours: 'carrier practice (not law): 8:00–21:00 at the callee',
    attemptsPerDayMax: 'carrier practice (not law): at most 5 calls per number in 24 h (Tencent); 3 is our stricter default',
    announcedCounts: '个人信息保护法 art. 13, 14, 17: told before it begins, and free to leave; who stays has agreed by his act',
    recordingRequired: 'no general duty to record sales calls; a trade that has one sets it in the campaign',
  },
}
