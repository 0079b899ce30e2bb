/**
 * When a share of something changed, call by call: Page's CUSUM of the log-likelihood ratio between what is expected and what would be
 * alarming. It forgets by itself whatever speaks for the expected, and needs no window.
 */
export interface Cusum {
  /** Evidence for a change, in nats, never below 0. */
  evidence: number
  /** Of the calls since the evidence was last 0: how many, hits among them, and hits that were to be expected. */
  calls: number
  hits: number
  expected: number
}

/** Beyond it a change is believed: between two false alarms of one chart lie e^12, 160,000 calls, or more (Lorden 1971). */
export const EVIDENCE_MIN = 12
/** Whoever was believed to have changed is believed to be well again from this much on. */
const RELIEF = 6

export const freshCusum = (): Cusum => ({ evidence: 0, calls: 0, hits: 0, expected: 0 })

/** Adds one call, in place. `usual`: how probable a hit is when nothing is wrong; `alarming`: when something is. Both within (0, 1). */
export function addCall(chart: Cusum, hit: boolean, usual: number, alarming: number): void {
  const ratio = hit ? Math.log(alarming / usual) : Math.log((1 - alarming) / (1 - usual))
  const evidence = chart.evidence + ratio
  if (evidence <= 0) {
    chart.evidence = 0
    chart.calls = 0
    chart.hits = 0
    chart.expected = 0
    return
  }
  chart.evidence = evidence
  chart.calls += 1
  chart.hits += hit ? 1 : 0
  chart.expected += usual
}

export const hasChanged = (chart: Cusum): boolean => chart.evidence >= EVIDENCE_MIN

/** A chart of the way back: fed with the two probabilities changed over. */
export const isRelieved = (chart: Cusum): boolean => chart.evidence >= RELIEF

/** Multiplies the odds of `share` and stays within what a chart can reckon with. */
export function withOdds(share: number, factor: number): number {
  const odds = (share / (1 - share)) * factor
  return Math.min(0.98, Math.max(0.005, odds / (1 + odds)))
}
