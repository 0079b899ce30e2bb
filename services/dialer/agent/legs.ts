import type { LegState } from '@loopline/agent-state/session'
import type { AgentView } from '@loopline/contracts/agent'
import type { UserId } from '@loopline/vocabulary/ids'

/** A link that broke is back within a second unless voice is dead; agents of a dead voice are free 10 s later at most (P7). */
const LINK_PATIENCE_MS = 5_000
/** Voice tells of all legs at once when it is greeted. */
const TELL_WITHIN_MS = 1_000

/** A telephone of an agent: he may have one on his desk beside the one of his page. */
export interface LegName {
  agentId: UserId
  phone: AgentView['phone']
}

/** Which legs voice has not vouched for since the link was last made: what the database says of them may be over. */
export class Legs {
  #unvouched = new Map<string, LegName>()
  /** Also of those who have not signed on yet: a telephone may be there first. */
  readonly #told = new Map<string, LegState>()
  /** Monotonic ms of the last hello, and since when there is no link. */
  #greetedAt: number | null = null
  #downSince: number | null
  readonly #monotonic: () => number

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
    this.#downSince = monotonic()
  }

  linkLost(): void {
    this.#downSince ??= this.#monotonic()
  }

  /** Voice is there: whatever leg it does not name soon is gone. */
  greeted(believedUp: readonly LegName[]): void {
    this.#downSince = null
    this.#greetedAt = this.#monotonic()
    this.#told.clear()
    this.#unvouched = new Map(believedUp.map((name) => [keyOf(name), name]))
  }

  told(name: LegName, leg: LegState): void {
    this.#unvouched.delete(keyOf(name))
    this.#told.set(keyOf(name), leg)
  }

  /** What voice said last of this telephone. */
  of(agentId: UserId, phone: LegName['phone']): LegState {
    return this.#told.get(keyOf({ agentId, phone })) ?? 'down'
  }

  /** Whose legs must be believed down now, of those believed up; each hello accuses once. */
  gone(believedUp: readonly LegName[]): readonly LegName[] {
    const now = this.#monotonic()
    if (this.#downSince !== null) return now - this.#downSince >= LINK_PATIENCE_MS ? believedUp : []
    if (this.#unvouched.size === 0 || now - (this.#greetedAt ?? now) < TELL_WITHIN_MS) return []
    const gone = [...this.#unvouched.values()]
    this.#unvouched.clear()
    return gone
  }
}

const keyOf = ({ agentId, phone }: LegName): string => `${phone}/${agentId}`
