import type { Effect, Refused } from '@loopline/agent-state/session'
import type { UserId } from '@loopline/vocabulary/ids'
import type { Transaction } from '@loopline/postgres/queryable'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import type { Dialer } from '../dialer.ts'
import { lockUnchanged } from './agent.sql.ts'
import type { AgentRow } from './agent-row.ts'
import { carryOut, decide, keepChanges, reread } from './change-agent.ts'
import type { Beside, Wanted } from './change-agent.ts'

/** One session's part of what changes. */
export interface Part {
  agentId: UserId
  input: Wanted
  beside?: Omit<Beside, 'within'>
}

export type Rows = ReadonlyMap<UserId, AgentRow>
export type Together = { ok: true; rows: Rows } | { ok: false; refused: Refused; row: AgentRow }

const TRIES = 10

/** Somebody else was quicker; nothing of the transaction is kept. */
class Overtaken extends Error {}

/**
 * Several sessions at once, or none: decided about the newest rows known, kept only if every one of them is still that, also those that
 * the decision only looked at. `plan` answers null when there is nothing to do any more. Turns are taken in the order of the ids, so
 * that two such changes never wait for each other. @returns null when there was nothing to do.
 */
export function changeTogether(dialer: Dialer, agentIds: readonly UserId[], plan: (rows: Rows) => readonly Part[] | null, within: (transaction: Transaction) => Promise<void> = nothing): Promise<Together | null> {
  const ids = [...new Set(agentIds)].toSorted()
  const inOrder = (at: number): Promise<Together | null> => {
    const agentId = ids[at]
    return agentId === undefined ? change(dialer, ids, plan, within) : dialer.agents.inTurn(agentId, () => inOrder(at + 1))
  }
  return inOrder(0)
}

async function nothing(): Promise<void> { /* nothing beside the sessions */ }

async function change(dialer: Dialer, ids: readonly UserId[], plan: (rows: Rows) => readonly Part[] | null, within: (transaction: Transaction) => Promise<void>): Promise<Together | null> {
  for (let tried = 0; ; tried++) {
    const rows = await rowsOf(dialer, ids)
    const parts = plan(rows)
    if (parts === null) return null
    const changes: { before: AgentRow; after: AgentRow; effects: readonly Effect[] }[] = []
    for (const { agentId, input, beside = {} } of parts) {
      const before = rows.get(agentId)
      if (!before) return null
      const decided = decide(before, input, beside, dialer.clock.now())
      if ('refused' in decided) return { ok: false, refused: decided.refused, row: before }
      changes.push({ before, ...decided })
    }
    if (await keep(dialer, [...rows.values()], changes, within)) {
      for (const { after } of changes) dialer.agents.learn(after)
      for (const { before, effects } of changes) carryOut(dialer, before, effects)
      return { ok: true, rows: new Map([...rows, ...changes.map(({ after }) => [after.agentId, after] as const)]) }
    }
    if (tried >= TRIES) throw new Error('sessions are changed by others all the time')
    for (const agentId of ids) await reread(dialer, agentId)
  }
}

async function rowsOf(dialer: Dialer, ids: readonly UserId[]): Promise<Rows> {
  const rows = new Map<UserId, AgentRow>()
  for (const agentId of ids) {
    const row = dialer.agents.get(agentId) ?? (await reread(dialer, agentId))
    if (row) rows.set(agentId, row)
  }
  return rows
}

async function keep(dialer: Dialer, looked: readonly AgentRow[], changes: readonly { before: AgentRow; after: AgentRow }[], within: (transaction: Transaction) => Promise<void>): Promise<boolean> {
  try {
    await retryable(() => inTransaction(dialer.db, async (transaction) => {
      if ((await lockUnchanged(transaction, looked)).size < looked.length) throw new Overtaken()
      const changed = changes.filter(({ before, after }) => before !== after)
      if ((await keepChanges(dialer, transaction, changed)).size < changed.length) throw new Overtaken()
      await within(transaction)
    }))
    return true
  } catch (error) {
    if (error instanceof Overtaken) return false
    throw error
  }
}
