import type { TransferCommand } from '@loopline/contracts/transfer'
import type { TalkOrder } from '@loopline/contracts/voice-link'
import type { Identity } from '@loopline/http/identity-token'
import type { AttemptId } from '@loopline/vocabulary/ids'
import { viewOf } from '../agent/agent-row.ts'
import type { AgentRow, TransferPart } from '../agent/agent-row.ts'
import { changeTogether } from '../agent/change-together.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { askColleague, isTalking } from './ask.ts'
import { endWith, goingOf, partOf } from './end-transfer.ts'
import type { Going } from './end-transfer.ts'
import { nextOf, whomToAsk, whyNot } from './whom.ts'
import type { Whom } from './whom.ts'

/** Voice joins within this, or the colleague is free again. */
const JOINED_WITHIN_MS = 10_000

/** What one of the two on a call wants of its transfer. Only who has a part in the call has a say. */
export async function transfer(dialer: Dialer, identity: Identity, attemptId: AttemptId, command: TransferCommand): Promise<{ attemptId: AttemptId }> {
  const mine = dialer.agents.serving(attemptId).find(({ agentId }) => agentId === identity.sub)
  if (!mine || mine.session.call?.phase === 'ended' || mine.session.call?.phase === 'preview') throw failed('CALL_NOT_FOUND')
  if (dialer.voice.epoch === null) throw failed('VOICE_AWAY')
  await carryOut(dialer, mine, attemptId, command)
  return { attemptId }
}

function carryOut(dialer: Dialer, mine: AgentRow, attemptId: AttemptId, command: TransferCommand): Promise<void> | void {
  switch (command.do) {
    case 'ask': return ask(dialer, mine, attemptId, command)
    case 'accept': return accept(dialer, mustTake(mine, 'asked', ['asked']))
    case 'decline': return endOrFail(dialer, mustTake(mine, 'asked', ['asked', 'accepted']), { result: 'failed', failure: 'declined' })
    case 'take-back': return endOrFail(dialer, mustTake(mine, 'asking'), { result: 'taken-back' })
    case 'complete': return complete(dialer, mustTake(mine, 'asking', ['consulting', 'conference']))
    case 'conference': return order(dialer, { order: 'conference', attemptId: mustTake(mine, 'asking', ['consulting', 'conference']).attemptId, on: command.on })
    case 'leave': return leave(dialer, mine)
  }
}

async function ask(dialer: Dialer, mine: AgentRow, attemptId: AttemptId, { kind, note, to }: Extract<TransferCommand, { do: 'ask' }>): Promise<void> {
  if (!isTalking(mine) || mine.served?.transfer) throw failed('AGENT_STATE_WRONG', { current: viewOf(mine) })
  const whom = whomToAsk(dialer, mine, to)
  if ('failure' in whom) throw failed('TRANSFER_FAILED', { reason: whom.failure, name: whom.name })
  const question = { attemptId, asker: mine.agentId, kind, note: note === '' ? null : note }
  for (let tried: Whom | null = whom; tried !== null; tried = tried.next && nextOf(dialer, mine, tried.next)) {
    if (await askColleague(dialer, question, tried)) return
  }
  const now = dialer.agents.get(mine.agentId)
  if (!now || now.served?.attemptId !== attemptId || !isTalking(now) || now.served.transfer) throw failed('AGENT_STATE_WRONG', { current: now && viewOf(now) })
  throw failed('TRANSFER_FAILED', whom.next ? { reason: 'nobody-ready', name: null } : { reason: whyNot(dialer.agents.get(whom.target.agentId)) ?? 'busy', name: whom.target.name })
}

/** The transfer of this row, if it has this part in it and it stands so. @throws TRANSFER_GONE */
function mustTake(row: AgentRow, side: TransferPart['side'], phases: readonly TransferPart['phase'][] = ['asked', 'accepted', 'consulting', 'conference']): Going {
  const going = goingOf(row)
  const part = row.served?.transfer
  if (!going || part?.side !== side || !phases.includes(part.phase)) throw failed('TRANSFER_GONE')
  return going
}

/** Kept before voice is told: a colleague who said yes is not taken for one who did not answer. */
async function accept(dialer: Dialer, going: Going): Promise<void> {
  const { attemptId, asker, colleague } = going
  const until = dialer.clock.now() + JOINED_WITHIN_MS
  const changed = await changeTogether(dialer, [asker, colleague], (rows) => {
    const [asked, asking] = [partOf(rows.get(colleague), going), partOf(rows.get(asker), going)]
    if (asked?.phase !== 'asked') return null
    return [
      { agentId: colleague, input: { kind: 'agreed', attemptId, until }, beside: { served: { transfer: { ...asked, phase: 'accepted' } } } },
      ...(asking ? [{ agentId: asker, input: 'note' as const, beside: { served: { transfer: { ...asking, phase: 'accepted' as const } } } }] : []),
    ]
  })
  if (!changed?.ok) throw failed('TRANSFER_GONE')
  const asking = partOf(changed.rows.get(asker), going)
  // Without the one who asked there is nobody to speak with first.
  order(dialer, { order: asking?.kind === 'consult' ? 'consult' : 'hand-over', attemptId, agentId: colleague })
}

async function endOrFail(dialer: Dialer, going: Going, end: Parameters<typeof endWith>[2]): Promise<void> {
  if (!(await endWith(dialer, going, end))) throw failed('TRANSFER_GONE')
}

function complete(dialer: Dialer, { attemptId, colleague }: Going): void {
  order(dialer, { order: 'hand-over', attemptId, agentId: colleague })
}

/** Who asked leaves the person to the colleague; the colleague leaves him to who asked. */
export function leave(dialer: Dialer, mine: AgentRow): Promise<void> | void {
  return mine.served?.transfer?.side === 'asked' ? endOrFail(dialer, mustTake(mine, 'asked', ['consulting', 'conference']), { result: 'taken-back' })
    : complete(dialer, mustTake(mine, 'asking', ['consulting', 'conference']))
}

function order(dialer: Dialer, one: TalkOrder): void {
  if (!dialer.voice.send({ type: 'talk', orders: [one] })) throw failed('VOICE_AWAY')
}
