import { explain } from '@loopline/gate/may-dial'
import { findPerson } from '../audience/find-person.ts'
import type { Dialer } from '../dialer.ts'
import { gateFacts } from '../dialing/decide.ts'
import { failed } from '../errors.ts'
import type { Promised } from './callback.sql.ts'
import { countPromised } from './callback.sql.ts'

const HALF_A_DAY_MS = 12 * 3_600_000

/**
 * Asks the gate now what it would say then, with the calls that are promised for that day counted in: what may not be
 * called is not promised. `movedId`: the promise that is moved there is not counted in beside itself.
 * @throws CALLBACK_NOT_ALLOWED with the reasons
 */
export async function mayPromise(dialer: Dialer, { customerId, at }: Pick<Promised, 'customerId' | 'at'>, movedId: string | null = null): Promise<void> {
  const refuse = (...reasons: { reason: string; until: string | null }[]): never => { throw failed('CALLBACK_NOT_ALLOWED', { reasons }) }
  if (at.getTime() <= dialer.clock.now()) refuse({ reason: 'in-the-past', until: null })
  const person = await findPerson(dialer, customerId)
  if (!person) return refuse({ reason: 'facts-missing', until: null })
  const { calleeOffsetMs } = dialer.knowledge
  const gate = dialer.knowledge.gateFor(person)
  const calleeThen = at.getTime() + calleeOffsetMs
  const cap = gate.pack?.attemptsPerDayMax ?? 0
  const facts = gateFacts({ person, origin: { kind: 'manual' }, campaignId: null, cap }, { gate, calleeNow: calleeThen, now: at.getTime() })
  const promised = await countPromised(dialer.db, customerId, new Date(at.getTime() - HALF_A_DAY_MS), new Date(at.getTime() + HALF_A_DAY_MS), movedId)
  const all = explain({ ...facts, attemptsToday: (facts.attemptsToday ?? 0) + promised }, calleeThen, gate)
  if (all.length > 0) refuse(...all.map(({ reason, retryAt }) => ({ reason, until: retryAt === null ? null : new Date(retryAt - calleeOffsetMs).toISOString() })))
}
