import { isE164 } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'

/** What one line of a file says: a number and why, nothing (empty, heading), or something that is no number. */
export type NumberLine = { number: E164; reason: string | null } | 'empty' | 'not-a-number'

const SIGNS = /[\s().\-"'\uFEFF]/g
const CHINESE_MOBILE = /^1[3-9]\d{9}$/
const REASON_CHARS_MAX = 300

/**
 * Reads a line of a do-not-call file: the number in the first cell, the reason in the second. Registries of North America
 * write the area code in a cell of its own ("305,5551234"); the file is then one of numbers alone.
 */
export function readNumberLine(line: string, callingCode: string | null): NumberLine {
  const [first = '', second = ''] = line.split(/[,;\t]/, 2)
  const bare = first.replaceAll(SIGNS, '')
  if (bare === '') return 'empty'
  const rest = second.replaceAll(SIGNS, '')
  if (callingCode === '1' && bare.length === 3 && /^\d{7}$/.test(rest)) return numberOf(`${bare}${rest}`, callingCode, null)
  return numberOf(bare, callingCode, reasonOf(second))
}

/** A number as people write it, in E.164; null when it is none. */
export function toE164(text: string, callingCode: string | null = null): E164 | null {
  const read = readNumberLine(text.replaceAll(/[,;\t]/g, ''), callingCode)
  return typeof read === 'string' ? null : read.number
}

function numberOf(bare: string, callingCode: string | null, reason: string | null): NumberLine {
  const number = bare.startsWith('+') ? bare : withCode(bare, callingCode)
  return isE164(number) ? { number, reason } : 'not-a-number'
}

function withCode(bare: string, callingCode: string | null): string {
  if (bare.startsWith('00')) return `+${bare.slice(2)}`
  if (callingCode === null) return CHINESE_MOBILE.test(bare) ? `+86${bare}` : bare
  return `+${callingCode}${callingCode === '1' ? bare.replace(/^1(?=\d{10}$)/, '') : bare.replace(/^0/, '')}`
}

function reasonOf(cell: string): string | null {
  const text = cell.trim().replaceAll(/^"|"$/g, '')
  return text === '' ? null : text.slice(0, REASON_CHARS_MAX)
}
