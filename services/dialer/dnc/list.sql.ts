import type { z } from 'zod'
import type { CreateDncList, DncListView } from '@loopline/contracts/dnc'
import type { Queryable } from '@loopline/postgres/queryable'

/** The company's own list, which every installation has from the first start on. */
export const OWN_LIST = '00000000-0000-7000-8000-000000000d0c'

export interface DncList {
  listId: string
  kind: 'own' | 'campaign' | 'registry'
  name: string
  campaignId: string | null
  registry: string | null
  copiedOn: string | null
  copyId: string
  numbers: number
  updatedAt: Date
}

type WithImport = DncList & { lastImport: z.infer<typeof DncListView>['lastImport'] }

export function readLists(queryable: Queryable): Promise<WithImport[]> {
  return queryable.sql<WithImport>`
    select l.list_id as "listId", l.kind, l.name, l.campaign_id as "campaignId", l.registry, l.copied_on as "copiedOn", l.copy_id as "copyId", l.numbers, l.updated_at as "updatedAt",
           (select json_build_object('importId', i.import_id, 'state', i.state, 'fileName', i.file_name, 'startedAt', i.started_at)
              from dialer.dnc_import i where i.list_id = l.list_id order by i.import_id desc limit 1) as "lastImport"
      from dialer.dnc_list l order by array_position(array['own', 'campaign', 'registry'], l.kind), l.created_at`
}

export async function readList(queryable: Queryable, listId: string): Promise<DncList | undefined> {
  const [row] = await queryable.sql<DncList>`
    select list_id as "listId", kind, name, campaign_id as "campaignId", registry, copied_on as "copiedOn", copy_id as "copyId", numbers, updated_at as "updatedAt"
      from dialer.dnc_list where list_id = ${listId}`
  return row
}

export async function insertList(queryable: Queryable, ids: { listId: string; copyId: string }, list: CreateDncList, now: Date): Promise<void> {
  await queryable.execute`
    insert into dialer.dnc_list (list_id, kind, name, campaign_id, registry, copy_id, created_at, updated_at)
    values (${ids.listId}, ${list.kind}, ${list.name}, ${list.kind === 'campaign' ? list.campaignId : null}, ${list.kind === 'registry' ? list.registry : null}, ${ids.copyId}, ${now}, ${now})`
}

/** Removes the list in the caller's transaction; its numbers count no more from its commit on, and are swept later. */
export async function deleteList(queryable: Queryable, { listId, copyId }: Pick<DncList, 'listId' | 'copyId'>): Promise<void> {
  await queryable.execute`insert into dialer.dnc_dead_copy (copy_id) values (${copyId}) on conflict do nothing`
  await queryable.execute`delete from dialer.dnc_list where list_id = ${listId}`
}

/** Day of the newest copy of each registry. */
export async function readRegistryCopies(queryable: Queryable): Promise<Record<string, number>> {
  const rows = await queryable.sql<{ registry: string; copiedOn: string }>`
    select registry, max(copied_on) as "copiedOn" from dialer.dnc_list where kind = 'registry' and copied_on is not null group by registry`
  return Object.fromEntries(rows.map(({ registry, copiedOn }) => [registry, Date.parse(copiedOn)]))
}

export interface NewNumber {
  /** In hexadecimal. */
  blind: string
  reason: string | null
}

/**
 * Puts numbers into a copy; one that is there stays as it is. Sorted by the caller: neighbours share pages of the index, and
 * two writers never wait for each other in a circle. Answers how many are new.
 */
export async function insertNumbers(queryable: Queryable, copyId: string, numbers: readonly NewNumber[], by: { addedBy: string; now: Date }): Promise<number> {
  if (numbers.length === 0) return 0
  return queryable.execute`
    insert into dialer.dnc (blind_index, copy_id, reason, added_by, added_at)
    select w.blind, ${copyId}::uuid, w.reason, ${by.addedBy}, ${by.now}
      from unnest(${byteaArray(numbers)}::bytea[], ${numbers.map((one) => one.reason)}::text[]) as w(blind, reason)
    on conflict do nothing`
}

/** A text in array form: one parameter without quotes costs a third of the array's own form. */
const byteaArray = (numbers: readonly NewNumber[]): string => `{${numbers.map(({ blind }) => `"\\\\x${blind}"`).join(',')}}`

export async function deleteNumber(queryable: Queryable, copyId: string, blind: string): Promise<boolean> {
  return (await queryable.execute`delete from dialer.dnc where copy_id = ${copyId} and blind_index = decode(${blind}, 'hex')`) === 1
}

/** Counts what was added to or taken from the copy that holds. Locks the list: who changes it comes one after the other. */
export async function countNumbers(queryable: Queryable, listId: string, by: number, now: Date): Promise<number> {
  const [row] = await queryable.sql<{ numbers: number }>`
    update dialer.dnc_list set numbers = numbers + ${by}, updated_at = ${now} where list_id = ${listId} returning numbers`
  return row?.numbers ?? 0
}

export interface DncHit {
  listId: string
  kind: DncList['kind']
  name: string
  reason: string | null
  addedBy: string | null
  addedAt: Date
}

/** The lists that hold this number. */
export function findNumber(queryable: Queryable, blind: string): Promise<DncHit[]> {
  return queryable.sql<DncHit>`
    select l.list_id as "listId", l.kind, l.name, d.reason, d.added_by as "addedBy", d.added_at as "addedAt"
      from dialer.dnc d join dialer.dnc_list l on l.copy_id = d.copy_id
     where d.blind_index = decode(${blind}, 'hex') order by d.added_at`
}

/** Entries put aside because of a list are looked at again: a list has changed. */
export function wakeListed(queryable: Queryable, now: Date): Promise<number> {
  return queryable.execute`
    update dialer.entry set wake_at = ${now}
     where state = 'waiting' and hold_reason in ('do-not-call', 'on-registry', 'registry-missing', 'registry-old') and (wake_at is null or wake_at > ${now})`
}

/** Copies whose numbers count no more. */
export async function readDeadCopies(queryable: Queryable): Promise<string[]> {
  const rows = await queryable.sql<{ copyId: string }>`select copy_id as "copyId" from dialer.dnc_dead_copy order by copy_id`
  return rows.map((row) => row.copyId)
}

export async function forgetDeadCopy(queryable: Queryable, copyId: string): Promise<void> {
  await queryable.execute`delete from dialer.dnc_dead_copy where copy_id = ${copyId}`
}

/** Removes the numbers of one copy whose blind index begins with this byte: a 256th of them. */
export function sweepCopy(queryable: Queryable, copyId: string, byte: number): Promise<number> {
  const from = Buffer.from([byte])
  const to = byte === 255 ? null : Buffer.from([byte + 1])
  return queryable.execute`
    delete from dialer.dnc where copy_id = ${copyId} and blind_index >= ${from} and (${to}::bytea is null or blind_index < ${to}::bytea)`
}
