import type { Dialer } from '../dialer.ts'
import { readLines } from '../line/line.sql.ts'
import { endStates, readCallerIds, readGroups } from './caller-id.sql.ts'
import { adoptNumbers } from './numbers-of-line.ts'

/** A change becomes visible when its transaction ends, after the instant that it carries. */
const CHANGES_OVERLAP_MS = 10_000

/** Brings the numbers in line with what is stored: those that changed, all groups, and our part of their quotas. */
export async function syncCallerIds(dialer: Dialer): Promise<void> {
  const { callerIds, db } = dialer
  const since = callerIds.changedAt && new Date(callerIds.changedAt.getTime() - CHANGES_OVERLAP_MS)
  const [rows, groups, lines] = await Promise.all([readCallerIds(db, since), readGroups(db), readLines(db)])
  const sandboxLines = new Set(lines.filter(({ sandbox }) => sandbox).map(({ lineId }) => lineId))
  callerIds.update(rows, { groups, slots: dialer.slots.list(), sandboxLines })
  if (await adoptNumbers(dialer, lines)) await syncCallerIds(dialer)
}

/** The round of a second: rests that are over end, what others use is learnt, and what changed is taken. */
export async function callerIdRound(dialer: Dialer): Promise<void> {
  for (const { number, state } of await endStates(dialer.db)) dialer.log.info({ number, state }, 'the time of a number in its state is over')
  await syncCallerIds(dialer)
  await dialer.quotaUse.learn(dialer)
}

