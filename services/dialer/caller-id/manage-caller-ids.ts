import type { LineId } from '@loopline/vocabulary/ids'
import type { AddCallerIds, CallerIdPage, CallerIdQuery, CallerIdsAdded, CallerIdView, ChangeCallerIds, EditCallerId } from '@loopline/contracts/caller-id'
import { failed as commonly } from '@loopline/http/coded-error'
import type { Identity } from '@loopline/http/identity-token'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import { forgiven } from '@loopline/routing/caller-ids/health'
import { numberDigits, regionOf } from '@loopline/routing/caller-ids/region'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { readLines } from '../line/line.sql.ts'
import { syncLines } from '../line/sync-lines.ts'
import { addNumbers, removeNumbers } from './add-numbers.ts'
import { countStates, listOnLines, lockCallerIds, lockPool, pageCallerIds, readGroups, saveCallerIds } from './caller-id.sql.ts'
import type { CallerIdRow, GroupRow } from './caller-id.sql.ts'
import { doubtOf } from './number-health.ts'
import { syncCallerIds } from './sync-caller-ids.ts'
import { useByDay } from './use.sql.ts'

const HOUR_MS = 3_600_000
const DAYS = 7

/** One page of numbers, by their digits, with how they are used now, and how many there are in each state. */
export async function pageOfCallerIds(dialer: Dialer, asked: CallerIdQuery): Promise<CallerIdPage> {
  const text = asked.text === undefined || asked.text === '' ? null : /^[\d\s+()-]+$/.test(asked.text) ? numberDigits(asked.text) : asked.text
  const rows = await pageCallerIds(dialer.db, { lineId: asked.lineId ?? null, groupId: asked.groupId ?? null, state: asked.state ?? null, text, after: asked.cursor ?? null, limit: asked.limit })
  return { items: await viewsOf(dialer, rows), next: rows.length === asked.limit ? (rows.at(-1)?.digits ?? null) : null, counts: await countStates(dialer.db) }
}

async function viewsOf(dialer: Dialer, rows: readonly CallerIdRow[]): Promise<CallerIdView[]> {
  const now = dialer.clock.now()
  const days = new Map<string, CallerIdView['days']>()
  for (const { callerId, age, calls, answered } of await useByDay(dialer.db, rows.map((row) => row.callerId), new Date(now), DAYS)) {
    const all = days.get(callerId) ?? noDays()
    days.set(callerId, all.with(DAYS - 1 - Math.min(DAYS - 1, Math.max(0, age)), { calls, answered }))
  }
  return rows.map((row) => viewOf(dialer, row, days.get(row.callerId) ?? noDays(), now))
}

const noDays = (): CallerIdView['days'] => Array.from({ length: DAYS }, () => ({ calls: 0, answered: 0 }))

function viewOf(dialer: Dialer, row: CallerIdRow, days: CallerIdView['days'], now: number): CallerIdView {
  const live = dialer.callerIds.byId(row.callerId)
  live?.advance(now)
  const limits = live?.limits ?? { hour: row.quotaHour, day: row.quotaDay }
  return {
    callerId: row.callerId, version: row.version, number: row.number, lineIds: row.lineIds, groupId: row.groupId, province: row.province, area: row.area, proof: row.proof,
    proven: live?.proven ?? row.proof !== '', state: row.state, reason: row.reason, stateBy: row.stateBy, stateAt: row.stateAt.toISOString(), until: row.untilAt?.toISOString() ?? null,
    note: row.note, ownQuotaHour: row.quotaHour, ownQuotaDay: row.quotaDay, quotaHour: limits.hour, quotaDay: limits.day,
    usedHour: live?.usedHour ?? 0, usedDay: Math.max(live?.usedDay ?? 0, 0), channels: row.channels, inFlight: live?.inFlight ?? 0, days, doubt: row.state === 'active' ? doubtOf(row.health) : 0,
  }
}

/**
 * Adds numbers to lines and a group. Those that cannot be added are told with the reason, the others are added.
 * @throws LINE_NOT_FOUND · CALLER_ID_GROUP_NOT_FOUND · REGION_UNKNOWN naming the first that no place is known by · AUDIT_UNAVAILABLE
 */
export async function addCallerIds(dialer: Dialer, who: Identity, wanted: AddCallerIds): Promise<CallerIdsAdded> {
  const lineIds = wanted.lineIds as LineId[]
  await mustBeLines(dialer, lineIds)
  for (const { region } of wanted.numbers) mustBePlace(region)
  await audited(dialer, who, 'caller-id:add', wanted.groupId, { numbers: wanted.numbers.length, lineIds, proof: wanted.proof })
  const { added, refused } = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    await lockPool(transaction)
    const group = await groupOf(transaction, wanted.groupId)
    return addNumbers(dialer, transaction, { numbers: wanted.numbers, lineIds, group, proof: wanted.proof, by: who.name })
  }))
  await tell(dialer)
  return { added: added.length, refused }
}

/**
 * Edits one number over the version that was read. Taking it off a line, or putting it on one, counts from the next call on.
 * @throws CALLER_ID_NOT_FOUND · VERSION_CONFLICT with the current view · LINE_NOT_FOUND · CALLER_ID_GROUP_NOT_FOUND · REGION_UNKNOWN
 */
