import { POOR_MOS, QualityWindow, SHORT_CALL_MS, WINDOW_MINUTES, addSums, addTally, emptyTally, figuresOf } from '@loopline/routing/quality-window'
import type { QualityFigures, QualityTally } from '@loopline/routing/quality-window'
import type { LineId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { LegQuality } from '@loopline/contracts/quality'
import type { CallResult } from '@loopline/contracts/voice-link'
import type { Database } from '@loopline/postgres/queryable'
import type { RoutingPolicy } from '@loopline/routing/line'
import type { DecisionContext } from '../dialing/decide.ts'
import { LinePast } from './line-past.ts'
import { addMinutes, dropMinutes, readMinutes } from './line-minute.sql.ts'
import type { LineMinute } from './line-minute.sql.ts'

const MINUTE_MS = 60_000
/** Rows that other processes may still add to: a clock that is off by less is forgiven. */
const REREAD_MINUTES = 3
const KEPT_MS = 2 * WINDOW_MINUTES * MINUTE_MS
const POINTS = 30
const REGIONS_MAX = 400

export interface LegSeen {
  lineId: LineId
  /** Of the person who was called; null where it is not known. */
  region: string | null
  outcome: Outcome
  result: Pick<CallResult, 'startedAt' | 'ringingAt' | 'answeredAt' | 'endedAt'> & { evidence: Pick<CallResult['evidence'], 'sipStatus'> }
}

interface LineWindows {
  all: QualityWindow
  regions: Map<string, QualityWindow>
}

export interface QualityNow {
  windows: { minutes: 1 | 5 | 60; figures: QualityFigures }[]
  /** The hour in equal steps, oldest first. */
  series: { asr: number | null; pddMs: number | null; mos: number | null }[]
}

/**
 * How each line does, into each region, over the last hour: what this process sees is written to the table of all, and what all have
 * written is read back, so that every dialer judges by the same calls and a restart forgets none but those of its last second.
 */
export class LineQuality {
  #fresh = new Map<string, LineMinute>()
  readonly #lines = new Map<LineId, LineWindows>()
  readonly #now: () => number
  #isRead = false
  /** Where and when each line reaches people. */
  readonly past = new LinePast()

  constructor(now: () => number) {
    this.#now = now
  }

  /** A leg has ended; it counts in the minute of its end. */
  note({ lineId, region, outcome, result }: LegSeen): void {
    const { startedAt, ringingAt, answeredAt, endedAt, evidence } = result
    const row = this.#row(lineId, region, answeredAt === null ? (evidence.sipStatus ?? 0) : 200)
    row.seizures += 1
    const progressedAt = ringingAt ?? answeredAt
    if (progressedAt !== null) {
      row.pddMs += Math.max(0, progressedAt - startedAt)
      row.pddCount += 1
    }
    if (answeredAt === null) return
    row.answers += 1
    if (outcome === 'connected' || outcome === 'abandoned') row.reached += 1
    const talkMs = Math.max(0, endedAt - answeredAt)
    row.talkMs += talkMs
    if (talkMs < SHORT_CALL_MS) row.short += 1
  }

  /** How an answered call sounded that came over the line. */
  sound(lineId: LineId, region: string | null, { packetsReceived, mos, loss, jitterMs, roundTripMs }: LegQuality): void {
    const row = this.#row(lineId, region, 200)
    row.sounds += 1
    row.loss += loss
    row.jitterMs += jitterMs
    if (packetsReceived === 0) row.silent += 1
    if (mos !== null) {
      row.mos += mos
      row.mosCount += 1
      if (mos < POOR_MOS) row.poor += 1
    }
    if (roundTripMs !== null) {
      row.roundTripMs += roundTripMs
      row.roundTrips += 1
    }
  }

  #row(lineId: LineId, given: string | null, status: number): LineMinute {
    const regions = this.#lines.get(lineId)?.regions
    // Regions are what people wrote: beyond what any country has, they are counted together.
    const region = given !== null && regions && regions.size >= REGIONS_MAX && !regions.has(given) ? null : given
    const minute = this.#minute()
    const key = `${lineId}/${minute}/${status}/${region ?? ''}`
    let row = this.#fresh.get(key)
    if (!row) {
      const { causes: _byStatus, ...sums } = emptyTally()
      row = { ...sums, lineId, region: region ?? '', minute, status }
      this.#fresh.set(key, row)
    }
    return row
  }

  #minute(): number {
    return Math.floor(this.#now() / MINUTE_MS)
  }

  /** Writes what is new here and reads what is new everywhere. What could not be written is written with the next round. */
  async exchange(db: Database): Promise<void> {
    const mine = this.#fresh
    this.#fresh = new Map()
    try {
      if (mine.size > 0) await addMinutes(db, [...mine.values()])
    } catch (error) {
      for (const [key, row] of mine) {
        const since = this.#fresh.get(key)
        if (since) addSums(since, row)
        else this.#fresh.set(key, row)
      }
      throw error
    }
    const back = this.#isRead ? REREAD_MINUTES : WINDOW_MINUTES
    this.#adopt(await readMinutes(db, new Date((this.#minute() - back + 1) * MINUTE_MS)))
    if (!this.#isRead) await dropMinutes(db, new Date(this.#now() - KEPT_MS))
    this.#isRead = true
    await this.past.exchange(db, this.#now())
  }

  async dropOld(db: Database): Promise<void> {
    await dropMinutes(db, new Date(this.#now() - KEPT_MS))
    await this.past.dropOld(db, this.#now())
  }

  /** How a campaign's lines are chosen; nothing for one that chooses by priority. */
  routing(policy: RoutingPolicy | undefined): Pick<DecisionContext, 'routing'> {
    if (policy === undefined || policy === 'priority') return {}
    return { routing: { policy, random: Math.random, learned: (lineId, region, hour) => this.past.of(lineId, region, hour) } }
  }

  #adopt(rows: readonly LineMinute[]): void {
    for (const [lineId, ofLine] of Map.groupBy(rows, (row) => row.lineId)) {
      const windows = this.#windowsOf(lineId)
      for (const [minute, inMinute] of Map.groupBy(ofLine, (row) => row.minute)) {
        windows.all.set(minute, sumOf(inMinute))
        for (const [region, inRegion] of Map.groupBy(inMinute, (row) => row.region)) this.#regionOf(windows, region).set(minute, sumOf(inRegion))
      }
    }
  }

  #windowsOf(lineId: LineId): LineWindows {
    let windows = this.#lines.get(lineId)
    if (!windows) this.#lines.set(lineId, windows = { all: new QualityWindow(), regions: new Map() })
    return windows
  }

  #regionOf({ regions }: LineWindows, region: string): QualityWindow {
    let window = regions.get(region)
    if (!window) regions.set(region, window = new QualityWindow())
    return window
  }

  /** The last hour of a line. */
  of(lineId: LineId): QualityNow {
    return quality(this.#lines.get(lineId)?.all ?? new QualityWindow(), this.#minute())
  }

  /** The same by region, the busiest first; those without a call in the hour are left out. `region` is null where it is not known. */
  byRegion(lineId: LineId): ({ region: string | null } & QualityNow)[] {
    const now = this.#minute()
    return [...(this.#lines.get(lineId)?.regions ?? [])].map(([region, window]) => ({ region: region === '' ? null : region, ...quality(window, now), seizures: window.over(now, WINDOW_MINUTES).seizures }))
      .filter(({ seizures }) => seizures > 0).toSorted((a, b) => b.seizures - a.seizures).map(({ seizures: _rank, ...rest }) => rest)
  }
}

function quality(window: QualityWindow, now: number): QualityNow {
  return {
    windows: ([1, 5, 60] as const).map((minutes) => ({ minutes, figures: figuresOf(window.over(now, minutes)) })),
    series: window.series(now, POINTS).map((point) => ({ asr: point?.asr ?? null, pddMs: point?.pddMs ?? null, mos: point?.mos ?? null })),
  }
}

function sumOf(rows: readonly LineMinute[]): QualityTally {
  const sum = emptyTally()
  for (const row of rows) addTally(sum, { ...row, causes: row.seizures > 0 ? { [row.status]: row.seizures } : {} })
  return sum
}
