import { judgeSpan, DOUBTED_AT, SUSPECTED_AT, UNSEEN, forgiven } from '@loopline/routing/caller-ids/health'
import type { Health, Judged } from '@loopline/routing/caller-ids/health'
import { rampedChannels } from '@loopline/routing/caller-ids/ramp'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Dialer } from '../dialer.ts'
import { readCallerIds, readGroups } from './caller-id.sql.ts'
import type { CallerIdRow, GroupRow } from './caller-id.sql.ts'
import { addUse, forgetUse, readUse, saveHealth } from './use.sql.ts'
import type { HealthRow, Tally } from './use.sql.ts'

/** Short, so that a busy number is found within minutes: within a window, what was before a fall and after it is one. */
const WINDOW_MS = 60_000
/** What a process saw in a window is written down within two seconds of its end; one that is slower is not waited for. */
const CLOSED_AFTER_MS = 20_000
/** Of a pool that nobody has judged yet, or that nobody judged for long, no more than this is looked at. */
const LOOK_BACK_MS = 86_400_000
const KEPT_MS = 15 * 86_400_000
const HOUR_MS = 3_600_000

/** Whether the person answered, of a call that could have been answered: one whose telephone rang, or that was turned away. */
const ANSWERED: Partial<Record<Outcome, boolean>> = { connected: true, abandoned: true, 'no-answer': false, busy: false, rejected: false, machine: false }

/** Counts how calls ended, by number and window, until it is written down; a crash loses two seconds of it. */
export class NumberTallies {
  #tallies = new Map<string, Tally>()

  /** `endedAt`: unix ms. Outcomes that say nothing of how people take the number are left out. */
  ended(callerId: string | undefined, outcome: Outcome, endedAt: number): void {
    const answered = ANSWERED[outcome]
    if (callerId === undefined || answered === undefined) return
    const windowAt = Math.floor(endedAt / WINDOW_MS) * WINDOW_MS
    const key = `${callerId} ${windowAt}`
    const tally = this.#tallies.get(key) ?? { callerId, windowAt: new Date(windowAt), calls: 0, answered: 0 }
    tally.calls += 1
    if (answered) tally.answered += 1
    this.#tallies.set(key, tally)
  }

  /** Writes down what was counted; what cannot be written now is tried again. */
  async flush({ db }: Pick<Dialer, 'db'>): Promise<void> {
    const tallies = this.#tallies
    if (tallies.size === 0) return
    this.#tallies = new Map()
    try {
      await addUse(db, [...tallies.values()])
    } catch (error) {
      for (const [key, { calls, answered, ...of }] of tallies) {
        const now = this.#tallies.get(key)
        this.#tallies.set(key, { ...of, calls: calls + (now?.calls ?? 0), answered: answered + (now?.answered ?? 0) })
      }
      throw error
    }
  }
}

/**
 * Judges the windows that have closed: numbers whose answers fell rest by themselves, the others grow. Done by whoever owns the
 * first slot; a window that two have read is written by one.
 */
export async function judgeNumbers(dialer: Dialer): Promise<void> {
  if (!dialer.slots.owns(0)) return
  const now = dialer.clock.now()
  const closed = new Date(Math.floor((now - CLOSED_AFTER_MS) / WINDOW_MS) * WINDOW_MS - WINDOW_MS)
  const judgedTo = dialer.callerIds.all().reduce((newest, { row }) => Math.max(newest, row.judgedTo?.getTime() ?? 0), now - LOOK_BACK_MS)
  if (closed.getTime() <= judgedTo) return
  const windows = Map.groupBy(await readUse(dialer.db, new Date(judgedTo), closed), ({ windowAt }) => windowAt.getTime())
  for (const [at, tallies] of windows) await judgeWindow(dialer, new Date(at), tallies)
  await forgetUse(dialer.db, new Date(now - KEPT_MS))
}

async function judgeWindow(dialer: Dialer, windowAt: Date, tallies: readonly Tally[]): Promise<void> {
  const [rows, groups] = await Promise.all([readCallerIds(dialer.db, null), readGroups(dialer.db)])
  const groupOf = new Map(groups.map((group) => [group.groupId, group]))
  const tallyOf = new Map(tallies.map((tally) => [tally.callerId, tally]))
  const inUse = rows.filter(({ state, judgedTo }) => state === 'active' && (judgedTo === null || judgedTo < windowAt))
  const judged = judgeSpan(inUse.map((row) => ({
    id: row.callerId, poolId: row.lineIds.toSorted().join(), health: row.health ?? UNSEEN, calls: tallyOf.get(row.callerId)?.calls ?? 0, answered: tallyOf.get(row.callerId)?.answered ?? 0,
    watched: groupOf.get(row.groupId)?.watched ?? false,
  })), windowAt.getTime() + WINDOW_MS)
  const rowOf = new Map(rows.map((row) => [row.callerId, row]))
  const changed = judged.filter(({ id }) => tallyOf.has(id)).map((one) => {
    const row = rowOf.get(one.id) as CallerIdRow
    return healthRow(row, groupOf.get(row.groupId) as GroupRow, one, { windowAt, calls: tallyOf.get(one.id)?.calls ?? 0, now: dialer.clock.now() })
  })
  if (changed.length === 0) return
  const now = new Date(dialer.clock.now())
  for (const { callerId, number, reason, untilAt } of await saveHealth(dialer.db, changed, now)) {
    dialer.log.warn({ number, reason, until: untilAt }, 'fewer people answer this number than should; it rests by itself')
    const details = { number, reason, until: untilAt.toISOString() }
    await dialer.audit({ actorId: 'service:dialer', actorName: 'dialer', action: 'caller-id:suspect', subject: callerId, details })
      .catch((error: unknown) => dialer.log.error({ err: error, number }, 'a number rests and that could not be audited'))
  }
}

function healthRow(row: CallerIdRow, group: GroupRow, { health, suspected }: Judged, { windowAt, calls, now }: { windowAt: Date; calls: number; now: number }): HealthRow {
  if (suspected) {
    return {
      callerId: row.callerId, health: forgiven(health), judgedTo: windowAt, channels: group.channelsStart ?? 1, callsSince: 0,
      suspicion: { reason: suspicionOf(suspected), untilAt: new Date(now + group.restHours * HOUR_MS) },
    }
  }
  const callsSince = row.callsSince + calls
  const channels = rampedChannels(row.channels, { callsSince, rampCalls: group.rampCalls, channelsMax: group.channelsMax, isDoubted: health.sum >= DOUBTED_AT })
  return { callerId: row.callerId, health, judgedTo: windowAt, channels, callsSince: channels === row.channels ? callsSince : 0, suspicion: null }
}

/** A code and its figures: answered, of how many, and how many should have been. The console has the words. */
const suspicionOf = ({ calls, answered, expected }: NonNullable<Judged['suspected']>): string => `suspected-flagged: ${answered}/${calls}/${expected.toFixed(1)}`

/** How near a number is to being suspected, 0..1. */
export const doubtOf = (health: Health | null): number => Math.min(1, (health?.sum ?? 0) / SUSPECTED_AT)
