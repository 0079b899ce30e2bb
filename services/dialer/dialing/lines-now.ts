import type { LineNow } from '@loopline/routing/line'
import type { LineId } from '@loopline/vocabulary/ids'
import type { CallerIdBoard } from '../caller-id/caller-id-board.ts'
import type { LineBoard } from '../line/line-board.ts'

/** The lines as they stand during one tick: made once for each set of permitted lines, kept true as calls take them. */
export class LinesNow {
  readonly #board: LineBoard
  readonly #callerIds: CallerIdBoard
  readonly #tried: ReadonlySet<string>
  readonly #bySet = new Map<string, LineNow[]>()

  /** @param tried lines that are left out. */
  constructor({ lines, callerIds }: { lines: LineBoard; callerIds: CallerIdBoard }, tried: ReadonlySet<string> = new Set()) {
    this.#board = lines
    this.#callerIds = callerIds
    this.#tried = tried
  }

  for(permitted: readonly string[]): readonly LineNow[] {
    const set = permitted.join()
    let lines = this.#bySet.get(set)
    if (!lines) {
      lines = this.#board.candidates(permitted)
      if (this.#tried.size > 0) lines = lines.filter((line) => !this.#tried.has(line.lineId))
      this.#bySet.set(set, lines)
    }
    return lines
  }

  /** Counts a call on its line and for the number it shows, here and on the boards. */
  take({ lineId, callerId }: { lineId: LineId; callerId: string }): void {
    this.#callerIds.take(callerId)
    this.#board.take(lineId)
    const line = this.#board.get(lineId)
    if (!line) return
    for (const lines of this.#bySet.values()) {
      const at = lines.findIndex((one) => one.lineId === lineId)
      if (at >= 0) lines[at] = { ...(lines[at] as LineNow), inFlight: line.inFlight, bucket: line.bucket }
    }
  }
}
