/**
 * How one attempt to reach a person ended. One attempt has exactly one.
 *
 * `unknown` is allowed only where a crash hid the end; `blocked` never reached a line and carries the gate's reason.
 */
export const OUTCOMES = [
  'connected', 'abandoned', 'no-answer', 'busy', 'rejected', 'invalid-number', 'suspended', 'powered-off',
  'unreachable', 'machine', 'line-failed', 'cancelled', 'blocked', 'unknown',
] as const

export type Outcome = (typeof OUTCOMES)[number]
