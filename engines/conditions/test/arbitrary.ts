import fc from 'fast-check'
import type { Field, FieldCatalogue } from '@loopline/vocabulary/fields'
import { OPERATORS } from '../operators.ts'
import type { Operator } from '../operators.ts'

/** Random conditions and rows over a catalogue with a field of each type; small values, so that they often meet. */
export const NOW = Date.parse('2026-03-02T02:12:00.123Z')
const DAY = 86_400_000
const ZONE = { key: 'timeZone', column: 'time_zone' }
const ID_TAIL = '-0000-7000-8000-000000000000'

export const CATALOGUE = {
  name: { type: 'text', column: 'name' },
  level: { type: 'choice', values: ['A', 'B', 'C', "D'"], column: 'level' },
  score: { type: 'number', column: 'score' },
  attemptCount: { type: 'number', column: 'attempt_count' },
  neverCall: { type: 'boolean', column: 'never_call' },
  lastFollowUpAt: { type: 'timestamp', column: 'last_follow_up_at', nullMeansNever: true, zone: ZONE },
  pausedUntil: { type: 'timestamp', column: 'paused_until' },
  tags: { type: 'tags', column: 'tags' },
  ownerId: { type: 'id', column: 'owner_id' },
} as const satisfies FieldCatalogue

export const TABLE = `
  create table customer (
    n integer primary key, name text, level text, score double precision, attempt_count integer, never_call boolean,
    last_follow_up_at timestamptz, paused_until timestamptz, tags text[], owner_id uuid, time_zone text)`

/** Two zones with daylight saving on either half of the earth, one at a half hour, the one that matters, and none. */
const ZONES = ['Asia/Shanghai', 'Asia/Kolkata', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC']

const hostile = fc.constantFrom(
  '', ' ', "'", "' or 1=1 --", '"; drop table customer; --', '%', '_', '\\', '\\%', '%张%', '张伟', '张', '伟', 'a', 'A', 'aB',
  'é', 'e\u0301', 'ß', 'İ', 'i', '🙂', '👨‍👩‍👧', '\uE000', '\u{10000}', '$1', '{a,b}', 'null', 'NULL', '\n', '\t', '\u0001', 'toString')
const text = fc.oneof({ weight: 3, arbitrary: hostile }, {
  weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }).filter((given) => !given.includes('\u0000') && !/\p{Surrogate}/u.test(given)),
})
const number = fc.oneof(fc.integer({ min: -2, max: 4 }), fc.constantFrom(0.1, -0.5, 1e15, 2 ** 53, 1.5, -0))
const instant = fc.oneof(
  fc.integer({ min: -40, max: 40 }).map((days) => NOW + (days * DAY) / 4),
  fc.integer({ min: -3, max: 3 }).map((off) => NOW + off),
  fc.integer({ min: -7 * DAY, max: 7 * DAY }).map((off) => NOW + off))
const day = fc.integer({ min: -4, max: 4 }).map((days) => new Date(NOW + days * DAY).toISOString().slice(0, 10))
const id = fc.integer({ min: 0, max: 3 }).map((n) => `0000000${n}${ID_TAIL}`)

function scalar(field: Field): fc.Arbitrary<string | number | boolean> {
  switch (field.type) {
    case 'text': case 'tags': return text
    case 'choice': return fc.constantFrom(...field.values)
    case 'number': return number
    case 'boolean': return fc.boolean()
    case 'timestamp': return instant
    case 'id': return id
  }
}

function value(field: Field, operator: Operator): fc.Arbitrary<unknown> {
  switch (operator.takes) {
    case 'nothing': return fc.constant(null)
    case 'value': return scalar(field)
    case 'list': return fc.oneof(fc.array(scalar(field), { minLength: 1, maxLength: 3 }), fc.array(scalar(field), { minLength: 9, maxLength: 12 }))
    case 'pair': return fc.tuple(scalar(field), scalar(field)).map(([a, b]) => (a <= b ? [a, b] : [b, a]))
    case 'text': return text.filter((part) => part !== '')
    case 'days': return fc.integer({ min: 1, max: 9 })
    case 'day': return day
  }
}

/** Every operator of every field, equally likely. */
const leaf = fc.constantFrom(...Object.entries(CATALOGUE).flatMap(([name, field]: [string, Field]) =>
  Object.entries(OPERATORS[field.type])
    .filter(([, operator]) => field.type !== 'timestamp' || field.zone || !['onDay', 'today'].includes(operator.op))
    .map(([operator, spec]) => ({ name, field, operator, spec }))))
  .chain((pick) => value(pick.field, pick.spec).map((given) => ({ field: pick.name, operator: pick.operator, value: given })))

/** A tree in the editor's JSON, up to four groups deep. */
export const tree = fc.letrec((tie) => ({
  group: fc.record({
    combinator: fc.constantFrom('and', 'or'), not: fc.boolean(),
    rules: fc.array(fc.oneof({ maxDepth: 3 }, { weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: tie('group') }), { minLength: 1, maxLength: 4 }),
  }),
})).group

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 5 })

export const row = fc.record({
  name: maybe(text), level: maybe(fc.constantFrom('A', 'B', 'C', "D'")), score: maybe(number),
  attemptCount: maybe(fc.integer({ min: -2, max: 4 })), neverCall: maybe(fc.boolean()),
  lastFollowUpAt: maybe(instant), pausedUntil: maybe(instant), tags: maybe(fc.array(text, { maxLength: 3 })),
  ownerId: maybe(id), timeZone: maybe(fc.constantFrom(...ZONES)),
})

const formats = new Map<string, Intl.DateTimeFormat>()

/** The zone's offset from the runtime's own tables, as a service would pass it in. */
export function zoneOffset(zone: string, unixMs: number): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
  }
  const name = format.formatToParts(unixMs).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
