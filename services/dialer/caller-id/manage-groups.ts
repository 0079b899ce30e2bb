import { newId } from '@loopline/clock/new-id'
import { DEFAULT_GROUP, UNLIMITED_GROUP } from '@loopline/contracts/caller-id'
import type { CallerIdGroupView, CreateCallerIdGroup, EditCallerIdGroup } from '@loopline/contracts/caller-id'
import { failed as commonly } from '@loopline/http/coded-error'
import type { Identity } from '@loopline/http/identity-token'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { countByGroup, deleteGroup, insertGroup, readGroups, updateGroup } from './caller-id.sql.ts'
import type { GroupRow } from './caller-id.sql.ts'
import { syncCallerIds } from './sync-caller-ids.ts'

export async function viewGroups({ db }: Pick<Dialer, 'db'>): Promise<CallerIdGroupView[]> {
  const [groups, counts] = await Promise.all([readGroups(db), countByGroup(db)])
  return groups.map((group) => ({ ...group, numbers: counts.get(group.groupId) ?? 0 }))
}

export async function createGroup(dialer: Dialer, who: Identity, wanted: CreateCallerIdGroup): Promise<CallerIdGroupView> {
  const group: GroupRow = { ...wanted, groupId: newId(dialer.clock), version: 1 }
  await audited(dialer, who, 'caller-id-group:create', group.groupId, wanted)
  await insertGroup(dialer.db, group)
  await syncCallerIds(dialer)
  return { ...group, numbers: 0 }
}

/** Edits what holds for its numbers, from the next call on. @throws CALLER_ID_GROUP_NOT_FOUND · VERSION_CONFLICT with the current view */
export async function editGroup(dialer: Dialer, who: Identity, groupId: string, { version, ...changes }: EditCallerIdGroup): Promise<CallerIdGroupView> {
  const before = await oneGroup(dialer, groupId)
  const { numbers: _numbers, ...row } = before
  if (before.version !== version) throw commonly('VERSION_CONFLICT', { current: before })
  await audited(dialer, who, 'caller-id-group:edit', groupId, changes)
  if (!(await updateGroup(dialer.db, { ...row, ...changes } as GroupRow, version))) throw commonly('VERSION_CONFLICT', { current: await oneGroup(dialer, groupId) })
  await syncCallerIds(dialer)
  return oneGroup(dialer, groupId)
}

/** @throws CALLER_ID_GROUP_NOT_FOUND · CALLER_ID_GROUP_IN_USE while a number is in it, and always for the two in which numbers begin */
export async function removeGroup(dialer: Dialer, who: Identity, groupId: string): Promise<{ groupId: string }> {
  await oneGroup(dialer, groupId)
  if (groupId === DEFAULT_GROUP || groupId === UNLIMITED_GROUP) throw failed('CALLER_ID_GROUP_IN_USE')
  await audited(dialer, who, 'caller-id-group:remove', groupId, {})
  if (!(await deleteGroup(dialer.db, groupId))) throw failed('CALLER_ID_GROUP_IN_USE')
  await syncCallerIds(dialer)
  return { groupId }
}

async function oneGroup(dialer: Dialer, groupId: string): Promise<CallerIdGroupView> {
  const group = (await viewGroups(dialer)).find((one) => one.groupId === groupId)
  if (!group) throw failed('CALLER_ID_GROUP_NOT_FOUND')
  return group
}
