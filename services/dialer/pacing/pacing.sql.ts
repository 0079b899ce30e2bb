import type { AbandonmentWindow } from '@loopline/pacing/abandonment-budget'
import type { AttemptId, CampaignId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

/** What the campaign's pacing had learnt, as whoever saved it last left it. */
export async function readMemory(queryable: Queryable, campaignId: CampaignId): Promise<unknown> {
  const [row] = await queryable.sql<{ memory: unknown }>`select memory from dialer.pacing_memory where campaign_id = ${campaignId}`
  return row?.memory ?? null
}

export async function saveMemory(queryable: Queryable, campaignId: CampaignId, memory: object): Promise<void> {
  await queryable.execute`
    insert into dialer.pacing_memory (campaign_id, memory) values (${campaignId}, ${json(memory)})
    on conflict (campaign_id) do update set memory = excluded.memory, saved_at = now()`
}

const HOUR_MS = 3_600_000
const hourOf = (instant: number): Date => new Date(Math.floor(instant / HOUR_MS) * HOUR_MS)

/** Who answered as a person since then, whole hours, and whom of them nobody came for. */
export async function readWindow(queryable: Queryable, campaignId: CampaignId, since: number): Promise<AbandonmentWindow> {
  const [row] = await queryable.sql<{ live: number; abandoned: number }>`
    select coalesce(sum(live), 0)::integer as live, coalesce(sum(abandoned), 0)::integer as abandoned
      from dialer.abandonment where campaign_id = ${campaignId} and hour >= ${hourOf(since)}`
  return row ?? { live: 0, abandoned: 0 }
}

/** One call that a person answered, by when it ended. `by`: -1 takes it back. */
export interface AnsweredCall {
  campaignId: CampaignId
  endedAt: number
  isAbandoned: boolean
  by: 1 | -1
}

/** Adds answered calls to the hours in which they ended: in the transaction of their outcomes, so that neither is without the other. */
export async function countAnswered(queryable: Queryable, dialerId: string, calls: readonly AnsweredCall[]): Promise<void> {
  if (calls.length === 0) return
  const rows = new Map<string, { campaign: CampaignId; hour: Date; live: number; abandoned: number }>()
  for (const { campaignId, endedAt, isAbandoned, by } of calls) {
    const hour = hourOf(endedAt)
    const key = `${campaignId} ${hour.getTime()}`
    const row = rows.get(key) ?? { campaign: campaignId, hour, live: 0, abandoned: 0 }
    rows.set(key, { ...row, live: row.live + by, abandoned: row.abandoned + (isAbandoned ? by : 0) })
  }
  await queryable.execute`
    insert into dialer.abandonment as a (campaign_id, hour, dialer_id, live, abandoned)
    select w.campaign, w.hour, ${dialerId}, w.live, w.abandoned
      from json_to_recordset(${json([...rows.values()])}::json) as w(campaign uuid, hour timestamptz, live integer, abandoned integer)
     order by w.campaign, w.hour
    on conflict (campaign_id, hour, dialer_id) do update set live = a.live + excluded.live, abandoned = a.abandoned + excluded.abandoned`
}

/** An open call of this campaign in our slots that another process made. */
export interface StrangeCall {
  attemptId: AttemptId
  startedAt: number
  /** Only who made it knows what was forecast of it. */
  answerProbability?: number
}

/**
 * Calls of the campaign in these slots that are another process's: of one that is dead and will be adopted in some seconds, or of one that has given
 * the slot up and ends what it began. Once the slot's token is ours, no more of them can come.
 */
export async function readStrangeCalls(queryable: Queryable, campaignId: CampaignId, dialerId: string, slots: readonly number[]): Promise<StrangeCall[]> {
  const rows = await queryable.sql<{ attemptId: AttemptId; startedAt: Date }>`
    select id as "attemptId", started_at as "startedAt" from dialer.attempt
     where ended_at is null and campaign_id = ${campaignId} and inbound_id is null and dialer_id <> ${dialerId} and (loopline.bucket(customer_id) % 64) = any(${slots}::integer[])`
  return rows.map(({ attemptId, startedAt }) => ({ attemptId, startedAt: startedAt.getTime() }))
}
