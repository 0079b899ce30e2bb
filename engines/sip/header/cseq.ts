import { LIMITS } from '../limits.ts'

const CSEQ = /^(\d{1,12})[ \t]+(\S+)$/

/** CSeq (RFC 3261 §20.16): a number below 2^31 and a method; null otherwise. */
export function readCseq(value: string): { number: number; method: string } | null {
  const match = CSEQ.exec(value)
  if (match === null) return null
  const number = Number(match[1])
  return number > LIMITS.cseqMax ? null : { number, method: match[2] as string }
}

/** A header that is a plain count of something, such as Max-Forwards or Expires; null unless 0..`max`. */
export function readCount(value: string, max: number): number | null {
  if (!/^\d{1,10}$/.test(value)) return null
  const count = Number(value)
  return count > max ? null : count
}
