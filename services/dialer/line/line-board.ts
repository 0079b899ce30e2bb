import { lineVerdict, LINE_WINDOW } from '@loopline/outcome/line-health'
import type { LineResult, LineVerdict } from '@loopline/outcome/line-health'
import { fullBucket, takeToken } from '@loopline/routing/token-bucket'
import type { TokenBucket } from '@loopline/routing/token-bucket'
import type { LineNow } from '@loopline/routing/line'
import type { LineId } from '@loopline/vocabulary/ids'
import type { LineConfig } from '@loopline/contracts/voice-link'
import type { LineRow } from './line.sql.ts'

export type SocketState = 'up' | 'down' | 'probing' | 'unknown'

/** A line as this process uses it. */
export interface LiveLine {
  row: LineRow
  /** What voice says of its socket and carrier. */
  socket: SocketState
  socketReason: string | null
  inFlight: number
  bucket: TokenBucket
  window: LineResult[]
  verdict: LineVerdict
  /** Monotonic ms until which a tripped line rests; it then gets a few calls to prove itself, and rests twice as long if it fails. */
  restUntil: number
  restMs: number
}

const REST_MS = 30_000
const REST_MAX_MS = 600_000
const UNSEEN: LineVerdict = { state: 'unproven', suspectShare: 0, held: [] }

/** Every line with its live state, its use and its health in this process. */
export class LineBoard {
  readonly #lines = new Map<LineId, LiveLine>()
  readonly #monotonic: () => number

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  get(lineId: LineId | null): LiveLine | undefined {
    return lineId === null ? undefined : this.#lines.get(lineId)
  }

  all(): LiveLine[] {
    return [...this.#lines.values()]
  }

  /** Takes the rows as stored. Answers whether voice must be told. */
  update(rows: readonly LineRow[]): boolean {
    let changed = rows.length !== this.#lines.size
    for (const row of rows) {
      const known = this.#lines.get(row.lineId)
      if (!known) {
        this.#lines.set(row.lineId, this.#newcomer(row))
        changed = true
      } else {
        if (known.row.version !== row.version) {
          changed = true
          Object.assign(known, { window: [], verdict: UNSEEN, restUntil: 0, restMs: REST_MS })
        }
        known.row = row
      }
    }
    return changed
  }

  /** One that a former process tripped rests on from here: it was never proven since. */
  #newcomer(row: LineRow): LiveLine {
    const now = this.#monotonic()
    const line: LiveLine = {
      row, socket: 'unknown', socketReason: null, inFlight: 0, bucket: fullBucket(row.maxPerSecond, now), window: [], verdict: UNSEEN, restUntil: 0, restMs: REST_MS,
    }
    if (row.trippedAt !== null) this.#rest(line, { state: 'tripped', suspectShare: 1, held: [] })
    return line
  }

  #rest(line: LiveLine, verdict: LineVerdict): void {
    line.verdict = verdict
    line.restUntil = this.#monotonic() + line.restMs
    line.restMs = Math.min(line.restMs * 2, REST_MAX_MS)
  }

  /**
   * Takes what a line said lately to a former process, oldest first. Answers the attempts to hold when that is enough to
   * trip it: the former one may have died just before.
   */
  recall(lineId: LineId, results: readonly LineResult[]): readonly string[] {
    const line = this.#lines.get(lineId)
    if (!line || line.verdict.state === 'tripped') return []
    line.window = results.slice(-LINE_WINDOW)
    const verdict = lineVerdict(line.window)
    if (verdict.state === 'tripped') this.#rest(line, verdict)
    else line.verdict = verdict
    return verdict.held
  }

  /** The lines as routing sees them. `permitted`: those a campaign names, all when it names none. */
  candidates(permitted: readonly string[]): LineNow[] {
    const now = this.#monotonic()
    return this.all().map(({ row, socket, inFlight, bucket, restUntil }) => ({
      lineId: row.lineId, type: row.type, permitted: permitted.length === 0 || permitted.includes(row.lineId), enabled: row.enabled,
      up: (socket === 'up' || socket === 'unknown') && restUntil <= now, sandbox: row.sandbox, priority: 0, weight: Math.max(row.weight, 0.01),
      maxConcurrent: row.maxConcurrent, maxPerSecond: row.maxPerSecond, inFlight, bucket,
      callerIds: row.callerIds.map((number) => ({ number, proven: true })), mayCall: row.mayCall,
    }))
  }

  /** Counts a call on its line. */
  take(lineId: LineId): void {
    const line = this.#lines.get(lineId)
    if (!line) return
    line.inFlight += 1
    line.bucket = takeToken(line.bucket, line.row.maxPerSecond, this.#monotonic())
  }

  release(lineId: LineId | null): void {
    const line = this.get(lineId)
    if (line) line.inFlight = Math.max(0, line.inFlight - 1)
  }

  /** Adds a result to the line's window. Answers the attempts whose results are held when this one trips the line. */
  judge(lineId: LineId, result: LineResult): readonly string[] {
    const line = this.#lines.get(lineId)
    if (!line) return []
    const wasTripped = line.verdict.state === 'tripped'
    line.window.push(result)
    if (line.window.length > LINE_WINDOW) line.window.shift()
    // An answer on a line that is proven changes nothing about it: half of all results spare 15 µs each.
    if (!(line.verdict.state === 'proven' && result.reason === 'answered')) line.verdict = lineVerdict(line.window)
    if (line.verdict.state !== 'tripped') {
      if (line.verdict.state === 'proven') line.restMs = REST_MS
      return []
    }
    if (wasTripped) return []
    this.#rest(line, line.verdict)
    return line.verdict.held
  }

  /** Lets lines whose rest is over prove themselves: their past no longer counts. Answers those that rested. */
  wake(): LineId[] {
    const now = this.#monotonic()
    const rested = this.all().filter((line) => line.verdict.state === 'tripped' && line.restUntil <= now)
    for (const line of rested) Object.assign(line, { window: [], verdict: UNSEEN })
    return rested.map((line) => line.row.lineId)
  }

  /** What voice is told of the lines. */
  configs(): LineConfig[] {
    return this.all().map(({ row }) => ({
      lineId: row.lineId, version: row.version, name: row.name, type: row.type, enabled: row.enabled, remote: row.remote, local: row.local,
      authUser: row.authUser, authPasswordSealed: row.authPassword?.toString('base64') ?? null, authRealm: row.authRealm,
      numberFormat: row.numberFormat, maxConcurrent: row.maxConcurrent, maxPerSecond: row.maxPerSecond, sandbox: row.sandbox, probe: row.probe, srtp: row.srtp,
      countryCode: row.countryCode, stripPrefix: row.stripPrefix, addPrefix: row.addPrefix, mayCall: row.mayCall, codecs: row.codecs, registers: row.registers, registerSeconds: row.registerSeconds, transport: row.transport, tlsCa: row.tlsCa,
    }))
  }
}
