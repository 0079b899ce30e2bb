import type { FieldCatalogue } from '@loopline/vocabulary/fields'
import { CONSENTS, CUSTOMER_STATUSES, INTENTS, LEVELS } from '@loopline/vocabulary/customer'
import { OUTCOMES } from '@loopline/vocabulary/outcome'

/**
 * The customer fields that conditions may name, in audience, list, rules and assignment alike. Keys are the names in
 * `CustomerState`; columns are those of `crm.customer`. Anything not here cannot be asked for, a phone number least of all.
 */
export const CUSTOMER_FIELDS = {
  name: { type: 'text', column: 'name' },
  company: { type: 'text', column: 'company' },
  level: { type: 'choice', values: LEVELS, column: 'level' },
  status: { type: 'choice', values: CUSTOMER_STATUSES, column: 'status' },
  ownerId: { type: 'id', column: 'owner_id' },
  teamId: { type: 'id', column: 'team_id' },
  tags: { type: 'tags', column: 'tags' },
  region: { type: 'text', column: 'region' },
  industry: { type: 'text', column: 'industry' },
  intent: { type: 'choice', values: INTENTS, column: 'intent' },
  marketingConsent: { type: 'choice', values: CONSENTS, column: 'marketing_consent' },
  recordingConsent: { type: 'choice', values: CONSENTS, column: 'recording_consent' },
  neverCall: { type: 'boolean', column: 'never_call' },
  lastFollowUpAt: { type: 'timestamp', column: 'last_follow_up_at', nullMeansNever: true },
  followUpPausedUntil: { type: 'timestamp', column: 'follow_up_paused_until' },
  lastOutcome: { type: 'choice', values: OUTCOMES, column: 'last_outcome' },
  lastCalledAt: { type: 'timestamp', column: 'last_called_at', nullMeansNever: true },
  noAnswerStreak: { type: 'number', column: 'no_answer_streak' },
  rejectedCount: { type: 'number', column: 'rejected_count' },
  attemptCount: { type: 'number', column: 'attempt_count' },
  createdAt: { type: 'timestamp', column: 'created_at' },
  sandbox: { type: 'boolean', column: 'sandbox' },
} as const satisfies FieldCatalogue
