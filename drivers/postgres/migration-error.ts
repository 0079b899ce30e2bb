/** Why the database is not brought to this version of the product. Nothing of the failed step has happened. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
  readonly code:
    /** A file was edited after it had been applied. */
    | 'MIGRATION_CHANGED'
    /** A file between others is gone. */
    | 'MIGRATION_MISSING'
    | 'MIGRATION_MISNAMED'
    /** The database was migrated by a newer version of the product. */
    | 'DATABASE_NEWER'
    /** Steps are outstanding and this process may only look (`requireMigrated`). */
    | 'MIGRATION_PENDING'
    /** PostgreSQL refused a step. */
    | 'MIGRATION_FAILED'
    /** A backup is being restored into this database, or that was broken off. */
    | 'RESTORE_UNFINISHED'
  constructor(code: MigrationError['code'], service: string, what: string, cause?: unknown) {
    super(`migrations of ${service}: ${what}`, { cause })
    this.code = code
  }
}
