import type { Consent, CustomerStatus } from '@loopline/vocabulary/customer'
import type { CustomerId } from '@loopline/vocabulary/ids'

/**
 * POST /crm/internal/audience-facts: one customer in the form that travels by the hundred thousand. Numbers are blind indexes
 * in hexadecimal with the beginning that says where they belong. `pausedUntil` in unix ms.
 */
export type AudienceFacts = [
  customerId: CustomerId, neverCall: boolean, status: CustomerStatus, marketingConsent: Consent, timeZone: string | null, pausedUntil: number | null, sandbox: boolean,
  phones: [blindHex: string, prefix: string, usable: boolean][],
]
