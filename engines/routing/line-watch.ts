import { EVIDENCE_MIN, addCall, freshCusum, hasChanged, isRelieved, withOdds } from './change-point.ts'
import type { Cusum } from './change-point.ts'

/** What may be wrong with a line though it carries calls. */
export const ALARM_KINDS = ['fewer-answers', 'more-short-calls', 'slower-ringing', 'silence', 'poor-sound', 'lost-datagrams'] as const
export type AlarmKind = (typeof ALARM_KINDS)[number]

/** A line's change against what the other lines have with the same lists at the same time. */
export interface LineAlarm {
  readonly kind: AlarmKind
  /** Ms of the caller's clock. */
  readonly since: number
  /** What was seen, over how many calls, and what was to be expected: shares 0..1, for `slower-ringing` ms. */
  readonly seen: number
  readonly expected: number
  readonly calls: number
}

/** One call that has ended, as far as it speaks of its line. */
export interface WatchedCall {
  readonly lineId: string
  /** The list it was for: a campaign, or all that is dialled by hand. Lines are compared within one. */
  readonly list: string
  readonly region: string
  readonly answered: boolean
  /** Of an answered one. */
  readonly short: boolean
}

export interface WatchedSound {
  readonly lineId: string
  readonly list: string
  readonly silent: boolean
  readonly poor: boolean
}

/** How the odds of a hit move when something is wrong. A false answer is no answer: one that is over at once is none. */
const ALARMING: Readonly<Record<Exclude<AlarmKind, 'slower-ringing'>, number>> = { 'fewer-answers': 0.4, 'more-short-calls': 3, silence: 6, 'poor-sound': 4, 'lost-datagrams': 6 }
/** What a line had with a list is forgotten by half in so many of its calls: hours and lists move on. */
const PEERS_HALF_LIFE_CALLS = 100
/** A line that has not called for the list this long says nothing of it now. */
const PEERS_AGE_MS = 600_000
/** Nobody notices what rings sooner: ten milliseconds or thirty are the same carrier. */
const NOTICED_MS = 500
/** Fewer calls of other lines for the same list say nothing. */
const PEERS_MIN = 20
/** A region's own rate weighs as much as the list's from so many calls on. */
const REGION_WEIGHT = 20
/** A line that always answers somewhat less is judged by itself: its own factor, learnt slowly, and only so far. */
const FACTOR_CALLS = 2_000
const FACTOR_PRIOR = 50
/** Answers that a line must have had before it stands out much. */
const STANDING_PRIOR = 20
const FACTOR_RANGE = [0.5, 2] as const
/**
 * The proof at the end: over the very calls that speak against it, against what the others had with the same lists since the first
 * of them. So many standard deviations, and so much worse or more.
 */
const PROOF_DEVIATIONS = 3.5
/** Below this it is refuted: the others have it too. In between, and while they have called too little, more calls are waited for. */
const REFUTED_BELOW = 1
const PROOF_CALLS_MIN = 10
const PROOF_RATIO = 1.3
/** Post-dial delay, as its logarithm: mean and deviation of the line's own past. */
const DELAY_WARM_UP = 30
const DELAY_MEMORY = 300
const DELAY_SD_MIN = 0.2
/** A deviation of a jump is forgiven at each call, and none counts for more than three. */
const DELAY_SLACK = 1
const DELAY_EVIDENCE = 20
const AWAY_MAX = 4
/** The past is taught no farther off than this: a few bad calls must not make all of them usual. */
const LEARNT_AWAY_MAX = 2
/** How much of the others' state now is their latest call. */
const DELAY_NOW = 0.5
const STRATA_MAX = 4_000

interface Rate {
  /** Fading. */
  count: number
  hits: number
  /** Never fading: what lies between two looks is their difference. */
  allCalls: number
  allHits: number
  at: number
}

/** By list, and by list and region: what each line had of it. */
type Comparison = Map<string, Map<string, Rate>>

/** The calls for one list since evidence began, and what the others had had by then. */
interface Since {
  calls: number
  hits: number
  peerCalls: number
  peerHits: number
}

interface Chart {
  up: Cusum
  back: Cusum
  /** By list; of the calls that `up` stands on. */
  since: Map<string, Since>
  alarm: LineAlarm | null
  factorSeen: number
  factorExpected: number
}

interface Delay {
  count: number
  mean: number
  variance: number
  evidence: number
  calls: number
  sum: number
  /** How far it is off now, in deviations. */
  now: number
  alarm: LineAlarm | null
}

interface Observed {
  lineId: string
  list: string
  region: string
  hit: boolean
}

