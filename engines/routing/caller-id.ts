import type { CallerId } from './line.ts'

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a, 32 bits, over UTF-16 units, with a final mix so that texts differing in the end spread too. */
export function hashOf(text: string): number {
  let value = FNV_OFFSET
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), FNV_PRIME)
  return mixed(value)
}

export function mixed(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x45d9f3b)
  return (first ^ (first >>> 16)) >>> 0
}

/**
 * The number this customer sees when nothing tells one number from another: the same one each time on a line, and when a number is
 * added or taken away only that number's share of customers changes (rendezvous hashing, Thaler and Ravishankar 1998). Null when
 * none is proven.
 */
export function callerIdFor(customerId: string, callerIds: readonly CallerId[]): string | null {
  let best: string | null = null
  let bestScore = -1
  for (const { number, proven } of callerIds) {
    const score = proven ? hashOf(`${number}/${customerId}`) : -1
    if (score > bestScore) { best = number; bestScore = score }
  }
  return best
}
