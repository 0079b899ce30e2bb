import type { CampaignId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import type { Share } from './numbers.ts'

export async function saveShare(queryable: Queryable, campaignId: CampaignId, dialerId: string, share: Share): Promise<void> {
  await queryable.execute`
    insert into dialer.tally (campaign_id, dialer_id, numbers) values (${campaignId}, ${dialerId}, ${json(share)})
    on conflict (campaign_id, dialer_id) do update set numbers = excluded.numbers, at = now()`
}

/** Shares of other processes that are alive. */
export async function sharesOfOthers(queryable: Queryable, campaignId: CampaignId, dialerId: string): Promise<Share[]> {
  const rows = await queryable.sql<{ numbers: Share }>`
    select numbers from dialer.tally where campaign_id = ${campaignId} and dialer_id <> ${dialerId} and at > now() - interval '5 seconds'`
  return rows.map((row) => row.numbers)
}

/** What all of a campaign's attempts came to. Reads them all: for a start and for a campaign that is over. */
export async function countAttemptsOf(queryable: Queryable, campaignId: CampaignId): Promise<Pick<Share, 'attempts' | 'outcomes'>> {
  const rows = await queryable.sql<{ outcome: Outcome | null; count: number }>`
    select outcome, count(*) as count from dialer.attempt where campaign_id = ${campaignId} and inbound_id is null group by outcome`
  const outcomes: Share['outcomes'] = {}
  for (const { outcome, count } of rows) if (outcome !== null) outcomes[outcome] = count
  return { attempts: rows.reduce((sum, row) => sum + row.count, 0), outcomes }
}

/** Whether somebody is left to call in the campaign, now or by time alone. */
export async function hasSomebodyLeft(queryable: Queryable, campaignId: CampaignId): Promise<boolean> {
  const [row] = await queryable.sql<{ left: boolean }>`
    select exists (select from dialer.entry where campaign_id = ${campaignId}
                      and (state in ('ready', 'leased', 'dialing') or (state = 'waiting' and wake_at is not null))) as left`
  return row?.left === true
}
