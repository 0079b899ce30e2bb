/** Why the evidence means this outcome. Stored with the attempt; texts live in the console; a reason is never renamed. */
export const OUTCOME_REASONS = [
  'answered', 'answered-then-crash', 'no-agent-in-time', 'crash-hid-the-end',
  'announced-invalid-number', 'announced-suspended', 'announced-powered-off', 'announced-unreachable', 'announced-busy',
  'unallocated-number', 'number-not-found-twice', 'number-may-be-invalid', 'number-changed', 'number-incomplete',
  'callee-busy', 'rejected-after-ringing', 'callee-declined', 'rejected-by-cause',
  'ring-time-out', 'no-answer-by-cause', 'rang-without-answer',
  'subscriber-absent', 'destination-out-of-order', 'temporarily-unavailable', 'no-reaction-from-callee',
  'we-cancelled', 'voice-stopped', 'carrier-cancelled',
  'no-response', 'line-suspect', 'carrier-overloaded', 'carrier-error', 'carrier-refused', 'credentials-refused',
  'media-refused', 'encryption-refused', 'redirected', 'no-route', 'network-cause', 'caller-id-blocked',
] as const

export type OutcomeReason = (typeof OUTCOME_REASONS)[number]
