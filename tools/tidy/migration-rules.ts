import { modelOf } from './table-model.ts'
import type { ForeignKey, Model, Table } from './table-model.ts'
import type { Finding, SourceFile, SourceTree } from './source-tree.ts'

const RULE = 'data-rules'

/** Tables whose shape would fail, or tear, on many machines (data-rules.md, Must). */
export function tableShapes(tree: SourceTree): Finding[] {
  return modelsOf(tree).flatMap((model) => [
    ...[...model.tables.values()].flatMap(placement),
    ...uniqueKeys(model),
    ...model.foreignKeys.flatMap((key) => foreignKey(model, key)),
  ])
}

/** One model for each folder of migrations. */
export function modelsOf(tree: SourceTree): Model[] {
  const folders = new Map<string, SourceFile[]>()
  for (const file of tree.files) {
    const folder = /^(.*)\/migrations\/[^/]+\.sql$/.exec(file.path)?.[1]
    if (folder) folders.set(folder, [...(folders.get(folder) ?? []), file])
  }
  return [...folders.values()].map(modelOf)
}

function placement(table: Table): Finding[] {
  const { path, line, name } = table
  if (!table.placement) return [{ path, line, rule: RULE, message: `${name}: say loopline.spread, everywhere or alone, or a transaction over it and a spread table is torn` }]
  if (table.placement.kind === 'spread' && !table.placement.key) return [{ path, line, rule: RULE, message: `${name}: loopline.spread needs the column` }]
  return table.tooEarly && table.placement.kind !== 'alone'
    ? [{ ...table.tooEarly, rule: RULE, message: `${name}: create table, then ${table.placement.kind}, then indexes, then foreign keys` }]
    : []
}

function uniqueKeys({ tables, uniques }: Model): Finding[] {
  return uniques.flatMap(({ path, line, table, columns }) => {
    const at = tables.get(table)?.placement
    return at?.kind === 'spread' && !columns.includes(at.key)
      ? [{ path, line, rule: RULE, message: `${table}: unique (${columns.join(', ')}) must contain the spread column ${at.key}` }]
      : []
  })
}

function foreignKey({ tables }: Model, key: ForeignKey): Finding[] {
  const refuse = (because: string): Finding[] => [{ path: key.path, line: key.line, rule: RULE, message: `${key.table} → ${key.target}: ${because}` }]
  const from = tables.get(key.table)?.placement
  const to = tables.get(key.target)?.placement
  if (!to) return refuse('a foreign key leads only to a placed table of the same service')
  if (to.kind === 'everywhere') return []
  if (to.kind === 'alone') return from?.kind === 'spread' ? refuse('a spread table cannot refer to one that is alone') : []
  if (from?.kind !== 'spread') return refuse('a reference from a table that is not spread to a spread one leaves orphans')
  return pairs(key, from.key, to.key) ? [] : refuse(`the key must contain the spread column on both sides (${from.key} → ${to.key})`)
}

function pairs(key: ForeignKey, from: string, to: string): boolean {
  const at = key.columns.indexOf(from)
  // Left to the primary key, which contains the spread column first by our convention.
  return at >= 0 && (key.targetColumns.length === 0 ? key.columns.length > 1 || key.columns[0] === from : key.targetColumns[at] === to)
}
