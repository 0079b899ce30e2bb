import type { Keyring } from '@loopline/keys/keyring'
import { maskPhone } from '@loopline/vocabulary/phone'
import type { ImportId, PhoneId } from '@loopline/vocabulary/ids'
import type { CustomerState, SealedPhone } from '@loopline/contracts/customer-event'
import type { CustomerView } from '@loopline/contracts/customer'

type Instants = 'lastFollowUpAt' | 'followUpPausedUntil' | 'lastCalledAt'

/** A row of crm.customer. */
export type CustomerRow = Omit<CustomerState, 'phones' | 'createdAt' | 'updatedAt' | Instants>
  & Record<Instants, Date | null>
  & { createdAt: Date; updatedAt: Date; touchedAt: Date; importId: ImportId | null }

/** A row of crm.phone without its indexes. */
export interface PhoneRow {
  customerId: string
  phoneId: PhoneId
  position: number
  sealed: Buffer
  state: 'usable' | 'invalid'
}

/** The newest consent of one purpose. */
export interface ConsentRow {
  customerId: string
  purpose: 'marketing' | 'recording'
  state: CustomerState['marketingConsent']
  source: string | null
  at: Date
}

/** Column → key, in the order of `crm.customer c`. */
export const CUSTOMER_COLUMNS = `c.customer_id as "customerId", c.version, c.deleted, c.name, c.company, c.level, c.status,
  c.owner_id as "ownerId", c.team_id as "teamId", c.tags, c.region, c.industry, c.intent,
  c.marketing_consent as "marketingConsent", c.recording_consent as "recordingConsent", c.never_call as "neverCall",
  c.time_zone as "timeZone", c.last_follow_up_at as "lastFollowUpAt", c.follow_up_paused_until as "followUpPausedUntil",
  c.last_outcome as "lastOutcome", c.last_called_at as "lastCalledAt", c.no_answer_streak as "noAnswerStreak",
  c.rejected_count as "rejectedCount", c.attempt_count as "attemptCount", c.created_at as "createdAt",
  c.updated_at as "updatedAt", c.touched_at as "touchedAt", c.sandbox, c.import_id as "importId"`

const unixMs = (at: Date | null): number | null => (at === null ? null : at.getTime())
const isoText = (at: Date | null): string | null => (at === null ? null : at.toISOString())

/** The customer as it travels in events: no number in clear. */
export function stateOf(row: CustomerRow, phones: readonly PhoneRow[]): CustomerState {
  return {
    customerId: row.customerId,
    version: row.version,
    deleted: row.deleted,
    name: row.name,
    company: row.company,
    level: row.level,
    status: row.status,
    ownerId: row.ownerId,
    teamId: row.teamId,
    tags: row.tags,
    region: row.region,
    industry: row.industry,
    intent: row.intent,
    marketingConsent: row.marketingConsent,
    recordingConsent: row.recordingConsent,
    neverCall: row.neverCall,
    timeZone: row.timeZone,
    lastFollowUpAt: unixMs(row.lastFollowUpAt),
    followUpPausedUntil: unixMs(row.followUpPausedUntil),
    lastOutcome: row.lastOutcome,
    lastCalledAt: unixMs(row.lastCalledAt),
    noAnswerStreak: row.noAnswerStreak,
    rejectedCount: row.rejectedCount,
    attemptCount: row.attemptCount,
    createdAt: row.createdAt.getTime(),
    updatedAt: row.updatedAt.getTime(),
    sandbox: row.sandbox,
    phones: phones.map(sealedPhone),
  }
}

function sealedPhone({ phoneId, position, sealed, state }: PhoneRow): SealedPhone {
  return { phoneId, position, sealed: sealed.toString('base64'), state }
}

/** The customer as people see it: numbers masked. */
export function viewOf(row: CustomerRow, phones: readonly PhoneRow[], consents: readonly ConsentRow[], keys: Keyring): CustomerView {
  const { deleted: _deleted, touchedAt: _touchedAt, importId: _importId, ...fields } = row
  return {
    ...fields,
    lastFollowUpAt: isoText(row.lastFollowUpAt),
    followUpPausedUntil: isoText(row.followUpPausedUntil),
    lastCalledAt: isoText(row.lastCalledAt),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    consents: consents.map(({ purpose, state, source, at }) => ({ purpose, state, source, at: at.toISOString() })),
    phones: phones.map(({ phoneId, position, sealed, state }) => ({
      phoneId, position, state, masked: maskPhone(keys.openPhone(sealed, row.customerId).reveal()),
    })),
  }
}

/** Rows of one kind by customer, each in the given order. */
export function byCustomer<Row extends { customerId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.customerId)
    if (group) group.push(row)
    else groups.set(row.customerId, [row])
  }
  return groups
}
