import { list, parenthesis, statementsOf } from './sql-text.ts'
import type { SqlStatement } from './sql-text.ts'
import type { SourceFile } from './source-tree.ts'

interface Place {
  path: string
  line: number
}

/** Where a table's rows live on many machines. */
export type Placement = { kind: 'spread'; key: string } | { kind: 'everywhere' } | { kind: 'alone' }

export interface Table extends Place {
  name: string
  placement?: Placement
  /** The first index or foreign key that came before the placement. */
  tooEarly?: Place
}

export interface Unique extends Place {
  table: string
  columns: string[]
}

export interface ForeignKey extends Place {
  table: string
  columns: string[]
  target: string
  /** Empty where the statement leaves them to the primary key. */
  targetColumns: string[]
}

/** What the migrations of one package build. */
export interface Model {
  tables: Map<string, Table>
  uniques: Unique[]
  foreignKeys: ForeignKey[]
}

/** Follows migrations in order. Reads the shapes our migrations use, not all of SQL. */
export function modelOf(migrations: readonly SourceFile[]): Model {
  const model: Model = { tables: new Map(), uniques: [], foreignKeys: [] }
  const inOrder = [...migrations].sort((a, b) => (a.path < b.path ? -1 : 1))
  for (const statement of inOrder.flatMap(statementsOf)) follow(model, statement)
  return model
}

function follow(model: Model, statement: SqlStatement): void {
  if (/^create (?:or replace )?(?:function|procedure)/.test(statement.text)) return
  const outbox = /loopline\.create_outbox ?\( ?'(\w+)'/.exec(statement.text)?.[1]
  if (outbox) model.tables.set(`${outbox}.outbox`, { name: `${outbox}.outbox`, ...placeOf(statement), placement: { kind: 'spread', key: 'key' } })
  followPlacements(model, statement)
  followManyPlacements(model, statement)
  const created = /^create (?:unlogged )?table (?:if not exists )?([\w.]+) ?\(/.exec(statement.text)
  if (created) return followTable(model, statement, created[1] as string)
  const indexed = /^create (unique )?index (?:concurrently )?(?:if not exists )?(?:[\w.]+ )?on (?:only )?([\w.]+)/.exec(statement.text)
  if (indexed) return followIndex(model, statement, indexed[2] as string, indexed[1] !== undefined)
  const altered = /^alter table (?:if exists )?(?:only )?([\w.]+) (.*)$/.exec(statement.text)
  if (altered) for (const part of list(altered[2] as string)) followConstraint(model, statement, altered[1] as string, part.replace(/^add (column (if not exists )?)?/, ''))
}

function followPlacements(model: Model, { text }: SqlStatement): void {
  for (const [, kind, name, key] of text.matchAll(/loopline\.(spread|everywhere|alone) ?\( ?'([\w.]+)'(?: ?, ?'(\w+)')?/g)) {
    const table = model.tables.get(name as string)
    if (table) table.placement = kind === 'spread' ? { kind, key: key ?? '' } : { kind: kind as 'everywhere' | 'alone' }
  }
}

/** Many at once: `select loopline.alone('hub.' || name) from unnest(array['team', 'user']) name`; or an outbox, which places itself. */
function followManyPlacements(model: Model, { text }: SqlStatement): void {
  const many = /loopline\.(everywhere|alone) ?\( ?'(\w+)\.' ?\|\|/.exec(text)
  if (!many) return
  const [, kind, schema] = many
  for (const [, name] of text.matchAll(/'(\w+)'/g)) {
    const table = model.tables.get(`${schema}.${name}`)
    if (table) table.placement = { kind: kind as 'everywhere' | 'alone' }
  }
}

function followTable(model: Model, statement: SqlStatement, name: string): void {
  const { path, line, text } = statement
  model.tables.set(name, { name, path, line })
  for (const item of list(parenthesis(text, 0)?.inside ?? '')) followConstraint(model, statement, name, item)
}

function followIndex(model: Model, statement: SqlStatement, table: string, unique: boolean): void {
  tooEarly(model, table, statement)
  const columns = list(parenthesis(statement.text, 0)?.inside ?? '').map((column) => column.split(' ')[0] as string)
  if (unique) model.uniques.push({ ...placeOf(statement), table, columns })
}

/** A column or constraint of a table: keys and references in it. */
function followConstraint(model: Model, statement: SqlStatement, table: string, item: string): void {
  const place = { ...placeOf(statement), table }
  const named = item.replace(/^constraint \w+ /, '')
  const own = /^(primary key|unique|foreign key)/.test(named)
  const columns = own ? list(parenthesis(named, 0)?.inside ?? '') : [named.split(' ')[0] as string]
  if (/\b(primary key|unique)\b/.test(own ? named.slice(0, 12) : named)) model.uniques.push({ ...place, columns })
  const reference = /\breferences ([\w.]+)(?: ?\(([^)]*)\))?/.exec(named)
  if (!reference) return
  tooEarly(model, table, statement)
  model.foreignKeys.push({ ...place, columns, target: reference[1] as string, targetColumns: list(reference[2] ?? '') })
}

function tooEarly(model: Model, name: string, { path, line }: SqlStatement): void {
  const table = model.tables.get(name)
  if (table && !table.placement) table.tooEarly ??= { path, line }
}

function placeOf({ path, line }: SqlStatement): Place {
  return { path, line }
}
