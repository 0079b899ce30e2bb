/** Instants on the way of a call at which tests kill this process (reliability F1). */
export const CALL_CRASH_POINTS = ['after-claim', 'after-attempt-commit', 'after-dial-sent', 'after-answer', 'before-outcome-commit'] as const
/** Also between a written second leg and its order, and between the store and the row of a recording whose time is over. */
export const CRASH_POINTS = [...CALL_CRASH_POINTS, 'after-leg-commit', 'after-recording-removed'] as const
export type CallCrashPoint = (typeof CALL_CRASH_POINTS)[number]
export type CrashPoint = (typeof CRASH_POINTS)[number]

/** Kills this process without a farewell when the configuration names the point; `null` names none. */
export function crashAt(wanted: CrashPoint | null): (point: CrashPoint) => void {
  return (point) => {
    if (point === wanted) process.kill(process.pid, 'SIGKILL')
  }
}
