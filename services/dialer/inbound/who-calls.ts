import { newId } from '@loopline/clock/new-id'
import type { CustomerId, PhoneId } from '@loopline/vocabulary/ids'
import type { InboundDecision, InboundOffer } from '@loopline/contracts/inbound'
import { keepPersons, readPersons } from '../audience/person.sql.ts'
import type { Person } from '../audience/person.sql.ts'
import type { Dialer } from '../dialer.ts'
import { findNumber, keepNumbers, keepStranger } from './inbound.sql.ts'
import type { KnownNumber, StoredInbound } from './inbound.sql.ts'

/** Who calls. A caller without a record has an id of his own, the same for each call from the same number. */
export interface Caller {
  kind: InboundDecision['caller']
  customerId: CustomerId
  phoneId: PhoneId
  person: Person | null
}

/**
 * Whose number it is: crm is asked first, because a number may have changed hands there; while it is away, or where there
 * is none, what the dialer has learnt itself. A synthetic person is known on sandbox lines only, a real one never on those.
 */
export async function whoCalls(dialer: Dialer, { from }: InboundOffer, isSandboxLine: boolean): Promise<Caller> {
  if (from === null) return { kind: 'withheld', ...newIds(dialer), person: null }
  const blindIndex = Buffer.from(from.blindIndex, 'base64')
  const asked = await askCrm(dialer, from.blindIndex)
  const learnt = await findNumber(dialer.db, blindIndex)
  const owner = asked === 'away' ? learnt : asked
  const person = await personOf(dialer, owner)
  if (owner && person && !person.state.deleted && person.state.sandbox === isSandboxLine) return { kind: 'customer', ...owner, person }
  return stranger(dialer, blindIndex, learnt)
}

/** Who was found to call when it was written down: he stays who he is, whatever crm says meanwhile. */
export async function whoCalled(dialer: Dialer, { customerId, phoneId, decision }: StoredInbound): Promise<Caller> {
  const kind = decision.inbound?.caller ?? 'unknown'
  return { kind, customerId, phoneId, person: kind === 'customer' ? await personOf(dialer, { customerId, phoneId }) : null }
}

const personOf = async (dialer: Dialer, owner: KnownNumber | null | undefined): Promise<Person | null> =>
  (owner ? ((await readPersons(dialer.db, [owner.customerId])).get(owner.customerId) ?? null) : null)

/** Whom crm knows by this number, kept here from now on; null when it knows nobody, `away` when it does not answer in time. */
async function askCrm(dialer: Dialer, blindIndex: string): Promise<KnownNumber | null | 'away'> {
  if (dialer.crm === null) return 'away'
  try {
    const found = await dialer.crm.customerByPhone(blindIndex)
    if (found === null) return null
    const { customerId } = found.customer
    await keepPersons(dialer.db, [found.customer], true, dialer.keys)
    await keepNumbers(dialer.db, [{ blindIndex: Buffer.from(blindIndex, 'base64'), customerId, phoneId: found.phoneId }])
    return { customerId, phoneId: found.phoneId }
  } catch (error) {
    dialer.log.warn({ err: error }, 'crm could not say who calls')
    return 'away'
  }
}

/** Somebody without a record: known by ids of his own from his first call on, unless the number is that of somebody who has one. */
async function stranger(dialer: Dialer, blindIndex: Buffer, learnt: KnownNumber | undefined): Promise<Caller> {
  if (learnt && (await personOf(dialer, learnt)) === null) return { kind: 'unknown', ...learnt, person: null }
  const ids = newIds(dialer)
  if (!learnt) return { kind: 'unknown', ...(await keepStranger(dialer.db, { blindIndex, ...ids })), person: null }
  await keepNumbers(dialer.db, [{ blindIndex, ...ids }])
  return { kind: 'unknown', ...ids, person: null }
}

const newIds = ({ clock }: Dialer): KnownNumber => ({ customerId: newId<CustomerId>(clock), phoneId: newId<PhoneId>(clock) })
