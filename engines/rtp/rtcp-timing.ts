/** Times in RTCP: NTP time stamps, the round trip out of LSR and DLSR (RFC 3550 §6.4.1), and when to report next (§6.2, §6.3.1). */

/** Seconds since 1900 and their fraction of 2³². */
export interface NtpTime {
  seconds: number
  fraction: number
}

const SECONDS_1900_TO_1970 = 2_208_988_800
/** LSR, DLSR and the middle of an NTP time count 1/65536 s. */
const UNITS_PER_MS = 65.536

export function ntpOf(unixMs: number): NtpTime {
  const seconds = Math.floor(unixMs / 1_000)
  return { seconds: (seconds + SECONDS_1900_TO_1970) >>> 0, fraction: Math.floor(((unixMs - seconds * 1_000) / 1_000) * 2 ** 32) >>> 0 }
}

/** The middle 32 bits: what comes back as LSR. */
export function middleOf({ seconds, fraction }: NtpTime): number {
  return ((seconds << 16) | (fraction >>> 16)) >>> 0
}

/** How long ago their report came, in the units of DLSR. */
export function dlsrOf(elapsedMs: number): number {
  return Math.max(0, Math.min(0xffff_ffff, Math.round(elapsedMs * UNITS_PER_MS)))
}

/**
 * A − LSR − DLSR (§6.4.1 Figure 2), by our clock alone, over its wrap. Null when they have not heard a report of ours, or
 * when the sum is impossible: a negative trip beyond rounding is their mistake, never a measurement.
 */
export function roundTripMs(arrival: NtpTime, { lsr, dlsr }: { lsr: number; dlsr: number }): number | null {
  if (lsr === 0) return null
  const trip = ((middleOf(arrival) - lsr - dlsr) | 0) / UNITS_PER_MS
  return trip < -2 ? null : Math.max(0, trip)
}

export interface ReportTiming {
  /** Nothing was reported yet: half the minimum, so that quality and round trip are known early (§6.2). */
  isFirst: boolean
  members: number
  /** Mean size of a compound packet with its UDP and IP headers. */
  averageBytes: number
  /** A twentieth of the session's bandwidth; 64 kbit/s of G.711 give 400 bytes a second. */
  bytesPerSecond: number
  /** 0 up to 1, given by the caller: reports of many legs must not march in step. */
  random: number
}

export const REPORT_MIN_MS = 5_000
/** §6.3.1: e − 3/2, against the bias of reconsidering. */
const COMPENSATION = Math.E - 1.5

/** How long after the last report the next is due. A leg has two members and always the minimum: 2.1 to 6.2 s. */
export function reportIntervalMs({ isFirst, members, averageBytes, bytesPerSecond, random }: ReportTiming): number {
  const minimum = isFirst ? REPORT_MIN_MS / 2 : REPORT_MIN_MS
  const deterministic = Math.max(minimum, ((members * averageBytes) / bytesPerSecond) * 1_000)
  return (deterministic * (0.5 + random)) / COMPENSATION
}

/** A leg of a call: two members, G.711, compounds of about 130 bytes. */
export function nextReportAt({ lastAt, isFirst, random }: { lastAt: number; isFirst: boolean; random: number }): number {
  return lastAt + reportIntervalMs({ isFirst, members: 2, averageBytes: 130, bytesPerSecond: 400, random })
}
