import type { RowError } from './read-row.ts'

/** What an error file holds: places and codes, never what stood in the cells. */
export const ERROR_HEADER = 'row,column,code,kept\n'

export function errorLines(errors: readonly RowError[]): string {
  return errors.map(({ row, column, code, kept }) => `${row},${column ?? ''},${code},${kept ? 'yes' : 'no'}\n`).join('')
}
