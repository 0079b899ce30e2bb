/** How much one condition may cost to read and to run; beyond, it is refused before any work is done on it. */
export interface Limits {
  /** Groups inside groups; the root is 1. */
  readonly depthMax: number
  /** Groups and leaves together. */
  readonly nodesMax: number
  /** Elements of one list. */
  readonly listLengthMax: number
  /** UTF-16 units of one text. */
  readonly textLengthMax: number
  /** Errors reported at once. */
  readonly errorsMax: number
}

/** Wide enough for what people build in an editor; a list of ids by API fits too. */
export const LIMITS: Limits = { depthMax: 8, nodesMax: 200, listLengthMax: 1_000, textLengthMax: 200, errorsMax: 20 }
