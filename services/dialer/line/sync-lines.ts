import type { Dialer } from '../dialer.ts'
import type { LiveLine } from './line-board.ts'
import { markTripped, readLines } from './line.sql.ts'

/** Brings lines in line with what is stored, tells voice when something changed, and lets rested lines try again. */
export async function syncLines(dialer: Dialer): Promise<void> {
  const changed = dialer.lines.update(await readLines(dialer.db))
  if (changed) dialer.voice.send({ type: 'lines', lines: dialer.lines.configs() })
  for (const lineId of dialer.lines.wake()) await markTripped(dialer.db, lineId, null, null)
  for (const line of dialer.lines.all()) {
    if (line.verdict.state === 'tripped' && line.row.trippedAt === null) {
      const reason = tripReasonOf(line)
      await markTripped(dialer.db, line.row.lineId, new Date(dialer.clock.now()), reason)
      dialer.log.warn({ lineId: line.row.lineId, reason: `${line.row.name}, ${reason}` }, 'a line was tripped; what it said last is held as line-failed')
    }
  }
}

/** A code and its figure, like every reason of a line: the console has the words. */
export const tripReasonOf = ({ verdict }: Pick<LiveLine, 'verdict'>): string => `answers-deny-everybody: ${Math.round(verdict.suspectShare * 100)} %`