export async function editCallerId(dialer: Dialer, who: Identity, callerId: string, { version, region, lineIds, ...changes }: EditCallerId): Promise<CallerIdView> {
  if (lineIds) await mustBeLines(dialer, lineIds as LineId[])
  mustBePlace(region)
  const place = region === undefined ? {} : { province: regionOf(region)?.province ?? null, area: regionOf(region)?.area ?? null }
  await audited(dialer, who, 'caller-id:edit', callerId, { ...changes, ...place, ...(lineIds && { lineIds }) })
  await retryable(() => inTransaction(dialer.db, async (transaction) => {
    await lockPool(transaction)
    const [row] = await lockCallerIds(transaction, [callerId])
    if (!row) throw failed('CALLER_ID_NOT_FOUND')
    if (row.version !== version) throw commonly('VERSION_CONFLICT', { current: (await viewsOf(dialer, [row]))[0] })
    if (changes.groupId) await groupOf(transaction, changes.groupId)
    const next = { ...row, ...place, ...(lineIds && { lineIds: lineIds as LineId[] }), ...changes } as CallerIdRow
    await saveCallerIds(transaction, [next])
    await listOnLines(transaction, [...new Set([...row.lineIds, ...next.lineIds])])
  }))
  await tell(dialer)
  const row = dialer.callerIds.byId(callerId)?.row
  if (!row) throw failed('CALLER_ID_NOT_FOUND')
  return (await viewsOf(dialer, [row]))[0] as CallerIdView
}

/**
 * Does one thing with many numbers; those it does not apply to (waking one that is in use) stay as they are. Answers how many changed.
 * @throws CALLER_ID_NOT_FOUND when one is not there, and then none changes · CALLER_ID_GROUP_NOT_FOUND · AUDIT_UNAVAILABLE
 */
export async function changeCallerIds(dialer: Dialer, who: Identity, change: ChangeCallerIds): Promise<{ changed: number }> {
  const { act, callerIds, ...details } = change
  const wanted = [...new Set(callerIds)]
  await audited(dialer, who, `caller-id:${act}`, wanted.length === 1 ? (wanted[0] as string) : `${wanted.length}`, { ...details, callerIds: wanted.slice(0, 100) })
  const changed = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    await lockPool(transaction)
    const rows = await lockCallerIds(transaction, wanted)
    if (rows.length !== wanted.length) throw failed('CALLER_ID_NOT_FOUND')
    if (change.act === 'release') return (await removeNumbers(dialer, transaction, rows, { lineIds: 'all', by: who.name, reason: change.reason })).length
    const groups = new Map((await readGroups(transaction)).map((group) => [group.groupId, group]))
    if (change.act === 'move' && !groups.has(change.groupId)) throw failed('CALLER_ID_GROUP_NOT_FOUND')
    const next = rows.flatMap((row) => changedRow(row, change, { by: who.name, now: dialer.clock.now(), groups }) ?? [])
    await saveCallerIds(transaction, next)
    await listOnLines(transaction, [...new Set(next.flatMap(({ lineIds }) => lineIds))])
    return next.length
  }))
  await tell(dialer)
  return { changed }
}

/** A number after the change; null where it does not apply. */
function changedRow(row: CallerIdRow, change: Exclude<ChangeCallerIds, { act: 'release' }>, { by, now, groups }: { by: string; now: number; groups: ReadonlyMap<string, GroupRow> }): CallerIdRow | null {
  const since = { stateBy: by, stateAt: new Date(now) }
  switch (change.act) {
    case 'rest':
      if (row.state !== 'active' && row.state !== 'resting') return null
      return { ...row, ...since, state: 'resting', reason: change.reason, untilAt: change.hours === null ? null : new Date(now + change.hours * HOUR_MS) }
    case 'wake':
      if (row.state !== 'resting' && row.state !== 'held') return null
      return { ...row, ...since, state: 'active', reason: change.reason, untilAt: null, releasedAt: null, health: row.health && forgiven(row.health) }
    case 'move': {
      const { channelsStart = null, channelsMax = null } = groups.get(change.groupId) ?? {}
      // Only where the new group knows a limit: a number that was let go stays so where there is none.
      return { ...row, groupId: change.groupId, channels: channelsMax === null ? row.channels : Math.min(row.channels ?? channelsStart ?? 1, channelsMax) }
    }
    case 'quota': return { ...row, quotaHour: change.quotaHour, quotaDay: change.quotaDay }
  }
}

/** The numbers first: lines are looked at with them. */
async function tell(dialer: Dialer): Promise<void> {
  await syncCallerIds(dialer)
  await syncLines(dialer)
}

async function groupOf(queryable: Parameters<typeof readGroups>[0], groupId: string): Promise<GroupRow> {
  const group = (await readGroups(queryable)).find((one) => one.groupId === groupId)
  if (!group) throw failed('CALLER_ID_GROUP_NOT_FOUND')
  return group
}

async function mustBeLines(dialer: Dialer, lineIds: readonly LineId[]): Promise<void> {
  const known = new Set((await readLines(dialer.db)).map(({ lineId }) => lineId))
  const lineId = lineIds.find((one) => !known.has(one))
  if (lineId) throw failed('LINE_NOT_FOUND', { lineId })
}

function mustBePlace(region: string | null | undefined): void {
  if (region && regionOf(region) === null) throw failed('REGION_UNKNOWN', { region })
}
