import type { LineId } from '@loopline/vocabulary/ids'
import type { LiveLine } from '../line/line-board.ts'

/**
 * The digits that tell a telephone number from others, however it is written: without plus, 00, the country of the mainland and
 * the trunk zero. `+86 20 1234 5678`, `0086-20-12345678` and `02012345678` are one number.
 */
function significant(number: string): string {
  const digits = number.replaceAll(/\D/g, '')
  const isInternational = number.trim().startsWith('+') || digits.startsWith('00')
  const international = digits.replace(/^00/, '')
  if (isInternational && international.startsWith('86')) return international.slice(2).replace(/^0/, '')
  return isInternational ? `+${international}` : digits.replace(/^86(?=1[3-9]\d{9}$|\d{9,11}$)/, '').replace(/^0/, '')
}

/** The caller ID of ours that was dialled, as it stands with its line; on the line it came by, or on another of the same carrier. null: not ours. */
export function ourNumber(lines: readonly LiveLine[], lineId: LineId, dialled: string): string | null {
  const wanted = significant(dialled)
  if (wanted === '') return null
  const own = lines.filter(({ row }) => row.lineId === lineId)
  const others = lines.filter(({ row }) => row.lineId !== lineId && own.some((line) => line.row.sandbox === row.sandbox))
  for (const { row } of [...own, ...others]) {
    const known = row.callerIds.find((number) => significant(number) === wanted)
    if (known !== undefined) return known
  }
  return null
}
