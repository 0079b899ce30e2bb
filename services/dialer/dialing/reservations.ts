import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Transaction } from '@loopline/postgres/queryable'
import { lockUnchanged } from '../agent/agent.sql.ts'
import type { AgentChange } from '../agent/agent.sql.ts'
import { NOTHING_YET } from '../agent/agent-row.ts'
import type { AgentRow, Served } from '../agent/agent-row.ts'
import { decide, keepChanges } from '../agent/change-agent.ts'
import type { Dialer } from '../dialer.ts'
import type { PlannedAttempt } from './planned-attempt.ts'

/** Beyond the ring time, for what the carrier and voice take: who is still reserved then is freed. */
const BEYOND_RINGING_MS = 15_000

/**
 * Agents reserved in the transaction that writes their calls down: either both are in the database or neither, so that a
 * call for an agent who is no longer free never leaves, and nobody is reserved for a call that does not exist.
 */
export class Reservations {
  readonly #dialer: Dialer
  #changes = new Map<AttemptId, AgentChange>()

  constructor(dialer: Dialer) {
    this.#dialer = dialer
  }

  /** Locks the agents of these calls who still are as they were when it was decided. @returns calls whose agent is not. */
  async lock(transaction: Transaction, attempts: readonly PlannedAttempt[]): Promise<Set<AttemptId>> {
    const served = attempts.filter(hasAgent)
    if (served.length === 0) return new Set()
    const locked = await lockUnchanged(transaction, served.map(({ agent }) => agent))
    this.#changes = new Map(served.flatMap((attempt) => {
      const change = locked.has(attempt.agent.agentId) ? reserved(attempt, this.#dialer.clock.now()) : null
      return change ? [[attempt.attemptId, change] as const] : []
    }))
    return new Set(served.filter(({ attemptId }) => !this.#changes.has(attemptId)).map(({ attemptId }) => attemptId))
  }

  /** Reserves the locked ones for the calls that are written. */
  async keep(transaction: Transaction, written: readonly PlannedAttempt[]): Promise<void> {
    await keepChanges(this.#dialer, transaction, written.flatMap(({ attemptId }) => this.#changes.get(attemptId) ?? []))
  }

  /** After the commit: what this process knows of the agents. */
  learn(planned: readonly PlannedAttempt[], written: readonly PlannedAttempt[]): void {
    for (const { attemptId } of written) {
      const change = this.#changes.get(attemptId)
      if (change) this.#dialer.agents.learn(change.after)
    }
    for (const { agent } of planned) if (agent) this.#dialer.agents.release(agent.agentId)
  }
}

type WithAgent = PlannedAttempt & { agent: AgentRow; serve: NonNullable<PlannedAttempt['serve']> }
const hasAgent = (attempt: PlannedAttempt): attempt is WithAgent => attempt.agent !== null

function reserved({ attemptId, agent, serve, person, campaignId, campaignName, dialBy, ringTimeMs, startedAt }: WithAgent, now: number): AgentChange | null {
  const served: Served = {
    attemptId, customerId: person.state.customerId, customerName: person.state.name, campaignId, campaignName, ...serve,
    startedAt, ...NOTHING_YET,
  }
  const until = dialBy + ringTimeMs + BEYOND_RINGING_MS
  const decided = decide(agent, { kind: 'reserve', attemptId, until, byHand: serve.mode !== 'progressive' }, { served }, now)
  return 'refused' in decided ? null : { before: agent, after: decided.after }
}
