/** Where a driver reports what it did on its own: the part of pino's logger we use, fields first. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const nothing = (): void => undefined

/** For tests and one-shot tools that have nobody to tell. */
export const SILENT: Log = { info: nothing, warn: nothing, error: nothing }
