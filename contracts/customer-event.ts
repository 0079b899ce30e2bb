import type { CustomerId, ImportId, PhoneId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { Consent, CustomerStatus, Intent, Level } from '@loopline/vocabulary/customer'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { EventOf } from './event.ts'

/** One telephone of a customer as it travels: sealed by drivers/keys with the customer id as associated data. */
export interface SealedPhone {
  phoneId: PhoneId
  /** 0 is dialled first. */
  position: number
  /** base64 of key version, nonce, ciphertext and tag. */
  sealed: string
  /** An invalid number stays in the record but is never dialled again. */
  state: 'usable' | 'invalid'
}

/**
 * The whole customer as other services know it: every field that a condition or the gate may read, no number in clear.
 * Instants are milliseconds since 1970 or null; the same names and types as `CUSTOMER_FIELDS`.
 */
export interface CustomerState {
  customerId: CustomerId
  version: number
  deleted: boolean
  name: string
  company: string | null
  level: Level
  status: CustomerStatus
  ownerId: UserId | null
  teamId: TeamId | null
  tags: string[]
  region: string | null
  industry: string | null
  intent: Intent
  marketingConsent: Consent
  recordingConsent: Consent
  neverCall: boolean
  /** IANA zone of the callee; null blocks dialling (missing knowledge blocks). */
  timeZone: string | null
  lastFollowUpAt: number | null
  followUpPausedUntil: number | null
  lastOutcome: Outcome | null
  lastCalledAt: number | null
  /** Follow-ups in a row that nobody answered; a connected call sets it to 0. */
  noAnswerStreak: number
  /** Rejected calls since the last connected one. */
  rejectedCount: number
  attemptCount: number
  createdAt: number
  updatedAt: number
  /** A synthetic person of the demo: may be dialled on sandbox lines only, and real people never on those. */
  sandbox: boolean
  phones: SealedPhone[]
}

/** State event: the newest version wins, whatever the order of arrival. */
export type CustomerChanged = EventOf<'crm.customer.changed', CustomerState>

/** One event for up to 1,000 imported rows: readers fetch the rows they need by `POST /crm/internal/customers/by-id`. */
export type CustomersImported = EventOf<'crm.customer.imported', { importId: ImportId; customerIds: CustomerId[] }>

export type CustomerEvent = CustomerChanged | CustomersImported
