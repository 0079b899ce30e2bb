import type { Dialer } from '../dialer.ts'
import type { AgentRow } from './agent-row.ts'

/** Why a ready agent waits: one word for the console to translate; null while nothing keeps a call from him. */
export function idleReason(dialer: Dialer, { campaignIds }: AgentRow): string | null {
  if (campaignIds.length === 0) return 'no-campaign'
  const campaigns = campaignIds.flatMap((id) => dialer.campaigns.get(id) ?? []).filter(({ row }) => row.settings.mode !== 'agentless')
  const running = campaigns.filter(({ row }) => row.state === 'running')
  if (running.length === 0) return 'campaign-not-running'
  // With one that has somebody to call there is nothing to explain; `no-agent` is what the others suffer from.
  const reasons = running.map(({ holdReason }) => (holdReason === 'no-agent' ? null : holdReason))
  return reasons.includes(null) ? null : (reasons[0] ?? null)
}