type Compared = Exclude<AlarmKind, 'slower-ringing'>
const COMPARED: readonly Compared[] = ['fewer-answers', 'more-short-calls', 'silence', 'poor-sound', 'lost-datagrams']

/**
 * Tells a bad carrier from a bad list: what a line does is compared with what the other lines do with the same list, and where they can
 * be told with the same region, at the same time. A bad list, or a bad hour, lowers all of them alike, and blames nobody; with no
 * other line to compare with, only how long it takes to ring is judged, by the line's own past.
 */
export class LineWatch {
  readonly #comparisons = new Map<Compared, Comparison>(COMPARED.map((kind) => [kind, new Map()]))
  readonly #charts = new Map<string, Chart>()
  readonly #delays = new Map<string, Delay>()
  /** Lines with an alarm: nobody is measured by them. */
  readonly #alarmed = new Set<string>()

  /** Takes one call in. Answers the alarms that it raises. `now`: ms of a clock that never goes back. */
  call({ lineId, list, region, answered, short }: WatchedCall, now: number): LineAlarm[] {
    const raised: (LineAlarm | null)[] = [this.#compare('fewer-answers', { lineId, list, region, hit: answered && !short }, now)]
    if (answered) raised.push(this.#compare('more-short-calls', { lineId, list, region, hit: short }, now))
    return this.#told(lineId, raised)
  }

  /** Whether an INVITE had to be sent again because nothing came (RFC 3261 §17.1.1.2): datagrams are lost on the way. */
  sent({ lineId, list, again }: { lineId: string; list: string; again: boolean }, now: number): LineAlarm[] {
    return this.#told(lineId, [this.#compare('lost-datagrams', { lineId, list, region: '', hit: again }, now)])
  }

  /** It rings, so long after the INVITE: told at once, not when the call is over. */
  rang(lineId: string, pddMs: number, now: number): LineAlarm[] {
    return this.#told(lineId, [this.#delay(lineId, pddMs, now)])
  }

  /** Takes in how an answered call sounded. */
  sound({ lineId, list, silent, poor }: WatchedSound, now: number): LineAlarm[] {
    return this.#told(lineId, [this.#compare('silence', { lineId, list, region: '', hit: silent }, now), this.#compare('poor-sound', { lineId, list, region: '', hit: poor }, now)])
  }

  alarmsOf(lineId: string): LineAlarm[] {
    const alarms = [...COMPARED.map((kind) => this.#charts.get(`${kind}/${lineId}`)?.alarm ?? null), this.#delays.get(lineId)?.alarm ?? null]
    return alarms.filter((alarm) => alarm !== null)
  }

  /** How well people are reached over it beside the other lines with the same lists, 0.5..2; 1 while nothing is known. */
  standingOf(lineId: string): number {
    const chart = this.#charts.get(`fewer-answers/${lineId}`)
    if (!chart) return 1
    return Math.min(FACTOR_RANGE[1], Math.max(FACTOR_RANGE[0], (chart.factorSeen + STANDING_PRIOR) / (chart.factorExpected + STANDING_PRIOR)))
  }

  /** The line rested and is tried again: half of the evidence stands against it still. */
  retry(lineId: string): void {
    for (const kind of COMPARED) {
      const chart = this.#charts.get(`${kind}/${lineId}`)
      if (!chart?.alarm) continue
      relieve(chart)
      chart.up.evidence = EVIDENCE_MIN / 2
    }
    const delay = this.#delays.get(lineId)
    if (delay?.alarm) Object.assign(delay, { alarm: null, evidence: DELAY_EVIDENCE / 2, calls: 0, sum: 0 })
    this.#alarmed.delete(lineId)
  }

  /** The line was changed: what it did before no longer counts against it. */
  forget(lineId: string): void {
    for (const kind of COMPARED) this.#charts.delete(`${kind}/${lineId}`)
    this.#delays.delete(lineId)
    this.#alarmed.delete(lineId)
  }

  #told(lineId: string, raised: readonly (LineAlarm | null)[]): LineAlarm[] {
    const alarms = raised.filter((alarm) => alarm !== null)
    if (alarms.length > 0) this.#alarmed.add(lineId)
    else if (this.#alarmed.has(lineId) && this.alarmsOf(lineId).length === 0) this.#alarmed.delete(lineId)
    return alarms
  }

  #compare(kind: Compared, call: Observed, now: number): LineAlarm | null {
    const comparison = this.#comparisons.get(kind) as Comparison
    const peers = this.#peersOf(comparison, call, now)
    note(comparison, call.list, call, now)
    note(comparison, `${call.list}\n${call.region}`, call, now)
    if (peers === null) return null
    const key = `${kind}/${call.lineId}`
    let chart = this.#charts.get(key)
    if (!chart) this.#charts.set(key, chart = { up: freshCusum(), back: freshCusum(), since: new Map(), alarm: null, factorSeen: 0, factorExpected: 0 })
    return this.#judge(chart, kind, { call, peers, comparison }, now)
  }

  /** What the other lines have with this list, and in this region of it, now: 0..1; null when there is too little of it. */
  #peersOf(comparison: Comparison, { lineId, list, region }: Observed, now: number): number | null {
    const ofList = this.#others(comparison.get(list), lineId, now)
    if (ofList.count < PEERS_MIN) return null
    const listRate = (ofList.hits + 0.5) / (ofList.count + 1)
    const ofRegion = this.#others(comparison.get(`${list}\n${region}`), lineId, now)
    return (ofRegion.hits + REGION_WEIGHT * listRate) / (ofRegion.count + REGION_WEIGHT)
  }

  #others(rates: ReadonlyMap<string, Rate> | undefined, lineId: string, now: number): { count: number; hits: number; allCalls: number; allHits: number } {
    const sum = { count: 0, hits: 0, allCalls: 0, allHits: 0 }
    if (!rates) return sum
    for (const [other, rate] of rates) {
      if (other === lineId || rate.at < now - PEERS_AGE_MS || this.#alarmed.has(other)) continue
      sum.count += rate.count
      sum.hits += rate.hits
      sum.allCalls += rate.allCalls
      sum.allHits += rate.allHits
    }
    return sum
  }

  #judge(chart: Chart, kind: Compared, { call, peers, comparison }: { call: Observed; peers: number; comparison: Comparison }, now: number): LineAlarm | null {
    const factor = Math.min(FACTOR_RANGE[1], Math.max(FACTOR_RANGE[0], (chart.factorSeen + FACTOR_PRIOR * peers) / (chart.factorExpected + FACTOR_PRIOR * peers)))
    const usual = Math.min(0.95, Math.max(0.01, peers * factor))
    const alarming = withOdds(usual, ALARMING[kind])
    addCall(chart.up, call.hit, usual, alarming)
    if (chart.alarm) {
      addCall(chart.back, call.hit, alarming, usual)
      if (isRelieved(chart.back)) relieve(chart)
      return null
    }
    const keep = 1 - 1 / FACTOR_CALLS
    chart.factorSeen = chart.factorSeen * keep + (call.hit ? 1 : 0)
    chart.factorExpected = chart.factorExpected * keep + peers
    if (chart.up.evidence === 0) {
      chart.since.clear()
      return null
    }
    this.#noteSince(chart, call, comparison, now)
    if (!hasChanged(chart.up)) return null
    const proof = this.#prove(chart, kind, { lineId: call.lineId, comparison, factor }, now)
    if (proof === 'open') return null
    chart.up = freshCusum()
    chart.back = freshCusum()
    chart.since.clear()
    chart.alarm = proof
    return proof
  }

  #noteSince({ since }: Chart, { lineId, list, hit }: Observed, comparison: Comparison, now: number): void {
    let ofList = since.get(list)
    if (!ofList) {
      const { allCalls, allHits } = this.#others(comparison.get(list), lineId, now)
      since.set(list, ofList = { calls: 0, hits: 0, peerCalls: allCalls, peerHits: allHits })
    }
    ofList.calls += 1
    ofList.hits += hit ? 1 : 0
  }

