import type { CampaignChanged, CampaignProgress } from '@loopline/contracts/campaign-event'
import { makeEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import { inTransaction } from '@loopline/postgres/transaction'
import { PARTITIONS } from '@loopline/vocabulary/bucket'
import type { CampaignId } from '@loopline/vocabulary/ids'
import { countEntries } from '../audience/entry.sql.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { pacingOf } from '../pacing/pacing-progress.ts'
import { readCampaign } from './campaign.sql.ts'
import type { CampaignRow } from './campaign.sql.ts'
import { addShares, emptyShare } from './numbers.ts'
import type { Share } from './numbers.ts'
import type { LiveCampaign } from './live-campaign.ts'
import { countAttemptsOf } from './tally.sql.ts'

/** The numbers of a campaign over all processes; `shares` are those of the others. */
export function progressOf(dialer: Dialer, campaign: LiveCampaign, shares: readonly Share[]): CampaignProgress {
  const sum = addShares([campaign.numbers.share, { ...emptyShare(), ...campaign.base }, ...shares])
  const rate = campaign.numbers.rate(dialer.clock.monotonic(), sum.attempts)
  return { ...sumUp(campaign.row, sum, dialer.clock.now()), attemptsPerSecond: rate, pacing: pacingOf(dialer, campaign, [campaign.numbers.share, ...shares].map(({ pacing }) => pacing)), holdReason: campaign.row.loading && sum.entries.ready === 0 ? 'loading' : campaign.holdReason }
}

/** Of a campaign that nobody dials for. */
export function sumUp(row: CampaignRow, { entries, attempts, outcomes }: Share, at: number): CampaignProgress {
  const { waiting, ready, leased, dialing, done, withdrawn } = entries
  return {
    campaignId: row.campaignId, version: row.version, name: row.name, state: row.state, audience: waiting + ready + leased + dialing + done,
    waiting, ready, inPool: leased, inFlight: dialing, done, withdrawn, attempts, attemptsPerSecond: 0, outcomes, abandonedShare: abandonedShareOf(row, outcomes), holdReason: null, at, pacing: null,
  }
}

/**
 * Of all who answered as persons, those whom nobody of ours was connected to within two seconds (regulations.md). null while nobody
 * has answered, and where nobody of ours is to speak.
 */
function abandonedShareOf({ settings }: CampaignRow, { connected = 0, abandoned = 0 }: Share['outcomes']): number | null {
  const answered = connected + abandoned
  return settings.mode === 'agentless' || answered <= 0 ? null : Math.max(0, abandoned) / answered
}

/** From the tables alone: for a campaign that is not live here. Reads all of its entries and attempts. */
export async function storedProgress(dialer: Dialer, campaignId: CampaignId): Promise<CampaignProgress> {
  const row = await readCampaign(dialer.db, campaignId)
  if (!row) throw failed('CAMPAIGN_NOT_FOUND', { campaignId })
  const share = { ...emptyShare(), ...(await countAttemptsOf(dialer.db, campaignId)) }
  for (const { state, count } of await countEntries(dialer.db, campaignId, ALL_SLOTS)) share.entries[state] += count
  return sumUp(row, share, dialer.clock.now())
}

const ALL_SLOTS = Array.from({ length: PARTITIONS }, (_, slot) => slot)

/** Tells everybody where the campaign stands. */
export function publishProgress(dialer: Dialer, progress: CampaignProgress): Promise<void> {
  const event = makeEvent<CampaignChanged>({ type: 'dialer.campaign.changed', key: progress.campaignId, subject: progress.campaignId, data: progress, sequence: Math.round(progress.at), time: progress.at })
  return inTransaction(dialer.db, (transaction) => publish(transaction, dialer.notifier, [event]))
}
