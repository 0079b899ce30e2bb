import { script } from './call-script.ts'
import type { CallScript, Step } from './call-script.ts'
import type { Announcement } from './happening.ts'

/** A number that always behaves the same, as test cards do for payments. */
export interface TestNumber {
  readonly number: string
  /** What the carrier does. */
  readonly does: { readonly en: string; readonly zh: string }
  /** The outcome a dialer should come to, ringing up to 30 s, with a line proven good and no announcement understood. */
  readonly outcome: 'connected' | 'no-answer' | 'busy' | 'rejected' | 'invalid-number' | 'unreachable' | 'line-failed'
  /** The outcome when announcements are understood, where that differs. */
  readonly heard?: 'invalid-number' | 'suspended' | 'powered-off' | 'busy'
  readonly script: CallScript
}

const ringing: Step = { atMs: 300, status: 180 }
const final = (atMs: number, status: number, reason?: string): Step => (reason === undefined ? { atMs, status } : { atMs, status, reason })
const announced = (announcement: Announcement, status = 480): CallScript =>
  script([{ atMs: 400, status: 183, announcement }, final(4_400, status)])

const row = (
  last: string, outcome: TestNumber['outcome'], en: string, zh: string, calls: CallScript, heard?: TestNumber['heard'],
): TestNumber => ({ number: `+86139000000${last}`, does: { en, zh }, outcome, script: calls, ...(heard === undefined ? {} : { heard }) })

/** +8613900000000 … 0099 are never a person of the population. Times in ms after the INVITE. */
export const TEST_NUMBERS: readonly TestNumber[] = [
  row('01', 'connected', 'rings 1 s, answers, hangs up after 2 s', '振铃 1 秒后接听，2 秒后挂断', script([ringing, final(1_300, 200)], { hangUpAfterMs: 2_000 })),
  row('02', 'connected', 'answers at once, waits for the caller to hang up', '立即接听，等待主叫挂断', script([final(0, 200)])),
  row('03', 'connected', 'rings 3 s, answers, talks 30 s', '振铃 3 秒后接听，通话 30 秒', script([ringing, final(3_300, 200)], { hangUpAfterMs: 30_000 })),
  row('04', 'connected', 'answers and hangs up in the same moment', '接听后立即挂断', script([ringing, final(600, 200)], { hangUpAfterMs: 0 })),
  row('05', 'connected', '183 with ring-back music, 180, then answers', '彩铃（183）后接听', script([{ atMs: 300, status: 183, announcement: 'ring-back' }, { atMs: 400, status: 180 }, final(2_300, 200)], { hangUpAfterMs: 2_000 })),
  row('06', 'connected', 'answers at once and sounds a tone of 440 Hz', '立即接听，播放 440 Hz 单音', script([final(0, 200)], { manner: { kind: 'tone', hertz: 440 } })),
  row('07', 'connected', 'answers at once and echoes what it hears', '立即接听，回声', script([final(0, 200)], { manner: { kind: 'echo' } })),
  row('10', 'busy', '486 at once', '立即忙（486）', script([final(100, 486)])),
  row('11', 'rejected', 'rings 4 s, then 486', '振铃 4 秒后拒接（486）', script([ringing, final(4_300, 486)])),
  row('12', 'rejected', 'rings 3 s, then 603', '振铃 3 秒后拒接（603）', script([ringing, final(3_300, 603, 'Q.850;cause=21;text="Call Rejected"')])),
  row('13', 'no-answer', 'rings until the caller gives up, at most 90 s', '一直振铃，无人接听', script([ringing, final(90_000, 480)])),
  row('14', 'no-answer', 'rings 5 s, then the network gives up: 480', '振铃 5 秒后网络释放（480）', script([ringing, final(5_300, 480)])),
  row('15', 'no-answer', 'rings 5 s, then 408', '振铃 5 秒后超时（408）', script([ringing, final(5_300, 408)])),
  row('16', 'no-answer', 'rings 5 s, then 480; calls back after 3 s and talks 8 s', '振铃 5 秒无人接听；3 秒后回拨，通话 8 秒', script([ringing, final(5_300, 480)])),
  row('20', 'unreachable', '404 alone: needs a second line or day to count', '404，无原因值', script([final(200, 404)])),
  row('21', 'invalid-number', '404 with Q.850 cause 1', '空号：404，Q.850 原因值 1', script([final(200, 404, 'Q.850;cause=1;text="Unallocated number"')])),
  row('22', 'unreachable', '604 alone', '604', script([final(200, 604)])),
  row('23', 'unreachable', 'announcement 空号 in a 183, then 480', '空号提示音（183）后 480', announced('invalid-number'), 'invalid-number'),
  row('24', 'unreachable', 'announcement 停机 in a 183, then 480', '停机提示音（183）后 480', announced('suspended'), 'suspended'),
  row('25', 'unreachable', 'announcement 关机 in a 183, then 480', '关机提示音（183）后 480', announced('powered-off'), 'powered-off'),
  row('26', 'unreachable', 'announcement 无法接通 in a 183, then 480', '无法接通提示音（183）后 480', announced('unreachable')),
  row('27', 'unreachable', 'announcement 正在通话中 in a 183, then 480', '通话中提示音（183）后 480', announced('busy'), 'busy'),
  row('28', 'unreachable', '480 alone', '480，无原因值', script([final(500, 480)])),
  row('29', 'unreachable', '480 with Q.850 cause 20, subscriber absent', '480，Q.850 原因值 20', script([final(500, 480, 'Q.850;cause=20;text="Subscriber absent"')])),
  row('30', 'line-failed', '503', '503', script([final(100, 503)])),
  row('31', 'line-failed', '503 with Retry-After 5', '503，Retry-After 5 秒', script([{ atMs: 100, status: 503, retryAfterS: 5 }])),
  row('32', 'line-failed', '500', '500', script([final(100, 500)])),
  row('33', 'line-failed', '403', '403', script([final(100, 403)])),
  row('34', 'line-failed', '404 with Q.850 cause 3: the carrier has no route', '404，Q.850 原因值 3（无路由）', script([final(200, 404, 'Q.850;cause=3;text="No route to destination"')])),
  row('40', 'unreachable', '100, then nothing until the caller cancels', '仅 100，之后无响应', script([])),
  row('41', 'line-failed', 'complete silence', '完全无响应', script([], { trying: false })),
  row('42', 'connected', 'rings; a CANCEL meets the answer: 200 crosses it', '取消时恰好接听（200 与 CANCEL 交叉）', script([ringing], { onCancel: 'answers' })),
  row('43', 'no-answer', 'rings; answers a CANCEL but never ends the INVITE', '取消后不返回 487', script([ringing], { onCancel: 'ignored' })),
]

/** Whoever has this number always calls back (calling-back/). */
export const CALLS_BACK = '+8613900000016'

const BY_NUMBER = new Map(TEST_NUMBERS.map((entry) => [entry.number, entry]))
const RANGE = /^\+86139000000\d\d$/

export const isTestNumber = (number: string): boolean => RANGE.test(number)

/** The script of a test number; null for a number of the population. An unused number of the range is 404 with cause 1. */
export function testScriptOf(number: string): CallScript | null {
  const entry = BY_NUMBER.get(number)
  if (entry !== undefined) return entry.script
  return isTestNumber(number) ? script([final(200, 404, 'Q.850;cause=1')]) : null
}
