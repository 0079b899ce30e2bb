import { newId } from '@loopline/clock/new-id'
import type { z } from 'zod'
import type { CreateDncList, DncChanged, DncHits, DncListView } from '@loopline/contracts/dnc'
import type { Identity } from '@loopline/http/identity-token'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import { Phone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import type { CampaignId } from '@loopline/vocabulary/ids'
import { audited } from '../campaign/change-campaign.ts'
import { readCampaign } from '../campaign/campaign.sql.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { OWN_LIST, countNumbers, deleteList, deleteNumber, findNumber, insertList, insertNumbers, readList, readLists, wakeListed } from './list.sql.ts'
import type { DncList } from './list.sql.ts'
import { listsChanged } from './lists-changed.ts'
import { toE164 } from './number-line.ts'

type View = z.infer<typeof DncListView>

export async function viewLists(dialer: Dialer): Promise<{ items: View[] }> {
  return { items: (await readLists(dialer.db)).map(({ copyId: _copy, updatedAt, ...list }) => ({ ...list, updatedAt: updatedAt.toISOString() })) }
}

export async function createList(dialer: Dialer, identity: Identity, wanted: CreateDncList): Promise<View> {
  if (wanted.kind === 'campaign' && !(await readCampaign(dialer.db, wanted.campaignId as CampaignId))) throw failed('CAMPAIGN_NOT_FOUND', { campaignId: wanted.campaignId })
  const listId = newId(dialer.clock)
  await audited(dialer, identity, 'dnc:create-list', listId, { ...wanted })
  await insertList(dialer.db, { listId, copyId: newId(dialer.clock) }, wanted, new Date(dialer.clock.now()))
  return (await viewLists(dialer)).items.find((list) => list.listId === listId) as View
}

/** @throws DNC_LIST_NOT_FOUND · DNC_LIST_KEPT for the company's own, into which refusals go */
export async function removeList(dialer: Dialer, identity: Identity, listId: string, reason: string): Promise<{ listId: string }> {
  const list = await mustBeList(dialer, listId)
  if (listId === OWN_LIST) throw failed('DNC_LIST_KEPT')
  await audited(dialer, identity, 'dnc:remove-list', listId, { name: list.name, kind: list.kind, numbers: list.numbers, reason })
  await inTransaction(dialer.db, async (transaction) => {
    await deleteList(transaction, list)
    await wakeListed(transaction, new Date(dialer.clock.now()))
  })
  await listsChanged(dialer)
  return { listId }
}

/** Puts one number on a list; from the answer on nobody calls it. @throws PHONE_INVALID · DNC_LIST_NOT_FOUND · DNC_LIST_IS_COPY */
export async function addNumber(dialer: Dialer, identity: Identity, listId: string, { phone, reason }: { phone: string; reason: string }): Promise<z.infer<typeof DncChanged>> {
  const number = mustBeNumber(phone)
  await mustBeOurs(dialer, listId)
  await audited(dialer, identity, 'dnc:add', listId, { phone: new Phone(number).toString(), reason })
  const blind = dialer.keys.blindIndexHex(number)
  const now = new Date(dialer.clock.now())
  const done = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    const list = await readList(transaction, listId)
    if (!list) throw failed('DNC_LIST_NOT_FOUND')
    const added = await insertNumbers(transaction, list.copyId, [{ blind, reason }], { addedBy: identity.sub, now })
    return { listId, changed: added === 1, numbers: await countNumbers(transaction, listId, added, now) }
  }))
  await listsChanged(dialer)
  return done
}

/** Takes one number off a list, with the reason in the audit. */
export async function removeNumber(dialer: Dialer, identity: Identity, listId: string, { phone, reason }: { phone: string; reason: string }): Promise<z.infer<typeof DncChanged>> {
  const number = mustBeNumber(phone)
  await mustBeOurs(dialer, listId)
  await audited(dialer, identity, 'dnc:remove', listId, { phone: new Phone(number).toString(), reason })
  const now = new Date(dialer.clock.now())
  const done = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    const list = await readList(transaction, listId)
    if (!list) throw failed('DNC_LIST_NOT_FOUND')
    const removed = await deleteNumber(transaction, list.copyId, dialer.keys.blindIndexHex(number))
    const numbers = await countNumbers(transaction, listId, removed ? -1 : 0, now)
    if (removed) await wakeListed(transaction, now)
    return { listId, changed: removed, numbers }
  }))
  await listsChanged(dialer)
  return done
}

/** The lists that hold exactly this number. @throws PHONE_INVALID */
export async function searchNumber(dialer: Dialer, phone: string): Promise<z.infer<typeof DncHits>> {
  const hits = await findNumber(dialer.db, dialer.keys.blindIndexHex(mustBeNumber(phone)))
  return { items: hits.map((hit) => ({ ...hit, addedAt: hit.addedAt.toISOString() })) }
}

async function mustBeList(dialer: Dialer, listId: string): Promise<DncList> {
  const list = await readList(dialer.db, listId)
  if (!list) throw failed('DNC_LIST_NOT_FOUND')
  return list
}

/** A copy of a registry says what the registry says: it is replaced, never edited. */
async function mustBeOurs(dialer: Dialer, listId: string): Promise<void> {
  if ((await mustBeList(dialer, listId)).kind === 'registry') throw failed('DNC_LIST_IS_COPY')
}

function mustBeNumber(text: string): E164 {
  const number = toE164(text)
  if (!number) throw failed('PHONE_INVALID', { entries: [0] })
  return number
}
