/**
 * Failures of the database that a caller can meet with a plan. Anything else PostgreSQL says (a violated constraint,
 * wrong SQL) arrives as pg's own error with its SQLSTATE; look at it with `sqlState` and `isUniqueViolation`.
 */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError'
  readonly code: 'DATABASE_UNAVAILABLE' | 'DATABASE_BUSY' | 'CONNECTION_LOST' | 'COMMIT_UNKNOWN' | 'TRANSACTION_ABORTED'
  constructor(code: DatabaseError['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * COMMIT was sent and no answer came: the transaction may have happened (reliability F5). Never repeat the work and
 * never act as if it failed: read back by your own key on a new connection, then go on or close.
 */
export class CommitUnknownError extends DatabaseError {
  override readonly name = 'CommitUnknownError'
  constructor(cause: unknown) {
    super('COMMIT_UNKNOWN', 'the connection was lost while committing: the transaction may or may not have happened', cause)
  }
}

/** The five characters of PostgreSQL's error code (SQLSTATE), or undefined where the failure was not the server's. */
export function sqlState(error: unknown): string | undefined {
  // A socket's EPIPE has five capitals too; only the server's errors have a severity.
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown }
  return typeof severity === 'string' && typeof code === 'string' ? code : undefined
}

/** Whether a unique or primary key of the table refused the row. By table: constraint names get suffixes on Citus. */
export function isUniqueViolation(error: unknown, table?: string): boolean {
  if (sqlState(error) !== '23505') return false
  const { schema, table: at } = error as { schema?: string; table?: string }
  return table === undefined || `${schema}.${at}` === table || `${schema}.${at}`.startsWith(`${table}_`)
}

/** 08: connection; 57P01–3: shutdown; 25006: read-only, an old primary; 0A000: a plan older than the last migration. */
const CONNECTION_IS_USELESS = /^(08...|57P0[1-5]|25006|XX...|0A000)$/

/**
 * Whether the connection may not be used again: it broke, timed out with an answer still to come, or leads to a server
 * that cannot serve. Errors without SQLSTATE come from the socket or from pg's own timer.
 */
export function endsConnection(error: unknown): boolean {
  const state = sqlState(error)
  return state === undefined || CONNECTION_IS_USELESS.test(state)
}

/** Whether the statement got no answer, so that nobody can say if it took effect. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === 'CONNECTION_LOST' || error.code === 'COMMIT_UNKNOWN'
  const state = sqlState(error)
  if (state !== undefined) return /^(08...|57P0[1-5])$/.test(state)
  const { message, code } = error as { message?: string; code?: string }
  return /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET)/.test(code ?? '') || /Connection (terminated|ended)|Query read timeout|not queryable/.test(message ?? '')
}
