import { createHash } from 'node:crypto'
import type { CustomerId, PhoneId } from '@loopline/vocabulary/ids'
import type { InboundDecision, InboundOffer } from '@loopline/contracts/inbound'
import { keepPersons, readPersons } from '../audience/person.sql.ts'
import type { Person } from '../audience/person.sql.ts'
import type { Dialer } from '../dialer.ts'
import { findNumber, keepNumbers } from './inbound.sql.ts'
import type { StoredInbound } from './inbound.sql.ts'

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
export async function whoCalls(dialer: Dialer, { from, attemptId }: InboundOffer, isSandboxLine: boolean): Promise<Caller> {
  if (from === null) return { ...stranger(Buffer.from(attemptId)), kind: 'withheld' }
  const blindIndex = Buffer.from(from.blindIndex, 'base64')
  const known = (await askCrm(dialer, from.blindIndex)) ?? (await findNumber(dialer.db, blindIndex))
  const person = known && (await readPersons(dialer.db, [known.customerId])).get(known.customerId)
  if (!known || !person || person.state.deleted || person.state.sandbox !== isSandboxLine) return stranger(blindIndex)
  return { kind: 'customer', ...known, person }
}

/** Who was found to call when it was written down: he stays who he is, whatever crm says meanwhile. */
export async function whoCalled(dialer: Dialer, { customerId, phoneId, decision }: StoredInbound): Promise<Caller> {
  const kind = decision.inbound?.caller ?? 'unknown'
  const person = kind === 'customer' ? ((await readPersons(dialer.db, [customerId])).get(customerId) ?? null) : null
  return { kind, customerId, phoneId, person }
}

/** Whom crm knows by this number, kept here from now on; undefined when it knows nobody, or does not answer in time. */
async function askCrm(dialer: Dialer, blindIndex: string): Promise<{ customerId: CustomerId; phoneId: PhoneId } | undefined> {
  if (dialer.crm === null) return undefined
  try {
    const found = await dialer.crm.customerByPhone(blindIndex)
    if (found === null) return undefined
    const { customerId } = found.customer
    await keepPersons(dialer.db, [found.customer], true)
    await keepNumbers(dialer.db, [{ blindIndex: Buffer.from(blindIndex, 'base64'), customerId, phoneId: found.phoneId }])
    return { customerId, phoneId: found.phoneId }
  } catch (error) {
    dialer.log.warn({ err: error }, 'crm could not say who calls')
    return undefined
  }
}

/** @param mark what this caller has in common with his other calls. */
function stranger(mark: Buffer): Caller {
  return { kind: 'unknown', customerId: uuidv8('caller', mark) as CustomerId, phoneId: uuidv8('phone', mark) as PhoneId, person: null }
}

/** UUIDv8 (RFC 9562 §5.8) of a hash: the index itself is a key and stays where it is. */
function uuidv8(use: string, mark: Buffer): string {
  const hash = createHash('sha256').update(use).update(mark).digest()
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80
  const hex = hash.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
