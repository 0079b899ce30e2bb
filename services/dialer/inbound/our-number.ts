import type { LineId } from '@loopline/vocabulary/ids'
import type { CallerIdBoard } from '../caller-id/caller-id-board.ts'
import type { LiveLine } from '../line/line-board.ts'

/**
 * The number of ours that was dialled, as we write it: one of the line it came by, or of another of the same carrier. One that rests,
 * or was given back, is ours all the same: whoever has it in his list of calls reaches us. null: not ours.
 */
export function ourNumber(lines: readonly LiveLine[], callerIds: Pick<CallerIdBoard, 'dialled'>, lineId: LineId, dialled: string): string | null {
  const known = callerIds.dialled(dialled)
  if (!known) return null
  if (known.row.lineIds.includes(lineId)) return known.number
  const own = lines.find(({ row }) => row.lineId === lineId)
  return own && lines.some(({ row }) => known.row.lineIds.includes(row.lineId) && row.sandbox === own.row.sandbox) ? known.number : null
}
