/** What the database holds of ours, read from its catalogue: a table that a later migration adds is in the next backup by itself. */
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import { sqlText } from '@loopline/postgres/sql'

export interface Table {
  schema: string
  name: string
  columns: string[]
}

export interface Sequence {
  schema: string
  name: string
  lastValue: string
}

/** Which files were applied is told by the manifest, and that a restore goes on is no content. */
const NOT_CONTENT = new Set(['loopline.migration', 'loopline.restore'])

/** Made by a library at its start, and filled again from what is ours: the queue of imports, from those that are unfinished. */
const MADE_BY_LIBRARIES = ['crm_jobs']

/** Tables and partitioned tables of ours; those that others refer to come first. */
export async function readTables(database: Queryable): Promise<Table[]> {
  const tables = await database.sql<Table>`
    select n.nspname::text as schema, c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
      and n.nspname <> 'public' and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%' and n.nspname <> all (${MADE_BY_LIBRARIES})
      and not exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    group by 1, 2 order by 1, 2`
  const references = await database.sql<{ child: string; parent: string }>`
    select r.conrelid::regclass::text as child, r.confrelid::regclass::text as parent
    from pg_constraint r where r.contype = 'f' and r.conrelid <> r.confrelid`
  return parentsFirst(tables.filter((table) => !NOT_CONTENT.has(plainName(table))), references.map(({ child, parent }) => [unquoted(child), unquoted(parent)]))
}

/** A sequence that was never used has no last value. */
export function readSequences(database: Queryable): Promise<Sequence[]> {
  return database.sql<Sequence>`
    select schemaname::text as schema, sequencename::text as name, last_value::text as "lastValue" from pg_sequences
    where last_value is not null and schemaname not like 'pg\\_%' and schemaname <> 'public' and schemaname <> all (${MADE_BY_LIBRARIES}) order by 1, 2`
}

export async function writeSequence(database: Queryable, { schema, name, lastValue }: Sequence): Promise<void> {
  await database.sql`select setval(format('%I.%I', ${schema}::text, ${name}::text)::regclass, ${lastValue}::bigint)`
}

export async function emptyTables(database: Queryable, tables: readonly Table[]): Promise<void> {
  if (tables.length > 0) await database.run(sqlText(`truncate ${tables.map(sqlName).join(', ')}`, []))
}

/** While a file is written out the transaction stands still, for longer than a service of ours may let one. */
export async function waitForDisk(transaction: Transaction): Promise<void> {
  await transaction.sql`set local idle_in_transaction_session_timeout = 0`
}

/** Schema, table and columns as SQL: names from the catalogue or from a manifest whose proof held. */
export const sqlTarget = (table: Table): string => `${sqlName(table)} (${table.columns.map(quoted).join(', ')})`
export const plainName = ({ schema, name }: Pick<Table, 'schema' | 'name'>): string => `${schema}.${name}`

const sqlName = ({ schema, name }: Table): string => `${quoted(schema)}.${quoted(name)}`
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const unquoted = (name: string): string => name.replaceAll('"', '')

function parentsFirst(tables: readonly Table[], references: readonly (readonly [string, string])[]): Table[] {
  const byName = new Map(tables.map((table) => [plainName(table), table]))
  const ordered = new Set<Table>()
  const visit = (table: Table, path: readonly Table[]): void => {
    if (ordered.has(table) || path.includes(table)) return
    for (const [child, parent] of references) {
      const above = child === plainName(table) ? byName.get(parent) : undefined
      if (above !== undefined) visit(above, [...path, table])
    }
    ordered.add(table)
  }
  for (const table of tables) visit(table, [])
  return [...ordered]
}
