import type { Dialer } from '../dialer.ts'
import { closeForgotten, openRecordings } from './recording.sql.ts'

/** A recording is written to its end well within this after its call. */
const SILENT_MS = 10_000
/** Voice is away, or knows nothing of it. */
const FORGOTTEN_MS = 60_000

/** Asks voice for the ends of recordings that nobody told us: of calls that are long over, or of all. */
export async function askForEnds(dialer: Dialer, which: 'all' | 'over'): Promise<void> {
  const open = await openRecordings(dialer.db, which === 'all' ? null : new Date(dialer.clock.now() - SILENT_MS))
  if (open.length === 0) return
  dialer.voice.send({ type: 'close-recordings', recordings: open.map(({ attemptId, basis, startedAt }) => ({ attemptId, basis, startedAt: startedAt.getTime() })) })
}

/** What voice does not close within a minute after its call is said to be not whole. */
export async function closeOpenRecordings(dialer: Dialer): Promise<void> {
  await askForEnds(dialer, 'over')
  await closeForgotten(dialer.db, new Date(dialer.clock.now() - FORGOTTEN_MS))
}
