/**
 * Seeded chance. Each customer, agent and purpose has a stream of its own: two ways of pacing meet the same people, and what
 * they do differs by nothing else.
 */
export type Chance = () => number

/** A stream of numbers in (0, 1): SplitMix32 over a mix of seed, purpose and index. */
export function chance(seed: number, purpose: number, index: number): Chance {
  let state = mixed(mixed(seed + 0x51ed270b) ^ mixed(Math.imul(purpose + 1, 0x2c1b3c6d)) ^ Math.imul(index + 1, 0x9e3779b1))
  return () => {
    state = (state + 0x9e3779b9) | 0
    return ((mixed(state) >>> 0) + 0.5) / 2 ** 32
  }
}

/** David Stafford's mixer (variant 13, cut to 32 bits). */
function mixed(value: number): number {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return x ^ (x >>> 15)
}

/** Log-normal with this mean and coefficient of variation (Box and Muller). */
export function logNormal(next: Chance, mean: number, variation: number): number {
  const variance = Math.log(1 + variation * variation)
  const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next())
  return mean * Math.exp(Math.sqrt(variance) * normal - variance / 2)
}

export function exponential(next: Chance, mean: number): number {
  return -mean * Math.log(next())
}

export function between(next: Chance, from: number, to: number): number {
  return from + (to - from) * next()
}
