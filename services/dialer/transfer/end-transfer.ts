import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { AgentRow, TransferPart } from '../agent/agent-row.ts'
import { changeTogether } from '../agent/change-together.ts'
import type { Part, Rows } from '../agent/change-together.ts'
import type { Dialer } from '../dialer.ts'
import { askColleague, isTalking } from './ask.ts'
import { endTransfer } from './transfer.sql.ts'
import type { TransferEnd } from './transfer.sql.ts'
import { nextOf } from './whom.ts'

/** A transfer that is going on, as one of its rows knows it. */
export interface Going {
  attemptId: AttemptId
  transferId: string
  asker: UserId
  colleague: UserId
}

/** The transfer that this row has a part in; null without one. */
export function goingOf({ agentId, served }: AgentRow): Going | null {
  const { transfer } = served ?? {}
  if (!served || !transfer) return null
  const [asker, colleague] = transfer.side === 'asking' ? [agentId, transfer.withId] : [transfer.withId, agentId]
  return { attemptId: served.attemptId, transferId: transfer.transferId, asker, colleague }
}

export const partOf = (row: AgentRow | undefined, { transferId }: Pick<Going, 'transferId'>): TransferPart | null =>
  (row?.served?.transfer?.transferId === transferId ? row.served.transfer : null)

/**
 * The person is with who asked again, the colleague is free. A question to a team goes on to the next one who is ready. Without the one
 * who asked the person waits with music, and transfer/rescue.ts finds somebody. @returns false when the transfer was over
 */
export async function endWith(dialer: Dialer, going: Going, end: Exclude<TransferEnd, { result: 'completed' }>): Promise<boolean> {
  const { attemptId, asker, colleague } = going
  const at = dialer.clock.now()
  let asking: TransferPart | null = null
  let customerId: CustomerId | null = null
  const changed = await changeTogether(dialer, [asker, colleague], (rows) => {
    asking = partOf(rows.get(asker), going)
    customerId = (rows.get(asker)?.served ?? rows.get(colleague)?.served)?.customerId ?? null
    const again = end.result === 'failed' && asking?.next ? nextOf(dialer, rows.get(asker) as AgentRow, asking.next) : null
    const parts = [...backToAsker(rows, going, end, at, again !== null), ...colleagueFree(rows, going)]
    return parts.length === 0 ? null : parts
  }, async (transaction) => {
    if (customerId !== null) await endTransfer(transaction, { customerId, attemptId, at: new Date(at) }, end)
  })
  if (!changed?.ok) return false
  dialer.voice.send({ type: 'talk', orders: [{ order: 'leave', attemptId, agentId: colleague }] })
  const part = asking as TransferPart | null
  if (part !== null && !(end.result === 'failed' && (await askNext(dialer, going, part)))) giveBack(dialer, going)
  return true
}

function backToAsker(rows: Rows, going: Going, end: Exclude<TransferEnd, { result: 'completed' }>, at: number, staysOnHold: boolean): Part[] {
  const row = rows.get(going.asker)
  const part = partOf(row, going)
  if (!row || !part || !isTalking(row)) return []
  const transferFailed = end.result === 'failed' ? { name: part.withName, reason: end.failure, at } : null
  return [{ agentId: going.asker, input: staysOnHold ? 'note' : { kind: 'hold', attemptId: going.attemptId, on: false }, beside: { served: { transfer: null, transferFailed } } }]
}

function colleagueFree(rows: Rows, going: Going): Part[] {
  const row = rows.get(going.colleague)
  if (!row || !partOf(row, going) || row.session.call?.phase === 'ended') return []
  const { attemptId } = going
  return [{ agentId: going.colleague, input: isTalking(row) ? { kind: 'ended', attemptId, wrapUpMs: 0 } : { kind: 'unasked', attemptId }, beside: { served: { transfer: null } } }]
}

async function askNext(dialer: Dialer, { attemptId, asker }: Going, { next, kind, note }: TransferPart): Promise<boolean> {
  for (let tried = next; tried !== null;) {
    const row = dialer.agents.get(asker)
    const whom = row ? nextOf(dialer, row, tried) : null
    if (whom === null) break
    if (await askColleague(dialer, { attemptId, asker, kind, note }, whom)) return true
    tried = whom.next
  }
  // Whoever was to be asked next is gone as well: nobody is on hold for a transfer that is none.
  const row = dialer.agents.get(asker)
  if (next !== null && row?.session.state === 'on-hold') await changeTogether(dialer, [asker], (rows) => (rows.get(asker)?.served?.transfer ? null : [{ agentId: asker, input: { kind: 'hold', attemptId, on: false } }]))
  return false
}

function giveBack(dialer: Dialer, { attemptId }: Going): void {
  dialer.voice.send({ type: 'talk', orders: [{ order: 'hold', attemptId, on: false }] })
}
