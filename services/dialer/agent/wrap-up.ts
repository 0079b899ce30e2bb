import type { z } from 'zod'
import { newId } from '@loopline/clock/new-id'
import { makeEvent } from '@loopline/event-log/make-event'
import type { OutboxEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import type { Identity } from '@loopline/http/identity-token'
import type { Transaction } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import type { AgentView, WrapUp } from '@loopline/contracts/agent'
import type { CallWrappedUp, CallWrappedUpEvent } from '@loopline/contracts/call-event'
import type { AttemptId, TeamId, UserId } from '@loopline/vocabulary/ids'
import { insertCallback } from '../callback/callback.sql.ts'
import type { Promised } from '../callback/callback.sql.ts'
import { mayPromise } from '../callback/promise-callback.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { viewOf } from './agent-row.ts'
import type { AgentRow } from './agent-row.ts'
import { changeAgent } from './change-agent.ts'
import { ownSession } from './sign-on.ts'
import { readOwnCall, savePartNotes, saveWrapUp } from './wrap-up.sql.ts'
import type { OwnCall } from './wrap-up.sql.ts'

type Notes = z.infer<typeof WrapUp>

/**
 * Keeps what the agent noted of his call, with what he promised, and frees him. The notes are also taken when time, or a
 * lost leg, has ended his wrap-up before. The first word stands: the same notes sent again change nothing.
 * @throws CALLBACK_NOT_ALLOWED before anything is kept
 */
export async function wrapUp(dialer: Dialer, identity: Identity, notes: Notes): Promise<AgentView> {
  const agentId = identity.sub as UserId
  const call = await readOwnCall(dialer.db, notes.attemptId as AttemptId, agentId)
  if (!call) throw failed('CALL_NOT_FOUND')
  if (call.endedAt === null) throw failed('CALL_NOT_OVER')
  const promised = notes.callback ? promiseOf(dialer, identity, call, notes.callback) : null
  if (promised && !call.isWrappedUp) await mayPromise(dialer, promised)
  const keep = (transaction: Transaction): Promise<void> => keepNotes(dialer, transaction, { identity, call, endedAt: call.endedAt as Date, notes, promised })
  const isOver = ({ session }: AgentRow): boolean => session.state === 'wrap-up' && session.call?.attemptId === call.attemptId
  const changed = await changeAgent(dialer, agentId, (row) => (isOver(row) ? { kind: 'wrapped', rest: { to: notes.next, reason: notes.next === 'paused' ? 'other' : null } } : null), { within: keep })
  if (changed.ok && changed.row !== changed.before) return viewOf(changed.row)
  await inTransaction(dialer.db, keep)
  return ownSession(dialer, identity)
}

function promiseOf({ clock }: Dialer, { sub, teamId }: Identity, call: OwnCall, { at, agentId }: NonNullable<Notes['callback']>): Promised {
  return {
    id: newId(clock), customerId: call.customerId, agentId: agentId as UserId | null, teamId: teamId as TeamId | null, campaignId: call.campaignId,
    at: new Date(at), madeBy: sub as UserId, madeAt: new Date(clock.now()), madeIn: call.attemptId,
  }
}

interface Kept {
  identity: Identity
  call: OwnCall
  endedAt: Date
  notes: Notes
  promised: Promised | null
}

async function keepNotes(dialer: Dialer, transaction: Transaction, kept: Kept): Promise<void> {
  const { call, notes, promised, endedAt, identity } = kept
  const wrapUpMs = Math.max(0, dialer.clock.now() - endedAt.getTime())
  const { disposition = null, note = null, outcome = null } = notes
  const isFirst = call.part === null ? await saveWrapUp(transaction, call, { disposition, note, outcome, wrapUpMs })
    : await savePartNotes(transaction, call, identity.sub as UserId, { disposition, note, wrapUpMs })
  if (!isFirst) return
  if (promised) await insertCallback(transaction, promised)
  await publish(transaction, dialer.notifier, [wrappedUp(dialer, kept, wrapUpMs)])
}

function wrappedUp({ clock }: Dialer, { identity, call, endedAt, notes, promised }: Kept, wrapUpMs: number): OutboxEvent {
  const now = clock.now()
  const { attemptId, customerId, campaignId } = call
  const data: CallWrappedUp = {
    attemptId, customerId, campaignId, agentId: identity.sub as UserId, agentName: identity.name, state: 'wrapped-up',
    outcome: notes.outcome ?? null, disposition: notes.disposition ?? null, note: notes.note ?? null,
    callback: promised && { callbackId: promised.id, at: promised.at.getTime(), agentId: promised.agentId }, wrapUpMs, at: now,
    ...(call.part !== null && { isPart: true }),
  }
  // Behind the end of the call, should both still wait in the outbox.
  const sequence = Math.max(now, endedAt.getTime() + 1)
  return makeEvent<CallWrappedUpEvent>({ type: 'dialer.call.wrapped-up', subject: customerId, data, sequence, time: now })
}
