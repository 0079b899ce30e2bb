import { hashOf } from '../caller-id.ts'
import type { CallerId } from '../line.ts'
import { chooseCallerId } from './choose-caller-id.ts'
import { PROVINCES, regionOf } from './region.ts'

/** Budget: 2 µs a choice among 20 numbers, 50 µs among 1,000. Run: `node engines/routing/caller-ids/choose-caller-id.bench.ts`. */
const REGIONS = PROVINCES.map((name) => regionOf(name))

function poolOf(count: number): CallerId[] {
  return Array.from({ length: count }, (_, index) => {
    const number = `+861380${String(index).padStart(7, '0')}`
    return {
      number, proven: true, hash: hashOf(number), region: REGIONS[index % REGIONS.length] ?? null, resting: index % 17 === 0,
      usedHour: index % 20, quotaHour: 20, usedDay: index % 60, quotaDay: 60, inFlight: index % 3, channels: 3, pausedUntil: 0,
    }
  })
}

const customers = Array.from({ length: 1_000 }, (_, index) => `0192f0c1-0000-7000-8000-${index.toString(16).padStart(12, '0')}`)

function nanoseconds(pool: readonly CallerId[], shown: (index: number) => Record<string, string> | null, rounds: number): number {
  const pass = (): number => customers.reduce((chosen, customerId, index) => {
    const choice = chooseCallerId(pool, { customerId, now: 1, region: REGIONS[index % REGIONS.length] ?? null, shown: shown(index) }, 'line')
    return chosen + ('none' in choice ? 0 : 1)
  }, 0)
  pass()
  const before = performance.now()
  for (let round = 0; round < rounds; round += 1) pass()
  return Math.round(((performance.now() - before) * 1e6) / (rounds * customers.length))
}

for (const count of [1, 20, 100, 1_000, 10_000]) {
  const pool = poolOf(count)
  const known = (index: number): Record<string, string> => ({ line: pool[index % count]?.number ?? '' })
  const rounds = count > 1_000 ? 3 : 20
  console.log(JSON.stringify({ numbers: count, newCustomerNs: nanoseconds(pool, () => null, rounds), knownCustomerNs: nanoseconds(pool, known, rounds) }))
}