  /** Against what the others had with the same lists over the same time: two samples, list by list. Null: they had it too; `open`: it cannot be told yet. */
  #prove({ since }: Chart, kind: Compared, { lineId, comparison, factor }: { lineId: string; comparison: Comparison; factor: number }, now: number): LineAlarm | null | 'open' {
    let [calls, hits, expected, variance, all] = [0, 0, 0, 0, 0]
    for (const [list, own] of since) {
      all += own.calls
      const others = this.#others(comparison.get(list), lineId, now)
      const peerCalls = others.allCalls - own.peerCalls
      if (peerCalls < PROOF_CALLS_MIN) continue
      const share = Math.min(0.97, ((others.allHits - own.peerHits + 0.5) / (peerCalls + 1)) * factor)
      calls += own.calls
      hits += own.hits
      expected += own.calls * share
      variance += own.calls * share * (1 - share) * (1 + own.calls / peerCalls)
    }
    if (calls * 2 < all) return 'open'
    const isFewer = kind === 'fewer-answers'
    const away = (isFewer ? expected - hits : hits - expected) / Math.sqrt(Math.max(variance, 0.25))
    const isFar = isFewer ? hits * PROOF_RATIO < expected : hits > expected * PROOF_RATIO
    if (away >= PROOF_DEVIATIONS && isFar) return { kind, since: now, seen: hits / calls, expected: expected / calls, calls }
    return away < REFUTED_BELOW ? null : 'open'
  }

  #delay(lineId: string, pddMs: number, now: number): LineAlarm | null {
    const latest = Math.log(Math.max(NOTICED_MS, pddMs))
    let delay = this.#delays.get(lineId)
    if (!delay) this.#delays.set(lineId, delay = { count: 0, mean: latest, variance: 0, evidence: 0, calls: 0, sum: 0, now: 0, alarm: null })
    const deviation = Math.max(DELAY_SD_MIN, Math.sqrt(delay.variance))
    const away = (latest - delay.mean) / deviation
    delay.now += DELAY_NOW * (Math.max(-1, Math.min(AWAY_MAX, away)) - delay.now)
    const before = delay.alarm
    if (delay.count >= DELAY_WARM_UP) weighDelay(delay, { pddMs, away: Math.min(AWAY_MAX, away) - this.#othersAway(lineId) }, now)
    // The past is not taught by what is in doubt, unless all are slower: then that is how it is now.
    if (delay.evidence < DELAY_EVIDENCE / 3 && !delay.alarm) learnDelay(delay, delay.count < DELAY_WARM_UP ? latest : delay.mean + Math.max(-LEARNT_AWAY_MAX, Math.min(LEARNT_AWAY_MAX, away)) * deviation)
    return before === null ? delay.alarm : null
  }

  /** How far the others are off now: what slows all of them is no line's fault. */
  #othersAway(lineId: string): number {
    let sum = 0
    let count = 0
    for (const [other, { now, count: calls, alarm }] of this.#delays) {
      if (other === lineId || calls < DELAY_WARM_UP || alarm) continue
      sum += now
      count += 1
    }
    return count === 0 ? 0 : Math.max(0, sum / count)
  }
}

