import type { Dialer } from '../dialer.ts'
import { callsWithoutRecording, closeForgotten, openRecordings } from './recording.sql.ts'

/** A recording is written to its end well within this after its call. */
const SILENT_MS = 10_000
/** Voice is away, or knows nothing of it. */
const FORGOTTEN_MS = 60_000
/** How far back voice is asked for recordings that we know nothing of, when it is there again. */
const UNKNOWN_MS = 6 * 3_600_000

/**
 * Asks voice for the ends of recordings that nobody told us: of calls that are long over, or, when a link begins, of all, and of
 * calls whose short recording was told to a process that died before it could keep it: the store knows of those.
 */
export async function askForEnds(dialer: Dialer, which: 'all' | 'over'): Promise<void> {
  const open = await openRecordings(dialer.db, which === 'all' ? null : new Date(dialer.clock.now() - SILENT_MS))
  const unknown = which === 'all' ? await callsWithoutRecording(dialer.db, lowestIdAt(dialer.clock.now() - UNKNOWN_MS)) : []
  const recordings = [
    ...open.map(({ attemptId, basis, startedAt }) => ({ attemptId, basis, startedAt: startedAt.getTime() })),
    ...unknown.map(({ attemptId }) => ({ attemptId, basis: null, startedAt: null })),
  ]
  if (recordings.length > 0) dialer.voice.send({ type: 'close-recordings', recordings })
}

/** No UUID of version 7 made at this instant or later is lower (RFC 9562 §5.7). */
function lowestIdAt(instant: number): string {
  const hex = Math.max(0, Math.floor(instant)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** What voice does not close within a minute after its call is said to be not whole. */
export async function closeOpenRecordings(dialer: Dialer): Promise<void> {
  await askForEnds(dialer, 'over')
  await closeForgotten(dialer.db, new Date(dialer.clock.now() - FORGOTTEN_MS))
}
