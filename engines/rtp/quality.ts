/**
 * How a leg sounds to a listener: the E-model of ITU-T G.107 for G.711, everything the network does not change at its
 * default (Ro − Is = 93.2, A = 0). R = 93.2 − Idd − Ie,eff, and MOS from R (Annex B).
 */
const R_DEFAULT = 93.2

/** ITU-T G.113 Appendix I: equipment impairment and robustness against packet loss. */
export interface CodecImpairment {
  ie: number
  bpl: number
}
export const G711_PLAIN: CodecImpairment = { ie: 0, bpl: 4.3 }
/** With concealment, G.711 Appendix I: what browsers and good telephones do. */
export const G711_CONCEALED: CodecImpairment = { ie: 0, bpl: 25.1 }

export interface Path {
  /** 0..1, late packets counted as lost. */
  loss: number
  /** Mean length of a loss over that of random loss; 1 when unknown. */
  burstRatio: number
  /** Mouth to ear: network one way, jitter buffer, packet time. */
  delayMs: number
  codec: CodecImpairment
}

/** Transmission rating, 0..93.2. */
export function ratingOf(path: Path): number {
  return Math.max(0, R_DEFAULT - delayImpairment(path.delayMs) - lossImpairment(path))
}

/** 1..4.5, G.107 Annex B. */
export function mosOfRating(rating: number): number {
  if (rating <= 0) return 1
  if (rating >= 100) return 4.5
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
}

export function mosOf(path: Path): number {
  return mosOfRating(ratingOf(path))
}

/**
 * G.107 §7.4: how much longer losses are than random loss would make them; 1 is random, above is burstier. `bursts`: runs of
 * loss, as reception.hot.ts counts them. Without a loss there is no burst.
 */
export function burstRatioOf({ lost, bursts, expected }: { lost: number; bursts: number; expected: number }): number {
  if (lost <= 0 || bursts <= 0 || expected <= lost) return 1
  return Math.max(1, (lost / bursts) * (1 - lost / expected))
}

/** One way, from what RTCP and our own buffer know. The packet time is the sender's, 20 ms. */
export function oneWayDelayMs({ roundTripMs, bufferMs }: { roundTripMs: number | null; bufferMs: number }): number {
  return (roundTripMs ?? 0) / 2 + bufferMs + 20
}

/** Idd, §7.3: pure delay with perfect echo control (Idte = Idle = 0, G.107's echo-free case); nobody notices 100 ms. */
function delayImpairment(delayMs: number): number {
  if (delayMs <= 100) return 0
  const x = Math.log2(delayMs / 100)
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2)
}

/** Ie,eff, §7.4, with Ppl in percent. */
function lossImpairment({ loss, burstRatio, codec }: Path): number {
  const percent = Math.max(0, Math.min(1, loss)) * 100
  return percent === 0 ? codec.ie : codec.ie + (95 - codec.ie) * (percent / (percent / burstRatio + codec.bpl))
}
