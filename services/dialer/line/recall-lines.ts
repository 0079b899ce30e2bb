import type { LineResult } from '@loopline/outcome/line-health'
import { uuidv7 } from '@loopline/vocabulary/ids'
import type { AttemptId, LineId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { recentResults } from './line.sql.ts'

/** Older answers say little of a line today. */
const RECENT_MS = 10 * 60_000
/** Enough for the windows of twenty busy lines, read in one go by the index of ids. */
const ATTEMPTS_MAX = 2_000

/**
 * What each line said lately, from the attempts: a dialer that was killed between false answers and the trip must not
 * make its successor believe the next ones again. Also trips a line, and takes its word back, when that was due already.
 */
export async function recallLines(dialer: Dialer): Promise<void> {
  const stored = await recentResults(dialer.db, uuidv7(dialer.clock.now() - RECENT_MS, new Uint8Array(10)), ATTEMPTS_MAX)
  const byLine = new Map<LineId, LineResult[]>()
  for (const { lineId, attemptId, reason } of stored) byLine.set(lineId, [...(byLine.get(lineId) ?? []), { id: attemptId, reason }])
  const held = [...byLine].flatMap(([lineId, results]) => dialer.lines.recall(lineId, results))
  if (held.length === 0) return
  dialer.outcomes.hold(held as AttemptId[])
  await dialer.outcomes.drain()
}
