import { LIMITS } from '../limits.ts'
import { splitOutside } from './list.ts'

/** Parameters by lower-case name; a parameter without a value maps to the empty string. */
export type Params = ReadonlyMap<string, string>

export const NO_PARAMS: Params = new Map()

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/
/** Values: token, host (with brackets and colons) or quoted-string (RFC 3261 §25.1 gen-value). */
const VALUE = /^(?:[A-Za-z0-9\-.!%*_+`'~:[\]]+|"(?:[^"\\]|\\[\s\S])*")$/

/**
 * `;name=value;name` with blanks allowed around `;` and `=` (SEMI, EQUAL). The text begins with the first semicolon or is
 * empty. Null when an element is empty or malformed, a name occurs twice, or there are too many.
 */
export function parseParams(text: string): Params | null {
  if (text === '') return NO_PARAMS
  const elements = splitOutside(text, ';')
  if ((elements[0] as string).trim() !== '' || elements.length > LIMITS.paramCount + 1) return null
  const params = new Map<string, string>()
  for (let index = 1; index < elements.length; index++) {
    const element = elements[index] as string
    const equals = element.indexOf('=')
    const name = (equals < 0 ? element : element.slice(0, equals)).trim().toLowerCase()
    const value = equals < 0 ? '' : element.slice(equals + 1).trim()
    if (!TOKEN.test(name) || params.has(name)) return null
    if (equals >= 0 && !VALUE.test(value)) return null
    params.set(name, value)
  }
  return params
}

/** The text of a quoted string without quotes and escapes; any other text as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text
  return text.slice(1, -1).replace(/\\([\s\S])/g, '$1')
}

/** Text as a quoted string (RFC 3261 §25.1). */
export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
