import { newId } from '@loopline/clock/new-id'
import { compileCondition } from '@loopline/conditions/compile-condition'
import type { CampaignId } from '@loopline/vocabulary/ids'
import type { CampaignSettings, EditCampaign } from '@loopline/contracts/campaign'
import type { CampaignState } from '@loopline/contracts/campaign-event'
import { CUSTOMER_FIELDS } from '@loopline/contracts/customer-fields'
import { failed as commonly } from '@loopline/http/coded-error'
import type { Identity } from '@loopline/http/identity-token'
import type { Transaction } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { mustHaveAudios } from '../audio/must-have-audios.ts'
import { insertCampaign, lockCampaign, readCampaign, saveCampaign } from './campaign.sql.ts'
import type { CampaignRow } from './campaign.sql.ts'
import { followChange } from './sync-campaigns.ts'
import { viewOf } from './view-campaign.ts'

export type CampaignAct = 'start' | 'pause' | 'resume' | 'stop'

/** From which states an act leads where. Stopped and finished are final: a new campaign is made from an old one's settings. */
const ACTS: Record<CampaignAct, { from: readonly CampaignState[]; to: CampaignState }> = {
  start: { from: ['draft'], to: 'running' },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  stop: { from: ['running', 'paused'], to: 'stopped' },
}

export async function createCampaign(dialer: Dialer, who: Identity, settings: CampaignSettings): Promise<CampaignRow> {
  mustCompile(settings.audience)
  const campaignId = newId<CampaignId>(dialer.clock)
  await audited(dialer, who, 'campaign:create', campaignId, { name: settings.name })
  await inTransaction(dialer.db, async (transaction) => {
    await mustHaveAudios(transaction, settings)
    await insertCampaign(transaction, campaignId, settings, new Date(dialer.clock.now()))
  })
  return (await readCampaign(dialer.db, campaignId)) as CampaignRow
}

/** Changes settings of a campaign that is not over. Another audience is loaded anew; who no longer belongs leaves the list. */
export async function editCampaign(dialer: Dialer, who: Identity, campaignId: CampaignId, version: number, changes: Omit<EditCampaign, 'version'>): Promise<CampaignRow> {
  if ('audience' in changes) mustCompile(changes.audience ?? null)
  await audited(dialer, who, 'campaign:edit', campaignId, { fields: Object.keys(changes) })
  return changeCampaign(dialer, campaignId, version, (row) => {
    if (row.state === 'stopped' || row.state === 'finished') throw failed('CAMPAIGN_STATE_WRONG', { state: row.state })
    const settings = { ...row.settings, ...changes } as CampaignSettings
    const reload = row.state !== 'draft' && JSON.stringify(settings.audience) !== JSON.stringify(row.settings.audience)
    return { ...row, settings, ...(reload ? { loading: true, loadedTo: null } : {}) }
  }, (transaction) => mustHaveAudios(transaction, changes))
}

/**
 * Starts, pauses, resumes or stops. Pausing and stopping act first and are told to the audit after: a stop must not wait
 * for anything. No INVITE leaves after a stop was committed: the write-ahead asks for a running campaign.
 */
export async function actOnCampaign(dialer: Dialer, who: Identity, campaignId: CampaignId, act: CampaignAct, version?: number): Promise<CampaignRow> {
  const restrains = act === 'pause' || act === 'stop'
  if (!restrains) await audited(dialer, who, `campaign:${act}`, campaignId, {})
  if (restrains) restrain(dialer, campaignId, act)
  const row = await changeCampaign(dialer, campaignId, version, (before) => {
    const { from, to } = ACTS[act]
    if (!from.includes(before.state)) throw failed('CAMPAIGN_STATE_WRONG', { state: before.state })
    const isStart = act === 'start'
    return { ...before, state: to, ...(isStart ? { startedAt: new Date(dialer.clock.now()), loading: true, loadedTo: null } : {}) }
  }).catch((error: unknown) => {
    void followChange(dialer)
    throw error
  })
  if (act === 'stop') dialer.voice.send({ type: 'stop', campaignIds: [campaignId] })
  if (restrains) await audited(dialer, who, `campaign:${act}`, campaignId, {}).catch((error: unknown) => dialer.log.error({ err: error, act }, 'an act is done and could not be audited'))
  return row
}

/** In this process nothing more is placed from this instant on; the database follows. */
function restrain(dialer: Dialer, campaignId: CampaignId, act: 'pause' | 'stop'): void {
  const campaign = dialer.campaigns.get(campaignId)
  if (campaign?.row.state === 'running') campaign.row = { ...campaign.row, state: act === 'pause' ? 'paused' : 'stopped' }
}

/** Saves a change made to the locked row. @throws VERSION_CONFLICT with the current view when another version was read. */
async function changeCampaign(dialer: Dialer, campaignId: CampaignId, version: number | undefined, change: (row: CampaignRow) => CampaignRow, check: (transaction: Transaction) => Promise<void> = async () => undefined): Promise<CampaignRow> {
  const saved = await inTransaction(dialer.db, async (transaction) => {
    await check(transaction)
    const row = await lockCampaign(transaction, campaignId)
    if (!row) throw failed('CAMPAIGN_NOT_FOUND', { campaignId })
    if (version !== undefined && version !== row.version) throw commonly('VERSION_CONFLICT', { current: viewOf(row) })
    const next = { ...change(row), version: row.version + 1 }
    await saveCampaign(transaction, next, new Date(dialer.clock.now()))
    return next
  })
  await followChange(dialer)
  return saved
}

/** Ends a campaign in which nobody is left to call. */
export function finishCampaign(dialer: Dialer, campaignId: CampaignId): Promise<CampaignRow> {
  return changeCampaign(dialer, campaignId, undefined, (row) => {
    if (row.state !== 'running') throw failed('CAMPAIGN_STATE_WRONG', { state: row.state })
    return { ...row, state: 'finished' }
  })
}

export function mustCompile(audience: unknown): void {
  if (audience === null) return
  const compiled = compileCondition(audience, CUSTOMER_FIELDS)
  if (!compiled.ok) throw failed('CONDITION_INVALID', { errors: compiled.errors })
}

export function audited(dialer: Dialer, who: Identity, action: string, subject: string, details: Record<string, unknown>): Promise<void> {
  return dialer.audit({ actorId: who.sub, actorName: who.name, action, subject, details })
}
