import type { CallbackView } from '@loopline/contracts/callback'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { Actor } from '../attempt/scope.ts'
import { scopedTo } from '../attempt/scope.ts'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { cancelCallback, findCallback, moveCallback, openCallbacks } from './open-callbacks.sql.ts'
import type { CallbackFilter, OpenCallback } from './open-callbacks.sql.ts'
import { mayPromise } from './promise-callback.ts'

/** Open promises that this person may see, the earliest first. `cursor`: the instant and the id of the last one. */
export async function pageOfCallbacks(dialer: Dialer, actor: Actor, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<{ items: CallbackView[]; next: string | null }> {
  const rows = await openCallbacks(dialer.db, filterOf(actor), positionOf(cursor), limit)
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { items: rows.map((row) => viewOf(row, dialer.clock.now())), next: last ? `${last.at.getTime()}.${last.callbackId}` : null }
}

/**
 * Promises another time, checked as when it was promised first.
 * @throws CALLBACK_NOT_FOUND, CALLBACK_NOT_ALLOWED with the reasons
 */
export async function rescheduleCallback(dialer: Dialer, actor: Actor, callbackId: string, { at, reason }: { at: string; reason: string }): Promise<void> {
  const { customerId } = await mustFind(dialer, actor, callbackId)
  await mayPromise(dialer, { customerId, at: new Date(at) }, callbackId)
  await audited(dialer, actor.identity, 'callback:reschedule', customerId, { callbackId, at, reason })
  if (!(await moveCallback(dialer.db, changeOf(dialer, actor, customerId, callbackId, reason), new Date(at)))) throw failed('CALLBACK_NOT_FOUND')
}

/** @throws CALLBACK_NOT_FOUND */
export async function withdrawCallback(dialer: Dialer, actor: Actor, callbackId: string, reason: string): Promise<void> {
  const { customerId } = await mustFind(dialer, actor, callbackId)
  await audited(dialer, actor.identity, 'callback:cancel', customerId, { callbackId, reason })
  if (!(await cancelCallback(dialer.db, changeOf(dialer, actor, customerId, callbackId, reason)))) throw failed('CALLBACK_NOT_FOUND')
}

function filterOf(actor: Actor): CallbackFilter {
  const { ownerId, teamId } = scopedTo(actor)
  return { sellerId: ownerId, teamId: ownerId === null ? teamId : (actor.identity.teamId ?? null) }
}

function positionOf(cursor: string | undefined): { at: Date; id: string } | null {
  const [, at, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(cursor ?? '') ?? []
  return at === undefined || id === undefined ? null : { at: new Date(Number(at)), id }
}

async function mustFind(dialer: Dialer, actor: Actor, callbackId: string): Promise<{ customerId: CustomerId }> {
  const found = await findCallback(dialer.db, callbackId, filterOf(actor))
  if (!found) throw failed('CALLBACK_NOT_FOUND')
  return found
}

function changeOf({ clock }: Dialer, { identity }: Actor, customerId: CustomerId, callbackId: string, reason: string): Parameters<typeof cancelCallback>[1] {
  return { customerId, callbackId, by: identity.sub, now: new Date(clock.now()), reason }
}

/** Within so much of its time a promise is kept to the minute. */
const IN_TIME_MS = 60_000

function viewOf({ at, ...row }: OpenCallback, now: number): CallbackView {
  const lateMs = now - at.getTime()
  return { ...row, at: at.toISOString(), lateMs: lateMs > IN_TIME_MS ? lateMs : null }
}
