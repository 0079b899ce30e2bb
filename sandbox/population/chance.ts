/**
 * Chance without state: the same question gives the same answer, in any process and order. 32-bit FNV-1a over the text,
 * the salts stirred in, and the finaliser of MurmurHash3.
 *
 * @returns 0 up to 1.
 */
export function chance(text: string, ...salts: readonly number[]): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  for (const salt of salts) value = stir(value ^ stir(salt + 0x9e3779b9))
  return stir(value) / 2 ** 32
}

function stir(value: number): number {
  let mixed = value >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** One of the choices by weight; `at` is 0 up to 1. */
export function pick<Choice>(choices: readonly (readonly [Choice, number])[], at: number): Choice {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0)
  let rest = at * total
  for (const [choice, weight] of choices) {
    rest -= weight
    if (rest < 0) return choice
  }
  return (choices.at(-1) as readonly [Choice, number])[0]
}

/**
 * A time as people take it: most near the median, some much longer (log-normal), kept within bounds.
 *
 * @param at 0 up to 1: the quantile. `spread`: the logarithm's standard deviation; 0.5 puts 95 % within 0.4 to 2.7 medians.
 */
export function humanTimeMs(at: number, medianMs: number, spread: number, [leastMs, mostMs]: readonly [number, number]): number {
  const clipped = Math.min(Math.max(at, 1e-6), 1 - 1e-6)
  // Logistic approximation of the normal quantile, within 2 % where it matters here.
  const deviations = Math.log(clipped / (1 - clipped)) / 1.702
  return Math.round(Math.min(mostMs, Math.max(leastMs, medianMs * Math.exp(spread * deviations))))
}