function relieve(chart: Chart): void {
  chart.alarm = null
  chart.up = freshCusum()
  chart.since.clear()
}

function weighDelay(delay: Delay, { pddMs, away }: { pddMs: number; away: number }, now: number): void {
  const step = Math.max(-3, Math.min(3, away)) - DELAY_SLACK
  delay.evidence = Math.min(2 * DELAY_EVIDENCE, Math.max(0, delay.evidence + step))
  if (delay.evidence === 0) {
    Object.assign(delay, { calls: 0, sum: 0, alarm: null })
    return
  }
  delay.calls += 1
  delay.sum += pddMs
  if (delay.evidence < DELAY_EVIDENCE) return
  delay.alarm = { kind: 'slower-ringing', since: delay.alarm?.since ?? now, seen: delay.sum / delay.calls, expected: Math.exp(delay.mean), calls: delay.calls }
}

/** Mean and variance over about the last `DELAY_MEMORY` calls (West 1979). */
function learnDelay(delay: Delay, latest: number): void {
  delay.count += 1
  const weight = 1 / Math.min(delay.count, DELAY_MEMORY)
  const away = latest - delay.mean
  delay.mean += weight * away
  delay.variance = (1 - weight) * (delay.variance + weight * away * away)
}

const KEEP = 0.5 ** (1 / PEERS_HALF_LIFE_CALLS)

function note(comparison: Comparison, stratum: string, { lineId, hit }: Observed, now: number): void {
  let rates = comparison.get(stratum)
  if (!rates) {
    if (comparison.size >= STRATA_MAX) dropOld(comparison, now)
    if (comparison.size >= STRATA_MAX) return
    comparison.set(stratum, rates = new Map())
  }
  const rate = rates.get(lineId)
  if (!rate) {
    rates.set(lineId, { count: 1, hits: hit ? 1 : 0, allCalls: 1, allHits: hit ? 1 : 0, at: now })
    return
  }
  rate.count = rate.count * KEEP + 1
  rate.hits = rate.hits * KEEP + (hit ? 1 : 0)
  rate.allCalls += 1
  rate.allHits += hit ? 1 : 0
  rate.at = now
}

/** Lists come and go: those nobody calls for any more make room. */
function dropOld(comparison: Comparison, now: number): void {
  for (const [stratum, rates] of comparison) if ([...rates.values()].every(({ at }) => at < now - PEERS_AGE_MS)) comparison.delete(stratum)
}
