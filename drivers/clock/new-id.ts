import { randomFillSync } from 'node:crypto'
import { uuidv7 } from '@loopline/vocabulary/ids'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'

const BYTES_PER_ID = 10
const pool = new Uint8Array(BYTES_PER_ID * 512)
let offset = pool.length

/**
 * A new UUIDv7 of the wanted brand: `newId<CustomerId>()`. Randomness is drawn 512 ids at a time (0.5 µs an id instead
 * of 2 with a system call each).
 */
export function newId<Id extends string = string>(clock: Clock = systemClock): Id {
  if (offset === pool.length) {
    randomFillSync(pool)
    offset = 0
  }
  const id = uuidv7(clock.now(), pool, offset)
  offset += BYTES_PER_ID
  return id as Id
}
