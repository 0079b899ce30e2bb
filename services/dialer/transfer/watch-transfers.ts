import type { TransferFailure } from '@loopline/contracts/transfer-words'
import type { AgentRow } from '../agent/agent-row.ts'
import { changeAgent } from '../agent/change-agent.ts'
import type { Dialer } from '../dialer.ts'
import { isTalking } from './ask.ts'
import { endWith, goingOf, partOf } from './end-transfer.ts'
import { endTransfer } from './transfer.sql.ts'

/**
 * What becomes of transfers whose other part is gone: the colleague did not answer, lost his leg or was freed, or who asked did. Decided
 * from the rows alone, by whichever dialer looks first, so that a dialer that dies in between leaves nothing open.
 */
export async function watchTransfers(dialer: Dialer): Promise<void> {
  for (const row of dialer.agents.all()) {
    const going = goingOf(row)
    if (!going || !row.served?.transfer) continue
    const other = dialer.agents.get(row.served.transfer.withId)
    if (partOf(other, going)) continue
    if (row.served.transfer.side === 'asking') await endWith(dialer, going, { result: 'failed', failure: whyGone(other) })
    else if (isTalking(row)) await inherit(dialer, row)
  }
}

function whyGone(colleague: AgentRow | undefined): TransferFailure {
  if (!colleague || colleague.session.state === 'offline') return 'offline'
  const { leg, reason } = colleague.session
  if (leg !== 'up' || reason === 'leg-lost') return 'leg-lost'
  return reason === 'no-answer' ? 'no-answer' : 'declined'
}

/** Who asked lost his telephone, or was freed: the person is the colleague's, who knows what it is about. */
async function inherit(dialer: Dialer, { agentId, served }: AgentRow): Promise<void> {
  if (!served) return
  const { attemptId, customerId } = served
  const isMine = (row: AgentRow): boolean => row.served?.attemptId === attemptId && isTalking(row)
  await changeAgent(dialer, agentId, (row) => (isMine(row) && row.served?.transfer ? 'note' : null), {
    served: { transfer: null },
    within: (transaction) => endTransfer(transaction, { customerId, attemptId, at: new Date(dialer.clock.now()) }, { result: 'completed' }),
  })
  dialer.voice.send({ type: 'talk', orders: [{ order: 'hand-over', attemptId, agentId }] })
}
