import type { z } from 'zod'
import type { EditCustomer } from '@loopline/contracts/customer'
import type { CustomerRow } from './customer-row.ts'
import { requireTimeZone } from './time-zone.ts'

export type EditCustomerInput = z.infer<typeof EditCustomer>

/** The columns that an edit gives the row, ownership aside; `now` in unix ms. @throws TIME_ZONE_UNKNOWN */
export function editedFields(row: CustomerRow, input: EditCustomerInput, now: number): Partial<CustomerRow> & Pick<CustomerRow, 'version'> {
  const paused = input.followUpPausedUntil
  return {
    name: input.name ?? row.name,
    company: input.company === undefined ? row.company : input.company,
    level: input.level ?? row.level,
    status: input.status ?? row.status,
    tags: input.tags ?? row.tags,
    region: input.region === undefined ? row.region : input.region,
    industry: input.industry === undefined ? row.industry : input.industry,
    intent: input.intent ?? row.intent,
    neverCall: input.neverCall ?? row.neverCall,
    timeZone: input.timeZone === undefined ? row.timeZone : requireTimeZone(input.timeZone),
    followUpPausedUntil: paused === undefined ? row.followUpPausedUntil : paused === null ? null : new Date(paused),
    marketingConsent: input.marketingConsent?.state ?? row.marketingConsent,
    recordingConsent: input.recordingConsent?.state ?? row.recordingConsent,
    version: row.version + 1,
    updatedAt: new Date(now),
    touchedAt: new Date(now),
  }
}
