import { untilEdited } from '../facts.ts'
import type { DialFacts, Moment, Refusal } from '../facts.ts'

/** Who answered and heard nobody is left alone by campaigns for a while; a seller who dials by hand is there to speak. */
export function abandonedLeftAlone({ abandonedAt, origin }: DialFacts, { instant, pack }: Moment): Refusal | null {
  if (abandonedAt === undefined || origin === undefined) return untilEdited('facts-missing')
  if (abandonedAt === null || origin.kind === 'manual') return null
  const until = abandonedAt + pack.abandonedLockMs
  return pack.abandonedLockMs === 0 || until <= instant ? null : { reason: 'abandoned-lockout', retryAt: until }
}
