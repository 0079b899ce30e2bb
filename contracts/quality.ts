/** How one leg of a call sounded, over the interval it is told for (a second, or the leg's life). */
export interface LegQuality {
  packetsReceived: number
  packetsSent: number
  /** Share of the packets due from this leg that never came, 0..1. */
  loss: number
  /** Share of ours that the far end says it missed, 0..1; null before its first report. */
  lossFar: number | null
  /** RFC 3550 interarrival jitter, ms. */
  jitterMs: number
  /** From RTCP LSR/DLSR; null before both ends have reported. */
  roundTripMs: number | null
  /** ITU-T G.107 estimate for what comes from this leg, 1..4.5; null without a packet. */
  mos: number | null
}
