import { stay } from '@loopline/agent-state/moves'
import { step } from '@loopline/agent-state/step'
import type { AgentSession, Effect, Input, Refused } from '@loopline/agent-state/session'
import { makeEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { AgentChanged } from '@loopline/contracts/agent-event'
import type { Transaction } from '@loopline/postgres/queryable'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import type { Dialer } from '../dialer.ts'
import { keepParts } from './call-part.sql.ts'
import { keepTimes, readAgent, saveAgents } from './agent.sql.ts'
import type { AgentChange } from './agent.sql.ts'
import { NOT_TESTED, viewOf } from './agent-row.ts'
import type { AgentRow, Served } from './agent-row.ts'

type Fields = Partial<Omit<AgentRow, 'agentId' | 'version' | 'session' | 'served'>>

/** What a change does beside the step of the state machine. */
export interface Beside {
  /** Fields of the row that change with it; or what makes them of the newest row. */
  fields?: Fields | ((row: AgentRow) => Fields)
  /** Whom the session serves from now on, for inputs that begin a call; or what is new of the call. */
  served?: Served | Partial<Served>
  /** Runs in the same transaction, once it is certain that the session changes. */
  within?: (transaction: Transaction, row: AgentRow) => Promise<void>
}

/** `note`: the state stays, what is beside it changes. */
export type Wanted = Input | 'note'

export type Changed = { ok: true; row: AgentRow; before: AgentRow; effects: readonly Effect[] } | { ok: false; refused: Refused | 'not-signed-on'; row: AgentRow | undefined }

const TRIES = 5

/**
 * One input to one session: decided about the newest row known, kept only if that is still the newest, told by an event of
 * the same transaction. Somebody else's change in between is read, and the input decided anew.
 */
export function changeAgent(dialer: Dialer, agentId: UserId, input: Wanted | ((row: AgentRow) => Wanted | null), beside: Beside = {}): Promise<Changed> {
  return dialer.agents.inTurn(agentId, async () => {
    for (let tried = 0; ; tried++) {
      const before = dialer.agents.get(agentId) ?? (await reread(dialer, agentId))
      if (!before) return { ok: false, refused: 'not-signed-on', row: undefined }
      const decided = decide(before, typeof input === 'function' ? input(before) : input, beside, dialer.clock.now())
      if ('refused' in decided) return { ok: false, refused: decided.refused, row: before }
      if (decided.after === before) return { ok: true, row: before, before, effects: [] }
      if (await keep(dialer, { before, after: decided.after }, beside.within)) {
        carryOut(dialer, before, decided.effects)
        return { ok: true, row: decided.after, before, effects: decided.effects }
      }
      if (tried >= TRIES) throw new Error('a session is changed by others all the time')
      await reread(dialer, agentId)
    }
  })
}

/** What an input makes of a row; the same row when it changes nothing. */
export function decide(before: AgentRow, input: Wanted | null, { fields, served }: Beside, now: number): { after: AgentRow; effects: readonly Effect[] } | { refused: Refused } {
  if (input === null) return { after: before, effects: [] }
  const taken = input === 'note' ? stay(before.session) : step(before.session, input, now)
  if (!taken.ok) return { refused: taken.refused }
  const isSame = taken.session === before.session && fields === undefined && served === undefined
  return isSame ? { after: before, effects: [] } : { after: changed(before, taken.session, typeof fields === 'function' ? fields(before) : fields, served), effects: taken.effects }
}

function changed(before: AgentRow, session: AgentSession, fields: Fields | undefined, served: Beside['served']): AgentRow {
  const isReady = session.state === 'ready'
  return {
    ...before, idle: isReady ? before.idle : null, said: session.reason === 'forced' || isReady ? before.said : null,
    ...(session.state === 'offline' ? { selfTest: NOT_TESTED } : {}), ...(session.call && { lastCall: session.call.attemptId as AttemptId }), ...fields,
    version: before.version + 1, session, served: session.call === null ? null : ({ ...before.served, ...served } as Served),
  }
}

async function keep(dialer: Dialer, change: AgentChange, within: Beside['within']): Promise<boolean> {
  const saved = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    const isKept = (await keepChanges(dialer, transaction, [change])).size === 1
    if (isKept) await within?.(transaction, change.before)
    return isKept
  }))
  if (saved) dialer.agents.learn(change.after)
  return saved
}

/** Rows, times and events of these changes, as far as nobody else was quicker. @returns whose were kept. */
export async function keepChanges(dialer: Dialer, transaction: Transaction, changes: readonly AgentChange[]): Promise<Set<UserId>> {
  if (changes.length === 0) return new Set()
  const saved = await saveAgents(transaction, changes)
  const kept = changes.filter(({ after }) => saved.has(after.agentId))
  await keepTimes(transaction, kept)
  await keepParts(transaction, kept)
  await publish(transaction, dialer.notifier, kept.map(({ after }) => agentChanged(after, dialer.clock.now())))
  return saved
}

function agentChanged(row: AgentRow, now: number): ReturnType<typeof makeEvent> {
  return makeEvent<AgentChanged>({ type: 'dialer.agent.changed', key: row.agentId, data: viewOf(row), sequence: row.version, time: now })
}

export async function reread(dialer: Dialer, agentId: UserId): Promise<AgentRow | undefined> {
  const row = await readAgent(dialer.db, agentId)
  if (row) dialer.agents.learn(row)
  return row
}

/** What a change of a session has to bring about. A call that a colleague is on as well is not ended: it is his (transfer/watch-transfers.ts). */
export function carryOut(dialer: Dialer, before: AgentRow, effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.do === 'hang-up' && isSomebodysElse(dialer, before, effect.attemptId as AttemptId)) continue
    if (effect.do === 'hang-up') dialer.voice.send({ type: 'hang-up', attemptIds: [effect.attemptId as AttemptId] })
    else if (effect.do === 'drop-leg') dialer.voice.send({ type: 'talk', orders: [{ order: 'drop-leg', agentId: before.agentId, reason: 'signed-off' }] })
    else dialer.cards.giveBack(dialer, effect.attemptId as AttemptId)
  }
}

function isSomebodysElse(dialer: Dialer, { agentId }: AgentRow, attemptId: AttemptId): boolean {
  return dialer.agents.serving(attemptId).some((row) => row.agentId !== agentId && (row.session.call?.phase === 'talking' || row.session.call?.phase === 'on-hold'))
}
