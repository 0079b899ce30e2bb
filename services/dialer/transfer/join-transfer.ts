import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { AgentRow } from '../agent/agent-row.ts'
import { changeTogether } from '../agent/change-together.ts'
import type { Part } from '../agent/change-together.ts'
import type { Dialer } from '../dialer.ts'
import { notesAfter } from '../talk/notes-after.ts'
import { isTalking } from './ask.ts'
import { endTransfer, joinTransfer } from './transfer.sql.ts'

type Company = Extract<VoiceCallEvent, { kind: 'company' }>

/**
 * Voice has joined the colleague with who asked, or with both. Told again while it is so, so that nothing is lost with a dialer; a colleague
 * whose session knows nothing of the call was let go meanwhile, and leaves.
 */
export async function onCompany(dialer: Dialer, { attemptId, agentId, colleague }: Company): Promise<void> {
  if (colleague === null) return
  const phase = colleague.mode === 'conference' ? 'conference' : 'consulting'
  const served = dialer.agents.get(colleague.agentId)?.served
  if (served?.attemptId !== attemptId || !served.transfer) {
    dialer.voice.send({ type: 'talk', orders: [{ order: 'leave', attemptId, agentId: colleague.agentId }] })
    return
  }
  await changeTogether(dialer, [agentId, colleague.agentId], (rows) => {
    const [from, to] = [rows.get(agentId), rows.get(colleague.agentId)]
    const part = to?.served?.transfer
    if (!to || !part || to.served?.attemptId !== attemptId || part.side !== 'asked' || (part.phase === phase && isTalking(to))) return null
    const asking = from?.served?.transfer
    const parts: Part[] = [{ agentId: to.agentId, input: isTalking(to) ? 'note' : { kind: 'connected', attemptId }, beside: { served: { transfer: { ...part, phase } } } }]
    if (from && asking?.transferId === part.transferId && isTalking(from)) parts.push({ agentId, input: { kind: 'hold', attemptId, on: phase === 'consulting' }, beside: { served: { transfer: { ...asking, phase } } } })
    return parts
  }, (transaction) => joinTransfer(transaction, { customerId: served.customerId, attemptId, at: new Date(dialer.clock.now()) }))
}

/** Whether the word that these two are connected is about a transfer, and not of one who only asks. */
export function endsTransfer(dialer: Dialer, attemptId: AttemptId): boolean {
  return dialer.agents.serving(attemptId).some(({ served }) => served?.transfer)
}

/** The person is the colleague's now; whoever was on the call before writes his notes. */
export async function onTransferred(dialer: Dialer, attemptId: AttemptId, agentId: UserId): Promise<void> {
  // Who asks has been connected all the while.
  if (dialer.agents.get(agentId)?.served?.transfer?.side === 'asking') return
  const served = dialer.agents.serving(attemptId)[0]?.served
  const now = dialer.clock.now()
  await changeTogether(dialer, [agentId, ...dialer.agents.serving(attemptId).map((row) => row.agentId)], (rows) => {
    const target = rows.get(agentId)
    if (!target || target.served?.attemptId !== attemptId) return null
    const others = [...rows.values()].filter((row) => row.agentId !== agentId && row.served?.attemptId === attemptId && row.session.call?.phase !== 'ended')
    const mine: Part = { agentId, input: isTalking(target) ? { kind: 'hold', attemptId, on: false } : { kind: 'connected', attemptId }, beside: { served: { transfer: null, transferFailed: null } } }
    return [mine, ...others.map((row) => partedFrom(row, attemptId, now))]
  }, async (transaction) => {
    if (served) await endTransfer(transaction, { customerId: served.customerId, attemptId, at: new Date(now) }, { result: 'completed' })
  })
}

function partedFrom(row: AgentRow, attemptId: AttemptId, now: number): Part {
  const beside = { served: { transfer: null, transferFailed: null, endedAt: now, recording: 'off' as const, noAudio: null } }
  const hadThePerson = isTalking(row) && row.served?.transfer?.side !== 'asked'
  return { agentId: row.agentId, input: { kind: 'ended', attemptId, wrapUpMs: hadThePerson ? notesAfter(row) : 0 }, beside }
}
