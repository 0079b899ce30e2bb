import type { CampaignId, CustomerId } from '@loopline/vocabulary/ids'
import type { CampaignSettings } from '@loopline/contracts/campaign'
import type { CampaignState } from '@loopline/contracts/campaign-event'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

export interface CampaignRow {
  campaignId: CampaignId
  version: number
  name: string
  state: CampaignState
  settings: CampaignSettings
  loading: boolean
  loadedTo: CustomerId | null
  listVersion: number
  createdAt: Date
  startedAt: Date | null
}

export async function insertCampaign(queryable: Queryable, campaignId: CampaignId, settings: CampaignSettings, now: Date): Promise<void> {
  await queryable.execute`
    insert into dialer.campaign (campaign_id, name, state, settings, created_at, updated_at)
    values (${campaignId}, ${settings.name}, 'draft', ${json(settings)}, ${now}, ${now})`
}

export async function readCampaign(queryable: Queryable, campaignId: CampaignId): Promise<CampaignRow | undefined> {
  const [row] = await queryable.sql<CampaignRow>`
    select campaign_id as "campaignId", version, name, state, settings, loading, loaded_to as "loadedTo", list_version as "listVersion",
           created_at as "createdAt", started_at as "startedAt"
      from dialer.campaign where campaign_id = ${campaignId}`
  return row
}

/** Locks the campaign until the transaction ends. */
export async function lockCampaign(queryable: Queryable, campaignId: CampaignId): Promise<CampaignRow | undefined> {
  const [row] = await queryable.sql<CampaignRow>`
    select campaign_id as "campaignId", version, name, state, settings, loading, loaded_to as "loadedTo", list_version as "listVersion",
           created_at as "createdAt", started_at as "startedAt"
      from dialer.campaign where campaign_id = ${campaignId} for update`
  return row
}

/** Those whose list is kept up: running and paused. */
export function readLiveCampaigns(queryable: Queryable): Promise<CampaignRow[]> {
  return queryable.sql<CampaignRow>`
    select campaign_id as "campaignId", version, name, state, settings, loading, loaded_to as "loadedTo", list_version as "listVersion",
           created_at as "createdAt", started_at as "startedAt"
      from dialer.campaign where state in ('running', 'paused')`
}

/** Newest first; `before` is the last id of the page before. */
export function listCampaigns(queryable: Queryable, before: string | null, limit: number): Promise<CampaignRow[]> {
  return queryable.sql<CampaignRow>`
    select campaign_id as "campaignId", version, name, state, settings, loading, loaded_to as "loadedTo", list_version as "listVersion",
           created_at as "createdAt", started_at as "startedAt"
      from dialer.campaign where ${before}::uuid is null or campaign_id < ${before}::uuid
     order by campaign_id desc limit ${limit}`
}

/** Writes the state and settings of a locked campaign and raises its version. */
export async function saveCampaign(queryable: Queryable, row: CampaignRow, now: Date): Promise<void> {
  await queryable.execute`
    update dialer.campaign
       set version = ${row.version}, name = ${row.settings.name}, state = ${row.state}, settings = ${json(row.settings)},
           loading = ${row.loading}, loaded_to = ${row.loadedTo}, started_at = ${row.startedAt},
           ended_at = case when ${row.state} in ('stopped', 'finished') then ${now}::timestamptz end, updated_at = ${now}
     where campaign_id = ${row.campaignId}`
}

/**
 * How far the snapshot is committed; tells other owners of slots to look at their buckets. Answers whether the snapshot is
 * still the same one: an edit of the audience starts another.
 */
export async function saveLoadedTo(queryable: Queryable, campaignId: CampaignId, before: CustomerId | null, loadedTo: CustomerId | null, loading: boolean): Promise<boolean> {
  const touched = await queryable.execute`
    update dialer.campaign set loaded_to = ${loadedTo}, loading = ${loading}, list_version = list_version + 1
     where campaign_id = ${campaignId} and loading and loaded_to is not distinct from ${before}::uuid`
  return touched === 1
}

export async function raiseListVersion(queryable: Queryable, campaignId: CampaignId): Promise<void> {
  await queryable.execute`update dialer.campaign set list_version = list_version + 1 where campaign_id = ${campaignId}`
}
