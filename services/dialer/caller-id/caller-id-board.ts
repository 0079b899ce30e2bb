import { hashOf } from '@loopline/routing/caller-id'
import { RollingCount } from '@loopline/routing/caller-ids/rolling-count'
import { numberDigits } from '@loopline/routing/caller-ids/region'
import type { Region } from '@loopline/routing/caller-ids/region'
import { shareOf } from '@loopline/routing/caller-ids/share-of'
import type { CallerId } from '@loopline/routing/line'
import { PARTITIONS } from '@loopline/vocabulary/bucket'
import type { LineId } from '@loopline/vocabulary/ids'
import type { CallerIdRow, GroupRow } from './caller-id.sql.ts'

/**
 * A number as this process uses it. Its limits are this process's part of them: processes share the slots, and with them what a
 * number may do, so that they never pass its quota together.
 */
class LiveCallerId implements CallerId {
  row: CallerIdRow
  group: GroupRow | undefined
  number: string
  readonly hash: number
  region: Region | null = null
  proven = false
  resting = false
  usedHour = 0
  quotaHour: number | null = null
  usedDay = 0
  quotaDay: number | null = null
  inFlight = 0
  channels: number | null = null
  pausedUntil = 0
  /** All calls, as far as they are known, and those that this process began. */
  readonly all = new RollingCount()
  readonly mine = new RollingCount()
  #hourShare: number | null = null
  #dayShare: number | null = null

  constructor(row: CallerIdRow) {
    this.row = row
    this.number = row.number
    this.hash = hashOf(row.number)
  }

  get limits(): { hour: number | null; day: number | null } {
    return { hour: this.row.quotaHour ?? this.group?.quotaHour ?? null, day: this.row.quotaDay ?? this.group?.quotaDay ?? null }
  }

  /** Takes the row, its group and the slots that are ours. */
  update(row: CallerIdRow, group: GroupRow | undefined, isSandbox: boolean, slots: readonly number[]): void {
    this.row = row
    this.group = group
    this.number = row.number
    this.region = row.province === null ? null : { province: row.province, area: row.area }
    this.proven = row.proof !== '' || isSandbox
    this.resting = row.state !== 'active'
    this.share(slots)
  }

  share(slots: readonly number[]): void {
    const part = (limit: number | null): number | null => (limit === null ? null : shareOf(limit, slots, PARTITIONS, this.hash))
    this.#hourShare = part(this.limits.hour)
    this.#dayShare = part(this.limits.day)
    this.channels = part(this.row.channels)
    this.count()
  }

