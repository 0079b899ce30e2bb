import type { CampaignId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { publishProgress, storedProgress } from './progress.ts'

const telling = new WeakMap<Dialer, Promise<void>>()

/**
 * Tells the numbers of a campaign that nobody dials for any more, as they are stored: when it is over, and again when the
 * last call that was still up is settled, so that whoever looks on need not ask. One at a time, so that what was read
 * first is told first.
 */
export function tellLast(dialer: Dialer, campaignId: CampaignId): Promise<void> {
  const next = (telling.get(dialer) ?? Promise.resolve()).then(async () => publishProgress(dialer, await storedProgress(dialer, campaignId)))
  telling.set(dialer, next.catch(() => undefined))
  return next
}

/** After calls ended: those of their campaigns that are over and have none left here. */
export function tellWhereLastCallEnded(dialer: Dialer, campaignIds: Iterable<CampaignId | null>): void {
  for (const campaignId of new Set(campaignIds)) {
    if (campaignId === null || dialer.campaigns.get(campaignId) || dialer.inFlight.countOf(campaignId) > 0) continue
    tellLast(dialer, campaignId).catch((error: unknown) => dialer.log.warn({ err: error, campaignId }, 'the last numbers of a campaign could not be told'))
  }
}
