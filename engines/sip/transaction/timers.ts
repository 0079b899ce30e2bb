/** RFC 3261 §17.1.1.1, table 4; ms. */

/** Estimated round trip. */
export const T1 = 500
/** The longest wait between two retransmissions. */
export const T2 = 4_000
/** How long a message may live in the network. */
export const T4 = 5_000
/** Timers B, F, H, J and L, M of RFC 6026: how long a transaction tries or remembers. */
export const TRANSACTION_MS = 64 * T1
/** Timer D: how long a resent final response to INVITE is ACKed again over UDP ("at least 32 s"). */
export const ACK_AGAIN_MS = 32_000

/** No wake-up wanted. */
export const NEVER = Number.POSITIVE_INFINITY
