/** How one side of a call sounds, and since when it owes us a sound: two seconds without any raise an alarm. */
import { NO_AUDIO_MS } from '@loopline/rtp/audio-alarm'
import type { Leg } from './leg.hot.ts'
import { QualitySpan, type LegMeter } from './leg-meter.ts'

export class SideWatch {
  /** The second that passes. */
  readonly span: QualitySpan
  /** All of its part in the call. */
  readonly life: QualitySpan
  /** From when on audio is owed; ms, monotonic. */
  owedSince: number
  #isAlarmed = false

  /** @param life goes on where the same person comes by another leg. */
  constructor(meter: LegMeter, now: number, life: QualitySpan = new QualitySpan(meter)) {
    this.span = new QualitySpan(meter)
    this.life = life
    this.owedSince = now
  }

  /** @returns how long nothing has come, ms; `alarm` when that became an alarm (since when, ms, monotonic) or is over (null). */
  look({ mayHear, heardAt }: Leg, now: number): { silentMs: number; alarm?: number | null } {
    if (!mayHear) this.owedSince = now // on hold nothing is owed (RFC 3264 §8.4)
    const since = Math.max(heardAt, this.owedSince)
    const isSilent = now - since >= NO_AUDIO_MS
    if (isSilent === this.#isAlarmed) return { silentMs: now - since }
    this.#isAlarmed = isSilent
    return { silentMs: now - since, alarm: isSilent ? since : null }
  }
}
