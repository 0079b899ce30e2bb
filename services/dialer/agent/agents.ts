import { wakeAt } from '@loopline/agent-state/time'
import type { AttemptId, CampaignId, UserId } from '@loopline/vocabulary/ids'
import type { AgentRow } from './agent-row.ts'

/**
 * The sessions as this process last saw them; the database holds the truth and refuses a change that was decided about
 * an older version. Small: one row an agent.
 */
export class Agents {
  readonly #rows = new Map<UserId, AgentRow>()
  /** Two while a call is handed over. */
  readonly #byAttempt = new Map<AttemptId, Set<UserId>>()
  /** Wanted for a call that is being written; nobody else gets them meanwhile. */
  readonly #taken = new Set<UserId>()
  readonly #turns = new Map<UserId, Promise<unknown>>()
  readonly #onChange: (before: AgentRow, after: AgentRow) => void

  /** `onChange` is told of each change that this process learns of, its own and others'. */
  constructor(onChange: (before: AgentRow, after: AgentRow) => void = () => undefined) {
    this.#onChange = onChange
  }

  get size(): number {
    return this.#rows.size
  }

  get(agentId: UserId): AgentRow | undefined {
    return this.#rows.get(agentId)
  }

  all(): AgentRow[] {
    return [...this.#rows.values()]
  }

  /** Who serves this call: almost always nobody or one. */
  serving(attemptId: AttemptId): readonly AgentRow[] {
    const agentIds = this.#byAttempt.get(attemptId)
    return agentIds === undefined ? NOBODY : [...agentIds].flatMap((agentId) => this.#rows.get(agentId) ?? [])
  }

  /** Takes a row over unless a newer one is known. */
  learn(row: AgentRow): void {
    const known = this.#rows.get(row.agentId)
    if (known && known.version >= row.version) return
    this.#leave(known)
    const serves = attemptOf(row)
    if (serves !== undefined) this.#byAttempt.set(serves, (this.#byAttempt.get(serves) ?? new Set<UserId>()).add(row.agentId))
    this.#rows.set(row.agentId, row)
    if (known) this.#onChange(known, row)
  }

  #leave(row: AgentRow | undefined): void {
    const served = row && attemptOf(row)
    const agentIds = served && this.#byAttempt.get(served)
    if (!agentIds) return
    agentIds.delete(row.agentId)
    if (agentIds.size === 0) this.#byAttempt.delete(served)
  }

  /** Ready and free, the longest idle first. */
  free(): AgentRow[] {
    const free = this.all().filter(({ agentId, session }) => session.state === 'ready' && session.leg === 'up' && !this.#taken.has(agentId))
    return free.toSorted((a, b) => a.session.since - b.session.since)
  }

  take(agentId: UserId): void {
    this.#taken.add(agentId)
  }

  release(agentId: UserId): void {
    this.#taken.delete(agentId)
  }

  isTaken(agentId: UserId): boolean {
    return this.#taken.has(agentId)
  }

  /** Whom time has something to do with now. */
  due(now: number): AgentRow[] {
    return this.all().filter(({ session }) => (wakeAt(session) ?? Number.POSITIVE_INFINITY) <= now)
  }

  /** One change of a session after the other: they are decided about what the one before left. */
  inTurn<T>(agentId: UserId, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(agentId) ?? Promise.resolve()).catch(() => undefined).then(work)
    this.#turns.set(agentId, turn)
    const forget = (): void => { if (this.#turns.get(agentId) === turn) this.#turns.delete(agentId) }
    turn.then(forget, forget)
    return turn
  }
}

const NOBODY: readonly AgentRow[] = []
const attemptOf = ({ session }: AgentRow): AttemptId | undefined => session.call?.attemptId as AttemptId | undefined

/** The agents of one tick, each given away once. */
export class FreeAgents {
  readonly #agents: Agents
  readonly #free: AgentRow[]

  constructor(agents: Agents) {
    this.#agents = agents
    this.#free = agents.size === 0 ? [] : agents.free()
  }

  /** The longest idle agent of this campaign; one whom it `prefers` before all others. */
  next(campaignId: CampaignId, prefers: (row: AgentRow) => boolean = () => true): AgentRow | undefined {
    const his = this.#free.filter(({ campaignIds }) => campaignIds.includes(campaignId))
    return his.find(prefers) ?? his[0]
  }

  /** Leaves those out whom `kept` names among the free: they begin no call of a campaign. */
  keep(kept: (free: readonly AgentRow[]) => ReadonlySet<UserId>): void {
    if (this.#free.length === 0) return
    const left = kept(this.#free)
    if (left.size > 0) this.#free.splice(0, this.#free.length, ...this.#free.filter(({ agentId }) => !left.has(agentId)))
  }

  take({ agentId }: AgentRow): void {
    this.#agents.take(agentId)
    this.#free.splice(this.#free.findIndex((row) => row.agentId === agentId), 1)
  }
}
