/** Where a number stands in clear (promise P16): in any file below a folder, in any column of any table. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import pg from 'pg'

/** The digits as text, as hexadecimal and as base64 of each alignment show them. */
function formsOf(digits: string): Buffer[] {
  const text = Buffer.from(digits)
  const base64 = [0, 1, 2].map((shift) => {
    const coded = Buffer.concat([Buffer.alloc(shift), text]).toString('base64')
    // Characters at both ends also hold bits of whatever stands beside them.
    return coded.slice(shift === 0 ? 0 : shift + 1, -4)
  })
  return [text, Buffer.from(text.toString('hex')), ...base64.map((part) => Buffer.from(part))]
}

/** Files below the folder that hold the digits; with how many bytes were looked at. */
export function filesHolding(folder: string, digits: string): { files: string[]; bytes: number } {
  const forms = formsOf(digits)
  const files: string[] = []
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const content = readFileSync(path)
    bytes += content.length
    if (forms.some((form) => content.includes(form))) files.push(relative(folder, path))
  }
  return { files, bytes }
}

/** Tables with a row whose text holds the digits; with how many rows were looked at. */
export async function tablesHolding(databaseUrl: string, digits: string): Promise<{ tables: string[]; rows: number }> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows: found } = await client.query<{ name: string }>(`
      select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`)
    const tables: string[] = []
    let rows = 0
    for (const { name } of found) {
      const { rows: [count] } = await client.query<{ held: number; rows: number }>(
        `select count(*) filter (where t::text like any ($1))::int as held, count(*)::int as rows from ${name} t`,
        [formsOf(digits).map((form) => `%${form.toString()}%`)])
      rows += count?.rows ?? 0
      if (count && count.held > 0) tables.push(name)
    }
    return { tables, rows }
  } finally {
    await client.end()
  }
}
