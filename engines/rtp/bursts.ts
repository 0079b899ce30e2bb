/**
 * Tells losses that come close together (a burst) from those that come alone (a gap's), as VoIP metrics want it: the counts
 * and the reckoning of RFC 3611 §4.7.2 and Appendix A.2. Nothing is done per packet: only a loss is work.
 */

/** §4.7.2, recommended: so many packets in a row without a loss end a burst. */
export const GAP_MIN = 16

/** Of the wire: densities of 256, durations in ms. */
export interface BurstFigures {
  burstDensity: number
  gapDensity: number
  burstMs: number
  gapMs: number
}

export class Bursts {
  /** Received when the last loss was noticed. */
  #receivedAtLoss = 0
  /** Losses of the present burst; 1 may still turn out to be alone, 0: none yet. */
  #losses = 0
  #inGap = 0
  #gapLosses = 0
  #bursts = 0
  #burstReceived = 0
  #burstResumes = 0
  #burstLosses = 0

  /** @param received packets so far, before the one behind the loss; `lost`: packets missing in a row, at least 1. */
  lose(received: number, lost: number): void {
    const run = Math.max(0, received - this.#receivedAtLoss)
    this.#receivedAtLoss = received
    if (run >= GAP_MIN) {
      this.#closeBurst(run)
      this.#losses = 1
    } else {
      this.#losses += 1
      if (run === 0) this.#burstLosses += 1
      else {
        this.#burstResumes += 1
        this.#burstReceived += run - 1
      }
    }
    this.#losses += lost - 1
    this.#burstLosses += lost - 1
  }

  /** Since the beginning. `packetMs`: of one packet. */
  figures(received: number, packetMs: number): BurstFigures {
    const run = Math.max(0, received - this.#receivedAtLoss)
    const isAlone = this.#losses === 1 && run >= GAP_MIN
    const bursts = this.#bursts + (this.#losses > 1 ? 1 : 0)
    const inGap = this.#inGap + run
    const gapLosses = this.#gapLosses + (isAlone ? 1 : 0)
    const gapDensity = inGap + gapLosses === 0 ? 0 : gapLosses / (inGap + gapLosses)
    if (bursts === 0) return { burstDensity: 0, gapDensity: of256(gapDensity), burstMs: 0, gapMs: msOf((inGap + gapLosses) * packetMs) }
    const resume = this.#burstResumes / (bursts + this.#burstResumes + this.#burstLosses)
    const lapse = this.#burstReceived + this.#burstResumes === 0 ? 1 : 1 - this.#burstReceived / (this.#burstReceived + this.#burstResumes)
    const gapPackets = (inGap + gapLosses + bursts) / bursts
    const burstPackets = (this.#burstReceived + 2 * this.#burstResumes + bursts + this.#burstLosses) / bursts
    return { burstDensity: of256(lapse / (lapse + resume)), gapDensity: of256(gapDensity), burstMs: msOf(burstPackets * packetMs), gapMs: msOf(gapPackets * packetMs) }
  }

  #closeBurst(run: number): void {
    if (this.#losses === 1) this.#gapLosses += 1
    else if (this.#losses > 1) this.#bursts += 1
    this.#inGap += run
  }
}

export const of256 = (share: number): number => Math.max(0, Math.min(255, Math.floor(share * 256)))
/** The fields have 16 bits. */
export const msOf = (ms: number): number => Math.max(0, Math.min(0xffff, Math.round(ms)))
