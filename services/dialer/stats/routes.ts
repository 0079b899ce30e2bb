import type { Http } from '@loopline/http/create-http'
import type { Dialer } from '../dialer.ts'

/** Counters and durations for benches and operators. */
export function statsRoutes(app: Http, dialer: Dialer): void {
  const config = { may: 'service:call' }
  app.get('/internal/stats', { schema: { hide: true }, config }, async () => ({
    ...dialer.stats.snapshot(), inFlight: dialer.inFlight.size, outcomesWaiting: dialer.outcomes.waiting, slots: dialer.slots.list().length,
    voiceEpoch: dialer.voice.epoch, rules: dialer.knowledge.rules?.version ?? null,
    pools: dialer.campaigns.all().map((campaign) => ({ campaignId: campaign.id, inPool: campaign.pool.size, inFlight: campaign.inFlight, hold: campaign.holdReason })),
  }))
  app.post('/internal/stats/reset', { schema: { hide: true }, config }, async () => {
    dialer.stats.reset()
    return { reset: true }
  })
}
