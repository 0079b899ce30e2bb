import type { LineRecord } from '@loopline/routing/learned'
import type { LineId } from '@loopline/vocabulary/ids'
import type { Database } from '@loopline/postgres/queryable'
import { addHours, dropHours, readHours } from './line-hour.sql.ts'
import type { LineHour } from './line-hour.sql.ts'

const DAYS_MAX = 28
/** What others have learnt is read anew this often; what happens here counts at once. */
const REREAD_MS = 60_000
const NOTHING: LineRecord = { tried: 0, reached: 0 }

interface Counted { tried: number; reached: number }

/** Where and when each line reaches people, by all dialers' calls of four weeks: what the learned choice stands on. */
export class LinePast {
  #here = new Map<string, Counted>()
  #whole = new Map<string, Counted>()
  #fresh = new Map<string, LineHour>()
  #readAt = -Infinity

  /** A call of a local day ("2026-11-22") and hour has ended. */
  note({ lineId, region, day, hour, reached }: { lineId: LineId; region: string | null; day: string; hour: number; reached: boolean }): void {
    const place = region ?? ''
    count(this.#here, `${lineId}/${hour}/${place}`, 1, reached ? 1 : 0)
    count(this.#whole, lineId, 1, reached ? 1 : 0)
    const key = `${lineId}/${day}/${hour}/${place}`
    const row = this.#fresh.get(key)
    if (row) {
      row.tried += 1
      row.reached += reached ? 1 : 0
    } else this.#fresh.set(key, { lineId, region: place, day, hour, tried: 1, reached: reached ? 1 : 0 })
  }

  of(lineId: string, region: string | null, hour: number): { here: LineRecord; line: LineRecord } {
    return { here: this.#here.get(`${lineId}/${hour}/${region ?? ''}`) ?? NOTHING, line: this.#whole.get(lineId) ?? NOTHING }
  }

  /** Writes what is new here, and once a minute reads what all have. `now`: unix ms. */
  async exchange(db: Database, now: number): Promise<void> {
    const mine = this.#fresh
    this.#fresh = new Map()
    try {
      if (mine.size > 0) await addHours(db, [...mine.values()])
    } catch (error) {
      for (const [key, row] of mine) {
        const since = this.#fresh.get(key)
        this.#fresh.set(key, since ? { ...since, tried: since.tried + row.tried, reached: since.reached + row.reached } : row)
      }
      throw error
    }
    if (now - this.#readAt < REREAD_MS) return
    await this.#read(db, new Date(now).toISOString().slice(0, 10))
    this.#readAt = now
  }

  async #read(db: Database, today: string): Promise<void> {
    const rows = await readHours(db, today, DAYS_MAX)
    const [here, whole] = [new Map<string, Counted>(), new Map<string, Counted>()]
    for (const { lineId, region, hour, tried, reached } of [...rows, ...this.#fresh.values()]) {
      count(here, `${lineId}/${hour}/${region}`, tried, reached)
      count(whole, lineId, tried, reached)
    }
    this.#here = here
    this.#whole = whole
  }

  async dropOld(db: Database, now: number): Promise<void> {
    await dropHours(db, new Date(now).toISOString().slice(0, 10), DAYS_MAX)
  }
}

function count(into: Map<string, Counted>, key: string, tried: number, reached: number): void {
  const known = into.get(key)
  if (!known) into.set(key, { tried, reached })
  else {
    known.tried += tried
    known.reached += reached
  }
}
