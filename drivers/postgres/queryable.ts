import type { SqlText } from './sql.ts'

/** Runs one statement; parameters only, never text of a user. Returns its rows. */
export type Sql = <Row extends object = Record<string, unknown>>(strings: TemplateStringsArray, ...values: unknown[]) => Promise<Row[]>

/** What a *.sql.ts function asks for: it runs alike on the pool and inside a transaction. */
export interface Queryable {
  /** Rows of one statement. */
  readonly sql: Sql
  /** Runs one statement and answers how many rows it touched. */
  execute(strings: TemplateStringsArray, ...values: unknown[]): Promise<number>
  /** A statement that was put together elsewhere. */
  run<Row extends object = Record<string, unknown>>(statement: SqlText): Promise<{ rows: Row[]; rowCount: number }>
}

/** One transaction, valid inside `inTransaction` only. */
export interface Transaction extends Queryable {
  readonly kind: 'transaction'
  /** Called once after COMMIT was confirmed; not when its answer was lost: whoever must know looks by himself. */
  afterCommit(then: () => void): void
}

export interface Database extends Queryable {
  readonly kind: 'database'
  /** Connections: open, idle, and callers waiting for one. */
  load(): { open: number; idle: number; waiting: number }
  close(): Promise<void>
}
