/** A campaign of the bench's own: progressive, over a line of its own, among people who may be recorded without an announcement. */
import type { CampaignView } from '@loopline/contracts/campaign'
import type { Bench } from './installation.ts'
import type { SipSocket } from './sip-socket.ts'

/**
 * @param levels of customers; each campaign has its own, so that nobody is called by two.
 * @param settings of the campaign that the caller wants otherwise.
 */
export async function campaignOver({ admin }: Bench, carrier: SipSocket, levels: string[], settings: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const name = `answers ${levels.join(' ')}`
  const { lineId } = await admin.post<{ lineId: string }>('/api/dialer/lines', {
    name, type: 'voip', remote: carrier.address, callerIds: ['+862038880009'], maxConcurrent: 1_000, maxPerSecond: 100, sandbox: true, weight: 100,
  })
  const { campaignId } = await admin.post<CampaignView>('/api/dialer/campaigns', {
    name, mode: 'progressive', wrapUpMs: 0, ratePerSecond: 50, maxConcurrent: 1_000, lineIds: [lineId], hangUpAfterMs: null, attemptsPerPersonPerDay: 1, retry: { maxAttempts: 1, afterMinutes: {} },
    audience: { combinator: 'and', rules: [
      { field: 'marketingConsent', operator: '=', value: 'granted' }, { field: 'recordingConsent', operator: '=', value: 'granted' }, { field: 'neverCall', operator: '=', value: false },
      { field: 'level', operator: 'in', value: levels },
    ] },
    ...settings,
  })
  return campaignId
}