  /** Brings the figures that routing reads in line with what was counted. */
  count(): void {
    this.usedHour = this.all.hour
    this.usedDay = this.all.day
    this.quotaHour = ours(this.limits.hour, this.#hourShare, this.all.hour - this.mine.hour)
    this.quotaDay = ours(this.limits.day, this.#dayShare, this.all.day - this.mine.day)
  }

  advance(now: number): void {
    this.all.advance(now)
    this.mine.advance(now)
    this.count()
  }

  /** When it may be used again, unix ms; `now` when it may, and Infinity when only a person can say. */
  usableAt(now: number): number {
    if (!this.proven) return Number.POSITIVE_INFINITY
    if (this.resting) return this.row.state === 'resting' ? (this.row.untilAt?.getTime() ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
    const { hour, day } = this.limits
    return Math.max(hour === null ? now : this.all.roomAt('hour', hour, now), day === null ? now : this.all.roomAt('day', day, now))
  }
}

/** Up to which count of all calls this process may go on: its own part beside what the others used, and never above the whole. */
const ours = (limit: number | null, share: number | null, others: number): number | null => (limit === null || share === null ? limit : Math.min(limit, share + others))

export type { LiveCallerId }

/** All numbers of ours with what is known of their use, and which lines show them. */
export class CallerIdBoard {
  readonly #byNumber = new Map<string, LiveCallerId>()
  readonly #byId = new Map<string, LiveCallerId>()
  readonly #byDigits = new Map<string, LiveCallerId>()
  readonly #byLine = new Map<LineId, LiveCallerId[]>()
  #groups = new Map<string, GroupRow>()
  #slots: readonly number[] = []
  readonly #clock: { now(): number; monotonic(): number }
  /** Newest change that was read, by the database's clock. */
  changedAt: Date | null = null

  constructor(clock: { now(): number; monotonic(): number }) {
    this.#clock = clock
  }

  /** Takes rows that are new or have changed; groups, slots and the lines of sandboxes as a whole. */
  update(rows: readonly CallerIdRow[], { groups, slots, sandboxLines }: { groups: readonly GroupRow[]; slots: readonly number[]; sandboxLines: ReadonlySet<LineId> }): void {
    for (const row of rows) {
      if (this.changedAt === null || row.updatedAt > this.changedAt) this.changedAt = row.updatedAt
      this.#keep(row)
    }
    this.#groups = new Map(groups.map((group) => [group.groupId, group]))
    this.#slots = slots
    const now = this.#clock.now()
    this.#byLine.clear()
    for (const live of this.#byId.values()) {
      live.update(live.row, this.#groups.get(live.row.groupId), live.row.lineIds.every((lineId) => sandboxLines.has(lineId)), this.#slots)
      live.advance(now)
      if (live.row.state !== 'active' && live.row.state !== 'resting') continue
      for (const lineId of live.row.lineIds) {
        const numbers = this.#byLine.get(lineId)
        if (numbers) numbers.push(live)
        else this.#byLine.set(lineId, [live])
      }
    }
  }

  /** Our part of each limit follows the slots at once: what is given up here, another process may use from now on. */
  own(slots: readonly number[]): void {
    this.#slots = slots
    for (const live of this.#byId.values()) live.share(slots)
  }

  /** A number that is written otherwise now stays the number it is, with all that was counted. */
  #keep(row: CallerIdRow): void {
    const known = this.#byId.get(row.callerId)
    if (known && row.updatedAt < known.row.updatedAt) return // read before, by a round that was slower
    const live = known ?? new LiveCallerId(row)
    if (known) this.#byNumber.delete(known.number)
    live.row = row
    this.#byNumber.set(row.number, live)
    this.#byId.set(row.callerId, live)
    this.#byDigits.set(row.digits, live)
  }

  /** Numbers that a line may show, those that rest included; routing looks at each. */
  of(lineId: LineId): readonly LiveCallerId[] {
    return this.#byLine.get(lineId) ?? []
  }

  /** When the first number of these lines may be used again, unix ms; null when time alone will not bring it. */
  usableAt(lineIds: readonly LineId[]): number | null {
    const now = this.#clock.now()
    const first = Math.min(...lineIds.flatMap((lineId) => this.of(lineId)).map((live) => live.usableAt(now)))
    return Number.isFinite(first) ? first : null
  }

  get(number: string | null): LiveCallerId | undefined {
    return number === null ? undefined : this.#byNumber.get(number)
  }

  byId(callerId: string): LiveCallerId | undefined {
    return this.#byId.get(callerId)
  }

  /** The number that was dialled, however it is written; given back or not: whoever calls it still reaches us. */
  dialled(number: string): LiveCallerId | undefined {
    return this.#byDigits.get(numberDigits(number))
  }

  all(): LiveCallerId[] {
    return [...this.#byId.values()]
  }

  /** The id under which a call counts against a quota; undefined where there is none. */
  quotaOf(number: string): string | undefined {
    const live = this.#byNumber.get(number)
    return live && (live.limits.hour !== null || live.limits.day !== null) ? live.row.callerId : undefined
  }

  /** Counts a call that shows it, from the decision on. */
  take(number: string): void {
    const live = this.#byNumber.get(number)
    if (!live) return
    live.inFlight += 1
    live.all.add(this.#clock.now())
    live.mine.add(this.#clock.now())
    live.count()
  }

  /** Calls of before that go on, and calls that come in: they take a place, and no part of a quota. */
  hold(number: string | null): void {
    const live = this.get(number)
    if (live) live.inFlight += 1
  }

  /** The call is over: its place is free again when the pause is over. */
  release(number: string | null): void {
    const live = this.get(number)
    if (!live) return
    live.inFlight = Math.max(0, live.inFlight - 1)
    const pauseMs = (live.group?.pauseSeconds ?? 0) * 1_000
    if (pauseMs > 0) live.pausedUntil = this.#clock.monotonic() + pauseMs
  }

  /** The call did not come to be: nobody's telephone was tried. */
  giveBack(number: string | null, startedAt: number): void {
    const live = this.get(number)
    if (!live) return
    live.inFlight = Math.max(0, live.inFlight - 1)
    this.uncount(number, startedAt)
  }

  /** The call is over, and its INVITE never left. */
  uncount(number: string | null, startedAt: number): void {
    const live = this.get(number)
    if (!live) return
    live.all.remove(startedAt)
    live.mine.remove(startedAt)
    live.count()
  }

  /** Calls that other processes began, or that this one's predecessor did. */
  learnOthers(callerId: string, at: number, calls: number): void {
    const live = this.#byId.get(callerId)
    if (!live) return
    live.all.add(at, calls)
    live.count()
  }
}
