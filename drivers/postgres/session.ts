import type pg from 'pg'
import { DatabaseError, isConnectionLost, sqlState } from './errors.ts'
import { statement } from './sql.ts'
import type { SqlText } from './sql.ts'
import type { Queryable } from './queryable.ts'

/** Statements on one connection or wherever `run` takes them. */
export function queryableOver(run: Queryable['run']): Queryable {
  return {
    run,
    sql: async <Row extends object>(strings: TemplateStringsArray, ...values: unknown[]) => (await run<Row>(statement(strings, values))).rows,
    execute: async (strings, ...values) => (await run(statement(strings, values))).rowCount,
  }
}

/** Runs one statement on a connection and gives its failure the form callers expect. */
export async function runOn<Row extends object>(client: pg.ClientBase, { text, values, name }: SqlText): Promise<{ rows: Row[]; rowCount: number }> {
  try {
    const query = { text, values: values as unknown[], ...(name ? { name } : {}) }
    const result = await client.query<Row>(query)
    return { rows: result.rows, rowCount: result.rowCount ?? 0 }
  } catch (error) {
    throw presentable(error)
  }
}

/**
 * Hides what PostgreSQL quotes of a row, key or value (P16: a logger writes the message and enumerable fields), and
 * names a lost connection as what it is.
 */
export function presentable(error: unknown): unknown {
  if (error instanceof DatabaseError) return error
  if (error instanceof Error) {
    for (const quoted of ['detail', 'where', 'internalQuery']) {
      if (quoted in error) Object.defineProperty(error, quoted, { enumerable: false })
    }
    // Class 22, data exception: `invalid input syntax for type uuid: "…"`.
    if (sqlState(error)?.startsWith('22')) error.message = error.message.replace(/"[^]*"/, '"…"')
  }
  if (!isConnectionLost(error)) return error
  return new DatabaseError('CONNECTION_LOST', 'the database gave no answer; outside a transaction the statement may have taken effect', error)
}
