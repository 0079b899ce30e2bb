import { newId } from '@loopline/clock/new-id'
import type { LineProbe, LineProbed } from '@loopline/contracts/line'
import type { LineId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { viewLines } from './manage-lines.ts'

/** Voice gives the carrier four seconds, and answers whatever came of it. */
const PATIENCE_MS = 8_000

/** Questions to voice that are on their way, by their id. */
export class LineProbes {
  readonly #waiting = new Map<string, (probe: LineProbe) => void>()

  /** Resolves with what voice tells; null when it tells nothing in time. */
  wait(probeId: string): Promise<LineProbe | null> {
    return new Promise((resolve) => {
      const patience = setTimeout(() => this.#settle(probeId, null, resolve), PATIENCE_MS)
      this.#waiting.set(probeId, (probe) => {
        clearTimeout(patience)
        this.#settle(probeId, probe, resolve)
      })
    })
  }

  #settle(probeId: string, probe: LineProbe | null, resolve: (probe: LineProbe | null) => void): void {
    this.#waiting.delete(probeId)
    resolve(probe)
  }

  /** Every dialer hears every answer; it is of interest where it was asked for. */
  hear(probeId: string, probe: LineProbe): void {
    this.#waiting.get(probeId)?.(probe)
  }
}

/** Asks a line's carrier by OPTIONS whether it is there, whatever is known of it. @throws LINE_NOT_FOUND · VOICE_AWAY */
export async function probeLine(dialer: Dialer, lineId: LineId): Promise<LineProbed> {
  if (!dialer.lines.get(lineId)) throw failed('LINE_NOT_FOUND', { lineId })
  const probeId = newId(dialer.clock)
  const answered = dialer.lineProbes.wait(probeId)
  if (!dialer.voice.send({ type: 'probe-line', lineId, probeId })) throw failed('VOICE_AWAY')
  const probe = await answered
  if (probe === null) throw failed('VOICE_AWAY')
  const line = (await viewLines(dialer)).find((view) => view.lineId === lineId)
  if (!line) throw failed('LINE_NOT_FOUND', { lineId })
  return { ...probe, state: line.state, stateReason: line.stateReason }
}
