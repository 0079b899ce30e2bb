import type { Field } from '@loopline/vocabulary/fields'
import { isId } from '@loopline/vocabulary/ids'
import type { Scalar, Test } from './condition.ts'
import type { Operator } from './operators.ts'
import type { Limits } from './limits.ts'

/** What can be wrong with a value; every word is also an error code of parseCondition. */
export type ValueFault =
  | 'VALUE_NOT_EXPECTED' | 'VALUE_WRONG_TYPE' | 'VALUE_NOT_IN_CHOICES' | 'VALUE_NOT_STORABLE' | 'VALUE_EMPTY'
  | 'VALUE_OUT_OF_RANGE' | 'TEXT_TOO_LONG' | 'LIST_TOO_LONG' | 'LIST_EMPTY' | 'RANGE_REVERSED'

/** A fault, with the place inside the value where it lies ('' or '/3'). */
export class Fault {
  readonly code: ValueFault
  readonly at: string
  constructor(code: ValueFault, at = '') {
    this.code = code
    this.at = at
  }
}

/** Years 0001 to 9999, which both ISO 8601 with four digits and PostgreSQL can write. */
const INSTANT_MIN = -62_135_596_800_000
const INSTANT_MAX = 253_402_300_799_999
const DAYS_MAX = 36_500
const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/
const ISO_DAY = /^\d{4}-\d\d-\d\d$/
/** PostgreSQL text holds neither NUL nor half of a surrogate pair: such a text would differ there from here. */
const NOT_STORABLE = /\u0000|\p{Surrogate}/u

/** Reads the JSON value beside an operator into a typed test, or says what is wrong with it. */
export function readTest(operator: Operator, field: Field, value: unknown, limits: Limits): Test | Fault {
  const { op } = operator
  switch (op) {
    case 'null': case 'inPast': case 'inFuture': case 'today':
      // The editor leaves '' or null beside operators without a value.
      return value === undefined || value === null || value === '' ? { op } : new Fault('VALUE_NOT_EXPECTED')
    case '=': return wrap(readScalar(field, value, limits), (scalar) => ({ op, value: scalar }))
    case '<': case '<=': case '>': case '>=':
      return wrap(readScalar(field, value, limits), (scalar) => ({ op, value: scalar as number }))
    case 'in': case 'hasAny': case 'hasAll': return wrap(readList(field, value, limits), (list) => ({ op, list }))
    case 'between': return readPair(field, value, limits)
    case 'contains': case 'beginsWith':
      return wrap(readText(value, limits), (text) => (text === '' ? new Fault('VALUE_EMPTY') : { op, text }))
    case 'withinLastDays': return wrap(readDays(value, 1), (days) => ({ op, days }))
    case 'olderThanDays': return wrap(readDays(value, 0), (days) => ({ op, days }))
    case 'onDay': return wrap(readDay(value), (day) => ({ op, day }))
  }
}

function wrap<T>(read: T | Fault, make: (value: T) => Test | Fault): Test | Fault {
  return read instanceof Fault ? read : make(read)
}

function readScalar(field: Field, value: unknown, limits: Limits): Scalar | Fault {
  switch (field.type) {
    case 'text': case 'tags': return readText(value, limits)
    case 'choice':
      if (typeof value !== 'string') return new Fault('VALUE_WRONG_TYPE')
      return field.values.includes(value) ? value : new Fault('VALUE_NOT_IN_CHOICES')
    case 'number': return typeof value === 'number' && Number.isFinite(value) ? value : new Fault('VALUE_WRONG_TYPE')
    case 'boolean': return typeof value === 'boolean' ? value : new Fault('VALUE_WRONG_TYPE')
    case 'timestamp': return readInstant(value)
    case 'id': return typeof value === 'string' && isId(value) ? value : new Fault('VALUE_WRONG_TYPE')
  }
}

function readText(value: unknown, limits: Limits): string | Fault {
  if (typeof value !== 'string') return new Fault('VALUE_WRONG_TYPE')
  if (value.length > limits.textLengthMax) return new Fault('TEXT_TOO_LONG')
  return NOT_STORABLE.test(value) ? new Fault('VALUE_NOT_STORABLE') : value
}

function readList(field: Field, value: unknown, limits: Limits): readonly Scalar[] | Fault {
  if (!Array.isArray(value)) return new Fault('VALUE_WRONG_TYPE')
  if (value.length > limits.listLengthMax) return new Fault('LIST_TOO_LONG')
  // An empty list has two plausible readings (nobody, no demand); neither is guessed.
  if (value.length === 0) return new Fault('LIST_EMPTY')
  const list: Scalar[] = []
  for (const [index, element] of value.entries()) {
    const scalar = readScalar(field, element, limits)
    if (scalar instanceof Fault) return new Fault(scalar.code, `/${index}`)
    list.push(scalar)
  }
  return list
}

function readPair(field: Field, value: unknown, limits: Limits): Test | Fault {
  if (!Array.isArray(value) || value.length !== 2) return new Fault('VALUE_WRONG_TYPE')
  const list = readList(field, value, limits)
  if (list instanceof Fault) return list
  const [from, to] = list as [number, number]
  return from > to ? new Fault('RANGE_REVERSED') : { op: 'between', from, to }
}

function readInstant(value: unknown): number | Fault {
  const ms = typeof value === 'string' && ISO_INSTANT.test(value) ? Date.parse(value) : value
  if (typeof ms !== 'number' || !Number.isInteger(ms)) return new Fault('VALUE_WRONG_TYPE')
  return ms >= INSTANT_MIN && ms <= INSTANT_MAX ? ms : new Fault('VALUE_OUT_OF_RANGE')
}

function readDays(value: unknown, min: number): number | Fault {
  if (typeof value !== 'number' || !Number.isInteger(value)) return new Fault('VALUE_WRONG_TYPE')
  return value >= min && value <= DAYS_MAX ? value : new Fault('VALUE_OUT_OF_RANGE')
}

function readDay(value: unknown): string | Fault {
  if (typeof value !== 'string' || !ISO_DAY.test(value)) return new Fault('VALUE_WRONG_TYPE')
  const ms = Date.parse(`${value}T00:00:00Z`)
  // Date.parse takes 30 February for 2 March; a day that does not come back as it was written does not exist.
  const exists = ms >= INSTANT_MIN && new Date(ms).toISOString().startsWith(value)
  return exists ? value : new Fault('VALUE_OUT_OF_RANGE')
}
