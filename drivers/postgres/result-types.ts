import pg from 'pg'

/** Type numbers of pg_type.dat. */
const INT8 = 20
const INT8_ARRAY = 1016
const DATE = 1082
const TIMESTAMPTZ = 1184

type Parse<T> = (text: string) => T
/** Its declaration lists the types of a built-in enumeration only; arrays are not among them. */
const parserOf = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse<unknown>
const integersAsText = parserOf(INT8_ARRAY) as Parse<(string | null)[]>

/**
 * How PostgreSQL's values arrive: int8 as number (count(*) is one), timestamptz as Date, date as 'YYYY-MM-DD' (a day
 * has no instant), numeric as text (it does not fit a number), uuid as text, jsonb parsed, arrays as arrays.
 */
export const resultTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): Parse<unknown> {
    if (format !== 'binary') {
      if (oid === TIMESTAMPTZ) return instant
      if (oid === INT8) return safeInteger
      if (oid === DATE) return (text) => text
      if (oid === INT8_ARRAY) return (text) => integersAsText(text).map((item) => (item === null ? null : safeInteger(item)))
    }
    return parserOf(oid, format)
  },
}

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('an int8 beyond 2^53 does not fit a number; select it as text')
  return value
}

const otherwise = parserOf(TIMESTAMPTZ)

/**
 * `2026-11-22 10:12:13.123456+00`, as a session in UTC writes it. Reading digits by position is about five times
 * faster than pg's general parser; whatever looks different (infinity, years before 1000 or after 9999) goes there.
 */
function instant(text: string): unknown {
  const length = text.length
  const simple = length >= 22 && text.charCodeAt(4) === 45 && text.charCodeAt(length - 3) === 43 && text.endsWith('00')
  if (!simple) return otherwise(text)
  let ms = 0
  if (text.charCodeAt(19) === 46) {
    for (let at = 20, unit = 100; unit >= 1; at++, unit /= 10) {
      const digit = text.charCodeAt(at) - 48
      if (digit < 0 || digit > 9) break
      ms += digit * unit
    }
  }
  return new Date(Date.UTC(digits(text, 0, 4), digits(text, 5, 7) - 1, digits(text, 8, 10), digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19), ms))
}

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) value = value * 10 + text.charCodeAt(at) - 48
  return value
}
