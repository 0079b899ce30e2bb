import type { z } from 'zod'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Transaction } from '@loopline/postgres/queryable'
import { newId } from '@loopline/clock/new-id'
import { isId } from '@loopline/vocabulary/ids'
import type { Phone } from '@loopline/vocabulary/phone'
import type { CustomerId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { CreateCustomer, CustomerView } from '@loopline/contracts/customer'
import { scopeOf } from '@loopline/contracts/permissions'
import { failed } from '@loopline/http/coded-error'
import type { Identity } from '@loopline/http/identity-token'
import type { Actor, Deps } from '../deps.ts'
import { crmError } from '../errors.ts'
import { actOnChange } from '../rule/act-on-change.ts'
import { activeUser, countAssigned } from '../team/team.sql.ts'
import { insertTimeline } from '../timeline/timeline.sql.ts'
import { announce } from './announce.ts'
import type { CustomerRow } from './customer-row.ts'
import { insertConsents, insertCustomer, saveGrams } from './customer.sql.ts'
import type { NewConsent } from './customer.sql.ts'
import { gramsOf } from './name-grams.ts'
import { addPhones, readPhones } from './phone-list.ts'
import { requireTimeZone, zoneOfNumber } from './time-zone.ts'
import { viewsOf } from './view-customer.ts'

export type CreateCustomerInput = z.infer<typeof CreateCustomer>

interface Ownership {
  ownerId: UserId | null
  teamId: TeamId | null
}

/** Adds a customer with phones and consents, and announces it; all of it or nothing. A caller has an id before he has a record. */
export async function createCustomer(deps: Deps, actor: Actor, input: CreateCustomerInput, customerId = newId<CustomerId>(deps.clock)): Promise<CustomerView> {
  const phones = readPhones(input.phones)
  return inTransaction(deps.db, async (transaction) => {
    const wanted = newRow(deps, customerId, input, phones, await ownership(transaction, actor, input.ownerId))
    if (wanted.ownerId !== null) await countAssigned(transaction, new Map([[wanted.ownerId, 1]]))
    const stored = await addPhones(transaction, deps.keys, wanted.customerId, phones, 0)
    const { row, causation } = await actOnChange(deps, transaction, wanted, stored)
    await insertCustomer(transaction, row)
    await saveGrams(transaction, row.customerId, gramsOf(row.name, row.company))
    await insertConsents(transaction, consentsIn(row, input, actor.identity))
    await insertTimeline(transaction, [createdItem(row, actor.identity)])
    await announce(transaction, deps.notifier, row, stored, causation)
    const [view] = await viewsOf(deps, transaction, [row])
    return view as CustomerView
  })
}

/**
 * Who gets it: whoever may only touch own rows gets it himself; naming somebody else needs the right to assign. A row
 * without owner stays with the team of whoever made it.
 */
async function ownership(transaction: Transaction, { identity, scope }: Actor, wanted: string | null | undefined): Promise<Ownership> {
  if (scope === 'own') {
    if (wanted !== undefined && wanted !== identity.sub) throw failed('FORBIDDEN', { action: 'customer:assign' })
    return { ownerId: isId(identity.sub) ? (identity.sub as UserId) : null, teamId: identity.teamId as TeamId | null }
  }
  if (wanted === undefined || wanted === null) return { ownerId: null, teamId: identity.teamId as TeamId | null }
  if (scopeOf(identity.role, 'customer:assign') === null) throw failed('FORBIDDEN', { action: 'customer:assign' })
  const owner = await activeUser(transaction, wanted)
  if (!owner) throw crmError('OWNER_UNKNOWN')
  return { ownerId: owner.userId, teamId: owner.teamId }
}

function newRow(deps: Deps, customerId: CustomerId, input: CreateCustomerInput, phones: readonly Phone[], { ownerId, teamId }: Ownership): CustomerRow {
  const now = new Date(deps.clock.now())
  return {
    customerId,
    version: 1,
    deleted: false,
    name: input.name,
    company: input.company ?? null,
    level: input.level ?? 'C',
    status: input.status ?? 'new',
    ownerId,
    teamId,
    tags: input.tags ?? [],
    region: input.region ?? null,
    industry: input.industry ?? null,
    intent: input.intent ?? 'unknown',
    marketingConsent: input.marketingConsent?.state ?? 'unknown',
    recordingConsent: input.recordingConsent?.state ?? 'unknown',
    neverCall: input.neverCall ?? false,
    timeZone: input.timeZone === undefined ? zoneOfNumber((phones[0] as Phone).reveal()) : requireTimeZone(input.timeZone),
    lastFollowUpAt: null,
    followUpPausedUntil: input.followUpPausedUntil ? new Date(input.followUpPausedUntil) : null,
    lastOutcome: null,
    lastCalledAt: null,
    noAnswerStreak: 0,
    rejectedCount: 0,
    attemptCount: 0,
    createdAt: now,
    updatedAt: now,
    touchedAt: now,
    sandbox: deps.sandbox ?? false,
    importId: null,
  }
}

/** The consents that the input states, as rows of their history. */
export function consentsIn(row: CustomerRow, input: Pick<CreateCustomerInput, 'marketingConsent' | 'recordingConsent'>, identity: Identity): NewConsent[] {
  const stated = [['marketing', input.marketingConsent], ['recording', input.recordingConsent]] as const
  return stated.flatMap(([purpose, consent]) => (consent === undefined ? [] : [{
    customerId: row.customerId, id: newId(), purpose, state: consent.state, source: consent.source, at: new Date(consent.at),
    recordedAt: row.updatedAt, actorId: identity.sub,
  }]))
}

function createdItem(row: CustomerRow, { sub, name }: Identity) {
  return { customerId: row.customerId, id: newId(), at: row.createdAt, kind: 'created' as const, actorId: sub, actorName: name, body: {} }
}
