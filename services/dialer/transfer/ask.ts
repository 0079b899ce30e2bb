import { newId } from '@loopline/clock/new-id'
import type { TransferKind } from '@loopline/contracts/transfer'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { AgentRow, Served, TransferPart } from '../agent/agent-row.ts'
import { changeTogether } from '../agent/change-together.ts'
import type { Dialer } from '../dialer.ts'
import { insertTransfer } from './transfer.sql.ts'
import type { Whom } from './whom.ts'

export interface Question {
  attemptId: AttemptId
  asker: UserId
  kind: TransferKind
  note: string | null
}

export const isTalking = ({ session }: AgentRow): boolean => session.state === 'talking' || session.state === 'on-hold'

/**
 * Reserves the colleague and puts the person on hold, in one transaction fenced by the version of both sessions. The call stays with who
 * asks until the colleague is joined. @returns false when one of the two is no longer what he was
 */
export async function askColleague(dialer: Dialer, { attemptId, asker, kind, note }: Question, { target, next }: Whom): Promise<boolean> {
  const now = dialer.clock.now()
  const answerBy = now + dialer.transferAnswerMs
  const common = { transferId: newId(dialer.clock), kind, phase: 'asked', note, answerBy } as const
  let served: Served | null = null
  const changed = await changeTogether(dialer, [asker, target.agentId], (rows) => {
    const [from, to] = [rows.get(asker), rows.get(target.agentId)]
    served = from?.served ?? null
    if (!from || !to || !served || served.attemptId !== attemptId || served.transfer || !isTalking(from)) return null
    const asking: TransferPart = { ...common, side: 'asking', withId: to.agentId, withName: to.name, next }
    const asked: TransferPart = { ...common, side: 'asked', withId: from.agentId, withName: from.name, next: null }
    return [
      { agentId: asker, input: { kind: 'hold', attemptId, on: true }, beside: { served: { transfer: asking, transferFailed: null } } },
      { agentId: to.agentId, input: { kind: 'ask', attemptId, until: answerBy, byHand: false }, beside: { served: { ...served, noAudio: null, heldBy: null, transfer: asked, transferFailed: null } } },
    ]
  }, async (transaction) => {
    if (served) await insertTransfer(transaction, { transferId: common.transferId, customerId: served.customerId, attemptId, kind, from: asker, to: target.agentId, note, askedAt: new Date(now) })
  })
  if (!changed?.ok) return false
  dialer.voice.send({ type: 'talk', orders: [{ order: 'hold', attemptId, on: true }] })
  return true
}
