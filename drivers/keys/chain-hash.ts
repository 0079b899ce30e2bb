import { createHash } from 'node:crypto'

/** SHA-256 in hex over the hash before it (as text, '' at first) and the sealed bytes: how the chunks of a recording are chained. */
export const chainHash = (before: string, sealed: Uint8Array): string => createHash('sha256').update(before).update(sealed).digest('hex')
