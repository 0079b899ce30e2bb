import { newId } from '@loopline/clock/new-id'
import type { LineId } from '@loopline/vocabulary/ids'
import { DEFAULT_GROUP, UNLIMITED_GROUP } from '@loopline/contracts/caller-id'
import type { CallerIdsAdded } from '@loopline/contracts/caller-id'
import type { Transaction } from '@loopline/postgres/queryable'
import { numberDigits, regionOf, regionOfNumber } from '@loopline/routing/caller-ids/region'
import type { Dialer } from '../dialer.ts'
import { listOnLines, lockDigits, readGroups, saveCallerIds } from './caller-id.sql.ts'
import type { CallerIdRow, GroupRow } from './caller-id.sql.ts'

export interface NumbersToAdd {
  numbers: readonly { number: string; region?: string | undefined; note?: string | undefined }[]
  lineIds: readonly LineId[]
  group: GroupRow
  proof: string
  by: string | null
}

type Refused = CallerIdsAdded['refused'][number]

/** No number of any plan is shorter; emergency and service numbers of three digits are nobody's caller ID but may be lent. */
const DIGITS_MIN = 3

/**
 * Adds numbers to lines. A number that is in use already is shown on these lines too; one that is held by the lines it came from
 * is theirs again; one that is held otherwise is refused until its time is over; one that retired begins anew. Under `lockPool`.
 */
export async function addNumbers(dialer: Dialer, transaction: Transaction, wanted: NumbersToAdd): Promise<{ added: CallerIdRow[]; refused: Refused[] }> {
  const refused: Refused[] = []
  const refuse = (number: string, reason: Refused['reason'], until: Date | null = null): void => void refused.push({ number, reason, until: until?.toISOString() ?? null })
  const byDigits = new Map<string, NumbersToAdd['numbers'][number]>()
  for (const one of wanted.numbers) {
    const digits = numberDigits(one.number)
    if (digits.replace('+', '').length < DIGITS_MIN) refuse(one.number, 'not-a-number')
    else if (byDigits.has(digits)) refuse(one.number, 'twice')
    else byDigits.set(digits, one)
  }
  const known = new Map((await lockDigits(transaction, [...byDigits.keys()])).map((row) => [row.digits, row]))
  const added: CallerIdRow[] = []
  for (const [digits, one] of byDigits) {
    const row = known.get(digits)
    if (row?.state === 'held' && !wanted.lineIds.every((lineId) => row.lineIds.includes(lineId))) refuse(one.number, 'held', row.untilAt)
    else if (row && (row.state === 'active' || row.state === 'resting') && wanted.lineIds.every((lineId) => row.lineIds.includes(lineId))) refuse(one.number, 'known')
    else added.push(row && row.state !== 'retired' ? shownOnToo(row, wanted, dialer.clock.now()) : freshRow(dialer, { ...one, digits }, wanted, row))
  }
  await saveCallerIds(transaction, added)
  await listOnLines(transaction, [...new Set(added.flatMap(({ lineIds }) => lineIds))])
  return { added, refused }
}

function shownOnToo(row: CallerIdRow, { lineIds, by }: NumbersToAdd, now: number): CallerIdRow {
  const all = [...new Set([...row.lineIds, ...lineIds])]
  return row.state === 'held' ? { ...row, lineIds: all, state: 'active', reason: null, stateBy: by, stateAt: new Date(now), untilAt: null, releasedAt: null } : { ...row, lineIds: all }
}

/** A number as it begins: also one that was ours once, whose past under another owner says nothing of it. */
function freshRow(dialer: Dialer, { number, digits, region, note }: NumbersToAdd['numbers'][number] & { digits: string }, { lineIds, group, proof, by }: NumbersToAdd, before: CallerIdRow | undefined): CallerIdRow {
  const place = regionOf(region ?? null) ?? regionOfNumber(digits)
  const now = new Date(dialer.clock.now())
  return {
    callerId: before?.callerId ?? newId(dialer.clock), version: 1, number, digits, lineIds: [...lineIds], groupId: group.groupId, province: place?.province ?? null, area: place?.area ?? null,
    proof, state: 'active', reason: null, stateBy: by, stateAt: now, untilAt: null, quotaHour: null, quotaDay: null, channels: group.channelsStart, releasedAt: null, note: note ?? '',
    health: null, judgedTo: null, callsSince: 0, updatedAt: now,
  }
}

const DAY_MS = 86_400_000

/** Takes numbers off lines. One that no line shows any more is held for its group's time before anybody may use it again. */
export async function removeNumbers(dialer: Dialer, transaction: Transaction, rows: readonly CallerIdRow[], { lineIds, by, reason }: { lineIds: readonly LineId[] | 'all'; by: string | null; reason: string }): Promise<CallerIdRow[]> {
  const groups = new Map((await readGroups(transaction)).map((group) => [group.groupId, group]))
  const now = dialer.clock.now()
  const changed = rows.filter(({ state }) => state === 'active' || state === 'resting').map((row): CallerIdRow => {
    const left = lineIds === 'all' ? [] : row.lineIds.filter((lineId) => !lineIds.includes(lineId))
    if (left.length > 0) return { ...row, lineIds: left }
    const holdMs = (groups.get(row.groupId)?.holdDays ?? 0) * DAY_MS
    // Its lines stay written down: whoever calls it back comes by one of them.
    return { ...row, state: 'held', reason, stateBy: by, stateAt: new Date(now), untilAt: new Date(now + holdMs), releasedAt: new Date(now) }
  })
  await saveCallerIds(transaction, changed)
  await listOnLines(transaction, [...new Set(rows.flatMap((row) => row.lineIds))])
  return changed
}

/** The group in which the numbers of a line begin: those of a sandbox call nobody whom a quota would protect. */
export const groupOfLine = (groups: readonly GroupRow[], { sandbox }: { sandbox: boolean }): GroupRow => groups.find(({ groupId }) => groupId === (sandbox ? UNLIMITED_GROUP : DEFAULT_GROUP)) as GroupRow
