import { createHash } from 'node:crypto'
import { assert } from '@loopline/vocabulary/assert'

/** A statement or a part of one with its parameters apart: `$1` in the text is `values[0]`. */
export class SqlText {
  readonly text: string
  readonly values: readonly unknown[]
  /** Prepared under this name on each connection, or not at all. */
  readonly name: string | undefined
  constructor(text: string, values: readonly unknown[], name?: string) {
    this.text = text
    this.values = values
    this.name = name
  }
}

/** Text written by a compiler of ours (engines/conditions), never by a user. Its `$1…` are renumbered where it is placed. */
export function sqlText(text: string, values: readonly unknown[]): SqlText {
  return new SqlText(text, values)
}

/** A part of a statement, to be placed in another with `${}`: fragment`owner_id = ${id}`. */
export function fragment(strings: TemplateStringsArray, ...values: unknown[]): SqlText {
  return compose(strings, values)
}

/** A name as PostgreSQL quotes it; dots separate schema, table and column. */
export function identifier(name: string): SqlText {
  return new SqlText(name.split('.').map((part) => `"${part.replaceAll('"', '""')}"`).join('.'), [])
}

/** A value for a json or jsonb parameter. Without it an array would become a PostgreSQL array. */
export function json(value: unknown): { toPostgres(): string } {
  return { toPostgres: () => JSON.stringify(value) }
}

interface Site {
  text: string
  name: string
}
const sites = new WeakMap<TemplateStringsArray, Site>()

/**
 * The statement of one tagged template. A template without fragments has the same text every time: it is put together
 * once and prepared under the hash of its text, which spares the server parsing and planning. One with fragments has
 * many texts; naming them all would fill the server's memory, and its conditions deserve a plan of their own.
 */
export function statement(strings: TemplateStringsArray, values: readonly unknown[]): SqlText {
  if (values.some((value) => value instanceof SqlText)) return compose(strings, values)
  let site = sites.get(strings)
  if (!site) {
    const text = strings.reduce((before, part, index) => `${before}$${index}${part}`)
    site = { text, name: `l${createHash('sha256').update(text).digest('base64url').slice(0, 22)}` }
    sites.set(strings, site)
  }
  return new SqlText(site.text, values.map(parameter), site.name)
}

function compose(strings: TemplateStringsArray, values: readonly unknown[]): SqlText {
  const parameters: unknown[] = []
  const text = strings.reduce((before, part, index) => {
    const value = values[index - 1]
    if (!(value instanceof SqlText)) return `${before}$${parameters.push(parameter(value))}${part}`
    const offset = parameters.length
    parameters.push(...value.values.map(parameter))
    return `${before}${value.text.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + offset}`)}${part}`
  })
  return new SqlText(text, parameters)
}

/** The form in which a value goes to pg. Dates as ISO text: pg's own form is local time and four times slower. */
function parameter(value: unknown): unknown {
  assert(value !== undefined, 'an SQL parameter is undefined: say null where nothing is meant')
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(parameter)
  if (typeof value === 'object' && value !== null) {
    // A Phone would be stored as its mask, silently.
    assert(!('reveal' in value), 'a Phone is no SQL parameter: encrypt it, or reveal() it')
  }
  return value
}
