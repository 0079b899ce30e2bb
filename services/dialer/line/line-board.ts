import { lineVerdict, LINE_WINDOW } from '@loopline/outcome/line-health'
import type { LineResult, LineVerdict } from '@loopline/outcome/line-health'
import { fullBucket, takeToken } from '@loopline/routing/token-bucket'
import type { TokenBucket } from '@loopline/routing/token-bucket'
import { circuitAt, closedCircuit, failedOver, isOpenTo, openCircuit, passed, probed, shareAt, unprobed } from '@loopline/routing/circuit'
import type { Circuit } from '@loopline/routing/circuit'
import { ALARM_KINDS, LineWatch } from '@loopline/routing/line-watch'
import type { LineAlarm, WatchedCall, WatchedSound } from '@loopline/routing/line-watch'
import type { CallerId, LineNow } from '@loopline/routing/line'
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
  /** Of calls that failed before anybody's phone rang: quicker than the verdict, and it takes nothing back. */
  circuit: Circuit
}

/** A line that others do better than is left this long at first. */
const ALARM_REST_MS = 30_000
const REST_MS = 30_000
const REST_MAX_MS = 600_000
/** Stands for an attempt that another line took over. */
const GONE_ON = ''
const UNSEEN: LineVerdict = { state: 'unproven', suspectShare: 0, held: [] }

/** By the tariff that holds now, in whole units of its currency; null where none is known. */
function costPerMinute({ tariffs }: LineRow): number | null {
  const micros = tariffs.at(-1)?.microsPerMinute ?? null
  return micros === null ? null : micros / 1_000_000
}

/** Every line with its live state, its use and its health in this process. */
export class LineBoard {
  readonly #lines = new Map<LineId, LiveLine>()
  readonly #watch = new LineWatch()
  readonly #monotonic: () => number
  readonly #callerIdsOf: (lineId: LineId) => readonly CallerId[]

