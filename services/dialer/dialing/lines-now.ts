import type { LineNow } from '@loopline/routing/line'
import type { LineId } from '@loopline/vocabulary/ids'
import type { LineBoard } from '../line/line-board.ts'

/** The lines as they stand during one tick: made once for each set of permitted lines, kept true as calls take them. */
export class LinesNow {
  readonly #board: LineBoard
  readonly #tried: ReadonlySet<string>
  readonly #bySet = new Map<string, LineNow[]>()

  /** @param tried lines that are left out. */
  constructor({ lines }: { lines: LineBoard }, tried: ReadonlySet<string> = new Set()) {
    this.#board = lines
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

  /** Counts a call on its line, here and on the board. */
  take(lineId: LineId): void {
    this.#board.take(lineId)
    const line = this.#board.get(lineId)
    if (!line) return
    for (const lines of this.#bySet.values()) {
      const at = lines.findIndex((one) => one.lineId === lineId)
      if (at >= 0) lines[at] = { ...(lines[at] as LineNow), inFlight: line.inFlight, bucket: line.bucket }
    }
  }
}
