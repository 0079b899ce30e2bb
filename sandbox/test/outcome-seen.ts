import type { Ended } from '@loopline/sip/call-effect'
import type { Evidence } from '@loopline/outcome/evidence'
import { outcomeOf } from '@loopline/outcome/outcome-of'
import type { Placed } from './virtual-exchange.ts'

const ENDED_BY: Record<Ended['by'], Evidence['endedBy']> = {
  remote: 'callee', local: 'us', timeout: 'timeout', rejected: 'carrier', transport: 'carrier',
}

/** The outcome a dialer comes to, on a line proven good; `heard` takes the announcement from the carrier's `i=` line. */
export function outcomeSeen(placed: Placed, heard: boolean): string {
  const { ended } = placed
  if (ended === null) return 'not ended'
  const earlyMedia = placed.saw.some((effect) => effect.kind === 'ringing' && effect.earlyMedia)
  const announcement = heard ? announcementIn(placed) : null
  const evidence: Evidence = { sipStatus: ended.status, q850: ended.q850, earlyMedia, announcement, endedBy: ENDED_BY[ended.by] }
  const timing = { startedAt: 0, ringingAt: placed.ringingAt, answeredAt: placed.answeredAt, endedAt: ended.at }
  return outcomeOf(evidence, timing, { lineId: 'line', day: '2026-01-05', line: 'proven', priorInvalidEvidence: [] }).outcome
}

const UNDERSTOOD = ['invalid-number', 'suspended', 'powered-off', 'unreachable', 'busy'] as const

function announcementIn(placed: Placed): Evidence['announcement'] {
  for (const effect of placed.saw) {
    if (effect.kind !== 'ringing') continue
    const said = /^i=announcement (\S+)/m.exec(effect.sdp)?.[1]
    const understood = UNDERSTOOD.find((name) => name === said)
    if (understood !== undefined) return understood
  }
  return null
}
