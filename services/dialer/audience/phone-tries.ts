import type { Outcome } from '@loopline/vocabulary/outcome'
import type { CustomerId, PhoneId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import type { SealedPhone } from '@loopline/contracts/customer-event'

/** What came of the calls to one telephone, over all campaigns and calls by hand. */
export interface PhoneTries {
  tries: number
  answered: number
  /** Since the last answer. */
  unansweredInARow: number
  /** A carrier said for certain that the number does not exist: it is never dialled again. */
  invalid: boolean
}

/** Phone id → its tries; a phone that was never tried is absent. */
export type TriesOfPhones = Record<string, PhoneTries>

const UNTRIED: PhoneTries = { tries: 0, answered: 0, unansweredInARow: 0, invalid: false }
/** Said nothing about the telephone: it was never reached. */
const NOTHING_LEARNT: ReadonlySet<Outcome> = new Set<Outcome>(['line-failed', 'cancelled', 'blocked', 'unknown'])

export type PhoneReason = 'only' | 'named' | 'first' | 'alternative' | 'answered-before'

export interface ChosenPhone {
  phone: SealedPhone
  reason: PhoneReason
}

/**
 * The telephone that promises most: the one with the fewest calls in a row that nobody answered, of equals the one that was
 * answered more often, then the customer's own order. `named`: a person asks for this one. Undefined: none may be dialled.
 */
export function bestPhone(phones: readonly SealedPhone[], tries: TriesOfPhones | null | undefined, named: string | null): ChosenPhone | undefined {
  const of = ({ phoneId }: SealedPhone): PhoneTries => tries?.[phoneId] ?? UNTRIED
  const usable = phones.filter((phone) => phone.state === 'usable' && !of(phone).invalid)
  if (named !== null) {
    const phone = usable.find(({ phoneId }) => phoneId === named)
    return phone && { phone, reason: 'named' }
  }
  const inOrder = usable.toSorted((a, b) => a.position - b.position)
  const [first] = inOrder
  if (!first) return undefined
  if (inOrder.length === 1) return { phone: first, reason: 'only' }
  const [best = first] = inOrder.toSorted((a, b) => of(a).unansweredInARow - of(b).unansweredInARow || of(b).answered - of(a).answered)
  if (best === first) return { phone: first, reason: 'first' }
  return { phone: best, reason: of(best).answered > 0 ? 'answered-before' : 'alternative' }
}

/** Whether another telephone could still be dialled when this one turns out not to exist. */
export function hasAlternative(phones: readonly SealedPhone[], tries: TriesOfPhones | null | undefined, phoneId: PhoneId): boolean {
  return bestPhone(phones.filter((phone) => phone.phoneId !== phoneId), tries, null) !== undefined
}

/** Takes back what calls said of telephones whose line turned out to be broken. */
export async function takeBackPhoneTries(queryable: Queryable, held: readonly { customerId: CustomerId; phoneId: PhoneId }[]): Promise<void> {
  if (held.length === 0) return
  const rows = held.map(({ customerId, phoneId }) => ({ id: customerId, phone: phoneId }))
  await queryable.execute`
    update dialer.person p
       set phone_tries = p.phone_tries || jsonb_build_object(w.phone, (p.phone_tries -> w.phone) || jsonb_build_object(
             'tries', greatest(0, (p.phone_tries -> w.phone ->> 'tries')::integer - w.count),
             'unansweredInARow', greatest(0, (p.phone_tries -> w.phone ->> 'unansweredInARow')::integer - w.count), 'invalid', false))
      from (select id, phone, count(*)::integer as count from json_to_recordset(${json(rows)}::json) as given(id uuid, phone text) group by id, phone order by id) w
     where p.customer_id = w.id and p.phone_tries ? w.phone`
}

export interface PhoneEnd {
  customerId: CustomerId
  phoneId: PhoneId
  outcome: Outcome
  conclusive: boolean
}

/** Counts how calls to telephones ended, in the transaction of their outcomes: at most one end a person. */
export async function keepPhoneTries(queryable: Queryable, ends: readonly PhoneEnd[]): Promise<void> {
  const rows = ends.filter(({ outcome }) => !NOTHING_LEARNT.has(outcome)).map(({ customerId, phoneId, outcome, conclusive }) =>
    ({ id: customerId, phone: phoneId, answered: outcome === 'connected' || outcome === 'abandoned', invalid: outcome === 'invalid-number' && conclusive }))
  if (rows.length === 0) return
  await queryable.execute`
    update dialer.person p
       set phone_tries = coalesce(p.phone_tries, '{}'::jsonb) || jsonb_build_object(w.phone, jsonb_build_object(
             'tries', coalesce((p.phone_tries -> w.phone ->> 'tries')::integer, 0) + 1,
             'answered', coalesce((p.phone_tries -> w.phone ->> 'answered')::integer, 0) + w.answered::integer,
             'unansweredInARow', case when w.answered then 0 else coalesce((p.phone_tries -> w.phone ->> 'unansweredInARow')::integer, 0) + 1 end,
             'invalid', w.invalid))
      from (select * from json_to_recordset(${json(rows)}::json) as given(id uuid, phone text, answered boolean, invalid boolean) order by id) w
     where p.customer_id = w.id`
}
