import { createHash } from 'node:crypto'
import { bucketOf } from '@loopline/vocabulary/bucket'
import type { CampaignId, CustomerId, PhoneId } from '@loopline/vocabulary/ids'
import { Phone, isE164 } from '@loopline/vocabulary/phone'
import type { AddEntries } from '@loopline/contracts/campaign'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import type { z } from 'zod'
import { addEntries } from '../audience/entry.sql.ts'
import type { PlacedEntry } from '../audience/entry.sql.ts'
import { keepConsentProofs, keepPersons, readPersons } from '../audience/person.sql.ts'
import type { Person } from '../audience/person.sql.ts'
import { placementOf } from '../audience/placement.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { keepNumbers } from '../inbound/inbound.sql.ts'
import { raiseListVersion, readCampaign } from './campaign.sql.ts'

type Wanted = z.infer<typeof AddEntries>['entries'][number]

export interface Added {
  added: number
  known: number
  /** In the order of the entries given: results are told by these ids. */
  customerIds: CustomerId[]
}

/**
 * Enters people by API, for a dialer without crm. Who it is follows from `externalId` alone (a UUIDv5), so that saying it
 * twice enters once; a changed number or consent makes a new version of the person.
 *
 * @throws PHONE_INVALID naming every entry whose number is not understood; then none is entered.
 */
export async function enterByApi(dialer: Dialer, campaignId: CampaignId, entries: readonly Wanted[]): Promise<Added> {
  const campaign = await readCampaign(dialer.db, campaignId)
  if (!campaign) throw failed('CAMPAIGN_NOT_FOUND', { campaignId })
  if (campaign.state === 'stopped' || campaign.state === 'finished') throw failed('CAMPAIGN_STATE_WRONG', { state: campaign.state })
  const rules = dialer.knowledge.rules
  if (!rules) throw failed('RULES_UNKNOWN')
  const people = new Map(entries.map((entry) => [customerIdOf(entry.externalId), entry]))
  mustBePhones(entries)
  const now = dialer.clock.now()
  const moves = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    const known = await readPersons(transaction, [...people.keys()])
    const states = [...people].map(([customerId, entry]) => stateOf(dialer, customerId, entry, known.get(customerId), now))
    await keepPersons(transaction, states, true, dialer.keys)
    await keepConsentProofs(transaction, [...people].map(([customerId, { consent }]) => ({ customerId, proof: consent })))
    const placed: PlacedEntry[] = states.map((state) => {
      const { priority } = people.get(state.customerId) as Wanted
      const placement = placementOf(state, { audience: null, rules, gate: dialer.knowledge.gate, now }, priority)
      return { bucket: bucketOf(state.customerId), customerId: state.customerId, campaignId, byApi: true, placement }
    })
    const added = await addEntries(transaction, placed.toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1)), now)
    await raiseListVersion(transaction, campaignId)
    return added
  }))
  await keepNumbers(dialer.db, [...people].map(([customerId, { phone }]) => numberOf(dialer, customerId, phoneOf(phone) as Phone)))
  dialer.campaigns.applyMoves(moves)
  dialer.campaigns.get(campaignId)?.knowsOwnChange(moves.every((move) => dialer.slots.owns(move.bucket)))
  return { added: moves.length, known: people.size - moves.length, customerIds: entries.map((entry) => customerIdOf(entry.externalId)) }
}

/** UUIDv5 (RFC 9562 §5.5) under a name space of our own. */
const NAME_SPACE = Buffer.from('6b1f3f0c9d0a5c5e8f7e1b2c3d4e5f60', 'hex')

function uuidv5(name: string): string {
  const hash = createHash('sha1').update(NAME_SPACE).update(name).digest()
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80
  const hex = hash.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export const customerIdOf = (externalId: string): CustomerId => uuidv5(`customer:${externalId}`) as CustomerId

/** E.164, or a Chinese mobile number as people write it. */
function phoneOf(text: string): Phone | null {
  const bare = text.replaceAll(/[\s()-]/g, '')
  const number = /^1[3-9]\d{9}$/.test(bare) ? `+86${bare}` : bare
  return isE164(number) ? new Phone(number) : null
}

function mustBePhones(entries: readonly Wanted[]): void {
  const wrong = entries.flatMap((entry, index) => (phoneOf(entry.phone) ? [] : [index]))
  if (wrong.length > 0) throw failed('PHONE_INVALID', { entries: wrong })
}

/** The person as crm would tell it; the version rises only when something changed. */
function stateOf(dialer: Dialer, customerId: CustomerId, entry: Wanted, known: Person | undefined, now: number): CustomerState {
  const phone = phoneOf(entry.phone) as Phone
  const before = known?.state
  if (before && isSame(dialer, before, entry, phone)) return before
  const sealed = dialer.keys.sealPhone(phone, customerId).toString('base64')
  return {
    ...(before ?? nobody(customerId, now)), version: (before?.version ?? 0) + 1, marketingConsent: entry.consent.state, timeZone: entry.timeZone,
    sandbox: entry.sandbox, updatedAt: now, phones: [{ phoneId: phoneIdOf(customerId, phone), position: 0, sealed, state: 'usable' }],
  }
}

const phoneIdOf = (customerId: CustomerId, phone: Phone): PhoneId => uuidv5(`phone:${customerId}:${phone.reveal()}`) as PhoneId

/** By what he is known when he calls back. */
const numberOf = ({ keys }: Dialer, customerId: CustomerId, phone: Phone) => ({ customerId, phoneId: phoneIdOf(customerId, phone), blindIndex: keys.blindIndex(phone.reveal()) })

function isSame(dialer: Dialer, state: CustomerState, entry: Wanted, phone: Phone): boolean {
  const [known] = state.phones
  if (!known || state.marketingConsent !== entry.consent.state || state.timeZone !== entry.timeZone || state.sandbox !== entry.sandbox) return false
  return dialer.keys.openPhone(Buffer.from(known.sealed, 'base64'), state.customerId).reveal() === phone.reveal()
}

function nobody(customerId: CustomerId, now: number): CustomerState {
  return {
    customerId, version: 0, deleted: false, name: '', company: null, level: 'C', status: 'new', ownerId: null, teamId: null, tags: [], region: null, industry: null,
    intent: 'unknown', marketingConsent: 'unknown', recordingConsent: 'unknown', neverCall: false, timeZone: null, lastFollowUpAt: null, followUpPausedUntil: null,
    lastOutcome: null, lastCalledAt: null, noAnswerStreak: 0, rejectedCount: 0, attemptCount: 0, createdAt: now, updatedAt: now, sandbox: false, phones: [],
  }
}
