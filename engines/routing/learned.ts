/** How often a line was tried where and when this call is, and how often a person answered: what is older counts for less. */
export interface LineRecord {
  readonly tried: number
  readonly reached: number
}

/** Of the whole line: what is expected where it has not been tried yet, as if so many calls had been made. */
const PRIOR_CALLS = 12
/** Nothing is known of the line at all: three of ten. */
const UNKNOWN = { tried: 10, reached: 3 }
/** Above this many a Beta is as good as a normal distribution. */
const NORMAL_FROM = 60

/**
 * One draw from what is believed of the line's answered-by-human rate (Thompson sampling, Thompson 1933): the less is known the wider it
 * strays, so that a line is tried as often as it may still be the best one. `random`: uniform in [0, 1).
 */
export function drawRate(here: LineRecord, line: LineRecord, random: () => number): number {
  const prior = (line.reached + UNKNOWN.reached) / (line.tried + UNKNOWN.tried)
  const successes = here.reached + PRIOR_CALLS * prior
  const failures = Math.max(0, here.tried - here.reached) + PRIOR_CALLS * (1 - prior)
  return drawBeta(Math.max(0.5, successes), Math.max(0.5, failures), random)
}

/** Beta(a, b), as the ratio of two gammas, or by its normal approximation. */
export function drawBeta(a: number, b: number, random: () => number): number {
  const sum = a + b
  if (sum > NORMAL_FROM) return Math.min(1, Math.max(0, a / sum + drawNormal(random) * Math.sqrt((a * b) / (sum * sum * (sum + 1)))))
  const x = drawGamma(a, random)
  return x / (x + drawGamma(b, random))
}

/** Box and Muller 1958. */
const drawNormal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const TRIES_MAX = 100

/** Marsaglia and Tsang 2000; below a shape of 1 by its own boost. */
function drawGamma(shape: number, random: () => number): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const normal = drawNormal(random)
    const v = (1 + c * normal) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v
  }
  return d // its mode: a generator that never lets go must not hang us
}
