import { crmError } from '../errors.ts'

/** A place in a list: the sort key and the id of the last row seen. Opaque to callers, not secret. */
export function writeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** @throws CURSOR_INVALID when it has not `length` texts. */
export function readCursor(cursor: string, length: number): string[] {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw crmError('CURSOR_INVALID')
  }
  const valid = Array.isArray(parts) && parts.length === length && parts.every((part) => typeof part === 'string')
  if (!valid) throw crmError('CURSOR_INVALID')
  return parts as string[]
}
