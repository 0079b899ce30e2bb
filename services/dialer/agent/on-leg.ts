import type { FromVoice } from '@loopline/contracts/voice-link'
import type { Dialer } from '../dialer.ts'
import { onReservedLegLost } from '../talk/answered-alone.ts'
import { apply } from '../talk/on-talk.ts'

/**
 * What voice says of a telephone. Only the one that its agent signed on with is his leg: a desk telephone that registers says
 * nothing of whoever talks by his browser. A desk telephone that has just come is called for an agent who waits for it; one that
 * hung up, or refused us, is not, or it would ring for ever: its agent signs on again, or calls the desk from it.
 */
export function onLeg(dialer: Dialer, { agentId, phone, state, reason }: Extract<FromVoice, { type: 'agent-leg' }>): void {
  dialer.legs.told({ agentId, phone }, state)
  apply(dialer, agentId, (row) => (row.phone === phone ? { kind: 'leg', leg: state } : null))
  const row = dialer.agents.get(agentId)
  if (state === 'down' && row?.phone === phone) onReservedLegLost(dialer, row)
  const hasJustCome = phone === 'desk' && state === 'registered' && reason === null
  if (hasJustCome && row?.phone === 'desk' && row.session.state !== 'offline') dialer.voice.send({ type: 'talk', orders: [{ order: 'call-desk', agentId }] })
}