  constructor(monotonic: () => number, callerIdsOf: (lineId: LineId) => readonly CallerId[]) {
    this.#monotonic = monotonic
    this.#callerIdsOf = callerIdsOf
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
          Object.assign(known, { window: [], verdict: UNSEEN, restUntil: 0, restMs: REST_MS, circuit: closedCircuit() })
          this.#watch.forget(row.lineId)
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
      row, socket: 'unknown', socketReason: null, inFlight: 0, bucket: fullBucket(row.maxPerSecond, now), window: [], verdict: UNSEEN, restUntil: 0, restMs: REST_MS, circuit: closedCircuit(),
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

  /**
   * The lines as routing sees them. `permitted`: those a campaign names, all when it names none. A line that was left because others do
   * better is called over all the same by who may call over no other: it carries calls, and the worst line is better than none.
   */
  candidates(permitted: readonly string[]): LineNow[] {
    const now = this.#monotonic()
    for (const line of this.#lines.values()) line.circuit = circuitAt(line.circuit, now)
    const lines = this.all().map(({ row, socket, inFlight, bucket, restUntil, circuit }) => ({
      lineId: row.lineId, type: row.type, permitted: permitted.length === 0 || permitted.includes(row.lineId), enabled: row.enabled && !row.drainedAt,
      up: (socket === 'up' || socket === 'unknown') && restUntil <= now && isOpenTo(circuit), sandbox: row.sandbox, priority: 0, weight: Math.max(row.weight, 0.01) * shareAt(circuit, now) * this.#watch.standingOf(row.lineId), share: shareAt(circuit, now),
      costPerMinute: costPerMinute(row),
      maxConcurrent: row.maxConcurrent, maxPerSecond: row.maxPerSecond, inFlight, bucket,
      callerIds: this.#callerIdsOf(row.lineId), mayCall: row.mayCall,
    }))
    const hasOther = (sandbox: boolean): boolean => lines.some((line) => line.permitted && line.enabled && line.up && line.sandbox === sandbox)
    return lines.map((line) => (!line.up && this.#isOutdone(line.lineId, now) && !hasOther(line.sandbox) ? { ...line, up: true } : line))
  }

  /** Whether all that is against it is that other lines do better. */
  #isOutdone(lineId: LineId, now: number): boolean {
    const line = this.#lines.get(lineId)
    if (!line || !ALARM_KINDS.some((kind) => kind === line.circuit.reason)) return false
    return (line.socket === 'up' || line.socket === 'unknown') && line.restUntil <= now
  }

  /** Counts a call on its line. */
  take(lineId: LineId): void {
    const line = this.#lines.get(lineId)
    if (!line) return
    line.inFlight += 1
    line.circuit = probed(circuitAt(line.circuit, this.#monotonic()))
    line.bucket = takeToken(line.bucket, line.row.maxPerSecond, this.#monotonic())
  }

  release(lineId: LineId | null): void {
    const line = this.get(lineId)
    if (!line) return
    line.inFlight = Math.max(0, line.inFlight - 1)
    line.circuit = unprobed(line.circuit)
  }

  /** Somebody's phone rings over it, or was answered, or said no. */
  works(lineId: LineId | null): void {
    const line = this.get(lineId)
    if (!line) return
    const before = line.circuit.state
    line.circuit = passed(line.circuit, this.#monotonic())
    if (before === 'half-open' && line.circuit.state === 'closed') this.#watch.retry(line.row.lineId)
  }

  /** Takes in a call that ended. Answers what is wrong with its line since, if this call has shown it; it is then left, where another one can carry its calls. */
  watched(call: WatchedCall): LineAlarm[] {
    return this.#heed(call.lineId, this.#watch.call(call, this.#monotonic()))
  }

  /** The same of whether an INVITE had to be sent again. */
  sent(lineId: LineId, list: string, again: boolean): LineAlarm[] {
    return this.#heed(lineId, this.#watch.sent({ lineId, list, again }, this.#monotonic()))
  }

  /** The same of how long it took to ring. */
  rang(lineId: LineId, pddMs: number): LineAlarm[] {
    return this.#heed(lineId, this.#watch.rang(lineId, pddMs, this.#monotonic()))
  }

  /** The same of how a call sounded. */
  heard(sound: WatchedSound): LineAlarm[] {
    return this.#heed(sound.lineId, this.#watch.sound(sound, this.#monotonic()))
  }

  alarmsOf(lineId: LineId): LineAlarm[] {
    return this.#watch.alarmsOf(lineId)
  }

  #heed(lineId: string, alarms: LineAlarm[]): LineAlarm[] {
    const line = this.get(lineId as LineId)
    const [alarm] = alarms
    if (!line || !alarm) return alarms
    const now = this.#monotonic()
    const isSpared = this.all().some((other) => other !== line && other.row.enabled && !other.row.drainedAt && other.row.sandbox === line.row.sandbox
      && (other.socket === 'up' || other.socket === 'unknown') && other.restUntil <= now && other.circuit.state === 'closed')
    if (isSpared) line.circuit = openCircuit(line.circuit, alarm.kind, now, ALARM_REST_MS)
    return alarms
  }

  /** It failed a call before anybody's phone rang. */
  failed(lineId: LineId | null, reason: string): void {
    const line = this.get(lineId)
    if (line) line.circuit = failedOver(circuitAt(line.circuit, this.#monotonic()), reason, this.#monotonic())
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
    return line.verdict.held.filter((id) => id !== GONE_ON)
  }

  /** An attempt goes on over another line: its failure counts against this one, and is never to be taken back from the attempt. */
  forgive(lineId: LineId, attemptId: string): void {
    const window = this.#lines.get(lineId)?.window ?? []
    const at = window.findLastIndex((result) => result.id === attemptId)
    const result = window[at]
    if (result) window[at] = { ...result, id: GONE_ON }
  }

  /** Lets lines whose rest is over prove themselves: their past no longer counts. Answers those that rested. */
  wake(): LineId[] {
    const now = this.#monotonic()
    const rested = this.all().filter((line) => line.verdict.state === 'tripped' && line.restUntil <= now)
    for (const line of rested) Object.assign(line, { window: [], verdict: UNSEEN, circuit: { ...openCircuit(closedCircuit(), 'tripped', now), openUntil: now } })
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
