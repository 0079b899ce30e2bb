import { circuitAt, shareAt } from '@loopline/routing/circuit'
import type { LineQualityView } from '@loopline/contracts/line-quality'
import type { Identity } from '@loopline/http/identity-token'
import type { LineId } from '@loopline/vocabulary/ids'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { markDrained } from './line.sql.ts'
import { syncLines } from './sync-lines.ts'

/** How every line does, and whether calls go over it, as this process sees it. */
export function viewQuality(dialer: Dialer): LineQualityView[] {
  const monotonic = dialer.clock.monotonic()
  return dialer.lines.all().map(({ row: { lineId, drainedAt }, circuit: stored }): LineQualityView => {
    const circuit = circuitAt(stored, monotonic)
    const until = circuit.state === 'open' ? new Date(dialer.clock.now() + circuit.openUntil - monotonic).toISOString() : null
    return { lineId, ...dialer.quality.of(lineId), circuit: { state: circuit.state, reason: circuit.reason, until, share: circuit.state === 'open' ? 0 : shareAt(circuit, monotonic) }, drainedAt: drainedAt?.toISOString() ?? null,
      alarms: dialer.lines.alarmsOf(lineId).map((alarm) => ({ ...alarm, since: new Date(dialer.clock.now() + alarm.since - monotonic).toISOString() })) }
  })
}

/** Lets nothing new go over a line, or again. Other dialers see it within half a second. @throws LINE_NOT_FOUND */
export async function drainLine(dialer: Dialer, who: Identity, lineId: LineId, drain: boolean): Promise<void> {
  if (!dialer.lines.get(lineId)) throw failed('LINE_NOT_FOUND', { lineId })
  await audited(dialer, who, drain ? 'line:drain' : 'line:undrain', lineId, {})
  await markDrained(dialer.db, lineId, drain ? new Date(dialer.clock.now()) : null)
  await syncLines(dialer)
}
