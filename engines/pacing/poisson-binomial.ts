/**
 * Sums of independent yes-or-no events that differ in probability. Small sums exactly, by convolution; large ones by the
 * normal law with continuity correction (Hong 2013, "On computing the distribution function for the Poisson binomial").
 */
export interface CountLaw {
  mean: number
  variance: number
  /** Probabilities of 0, 1, 2 … while exact; null once the sum is large. */
  exact: number[] | null
}

/** Above this variance the normal law is off by less than what is known of the probabilities. */
const EXACT_VARIANCE_MAX = 9
const EXACT_LENGTH = 48

export function nothing(): CountLaw {
  return { mean: 0, variance: 0, exact: [1] }
}

/** Adds one event. In place. */
export function addEvent(law: CountLaw, probability: number): void {
  law.mean += probability
  law.variance += probability * (1 - probability)
  const { exact } = law
  if (exact === null) return
  if (law.variance > EXACT_VARIANCE_MAX || exact.length === EXACT_LENGTH) { law.exact = null; return }
  const no = 1 - probability
  exact.push(0)
  for (let count = exact.length - 1; count > 0; count -= 1) exact[count] = (exact[count] as number) * no + (exact[count - 1] as number) * probability
  exact[0] = (exact[0] as number) * no
}

/** P(wanted ≥ free + freed): that all who become free are taken when one more comes. `free` may be negative. */
export function noneLeft(wanted: CountLaw, freed: CountLaw, free: number): number {
  if (wanted.exact === null || freed.exact === null) {
    const sd = Math.sqrt(wanted.variance + freed.variance)
    return normalBelow((wanted.mean - freed.mean - free + 0.5) / Math.max(1e-6, sd))
  }
  let total = 0, freedUpTo = 0, next = 0
  for (let count = Math.max(0, free); count < wanted.exact.length; count += 1) {
    while (next < freed.exact.length && next <= count - free) { freedUpTo += freed.exact[next] as number; next += 1 }
    total += (wanted.exact[count] as number) * freedUpTo
  }
  return Math.min(1, total)
}

/** Standard normal distribution function (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return z > 0 ? 1 - tail : tail
}
