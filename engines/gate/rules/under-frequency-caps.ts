import { untilEdited } from '../facts.ts'
import type { DialFacts, Moment, Refusal } from '../facts.ts'

/** Attempts in rolling windows, whoever made them: a window has room again when its oldest attempt that counts is out of it. */
export function underFrequencyCaps({ recentAttempts }: DialFacts, { instant, pack }: Moment): Refusal | null {
  if (recentAttempts === undefined) return untilEdited('facts-missing')
  let retryAt: number | null = null
  for (const { windowMs, max } of pack.caps) {
    const inside = recentAttempts.filter((at) => at > instant - windowMs)
    if (inside.length < max) continue
    const freeAt = (inside.toSorted((a, b) => b - a)[max - 1] as number) + windowMs
    if (retryAt === null || freeAt > retryAt) retryAt = freeAt
  }
  return retryAt === null ? null : { reason: 'attempts-in-window', retryAt }
}
