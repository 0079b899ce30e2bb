/**
 * What one datagram may cost us (reliability.md §3, threats 4 and 8). The longest message of RFC 4475 (longreq, 34 Via
 * values) fits well inside; a carrier's INVITE has about 15 headers and 1 kB.
 */
export const LIMITS = {
  /** The largest UDP payload. */
  messageBytes: 65_535,
  /** Header lines of one message. */
  headerCount: 128,
  /** One header value, unfolded. */
  headerBytes: 8_192,
  /** Parameters of one value. */
  paramCount: 64,
  /** Comma-separated values under one name. */
  listCount: 128,
  /** CSeq numbers are below 2^31 (RFC 3261 §8.1.1.5). */
  cseqMax: 2 ** 31 - 1,
} as const
