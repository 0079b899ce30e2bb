import type { CampaignId } from '@loopline/vocabulary/ids'
import { loadAudience } from '../audience/load-audience.ts'
import type { Dialer } from '../dialer.ts'
import { finishCampaign } from './change-campaign.ts'
import type { LiveCampaign } from './live-campaign.ts'
import { progressOf, publishProgress } from './progress.ts'
import { addShares } from './numbers.ts'
import type { Share } from './numbers.ts'
import { pacingShareOf } from '../pacing/pacing-progress.ts'
import { recount } from './sync-campaigns.ts'
import { countAttemptsOf, hasSomebodyLeft, saveShare, sharesOfOthers } from './tally.sql.ts'

const RELOAD_MS = 1_000
const RECOUNT_MS = 30_000
/** Asking the whole list whether anybody is left is dear: only when the numbers say so, and not more often than this. */
const LOOK_FOR_END_MS = 2_000

interface Minding {
  loading: AbortController | null
  /** The audience that is being loaded: another one is loaded anew. */
  audience: unknown
  /** What was published last, so that silence means nothing changed. */
  told: string
  lookedForEndAt: number
  savedRevision: number
  countedAt: number
  countedRevision: number
}

/**
 * Looks after campaigns as a whole: reads their audience, tells their numbers twice a second while they change, ends those
 * in which nobody is left. One process minds a campaign: the owner of the slot that its id falls into.
 */
export class Minder {
  readonly #dialer: Dialer
  readonly #minding = new Map<CampaignId, Minding>()

  constructor(dialer: Dialer) {
    this.#dialer = dialer
  }

  /** One round, twice a second. */
  async round(): Promise<void> {
    for (const [campaignId, minding] of this.#minding) if (!this.#dialer.campaigns.get(campaignId)) this.#leave(campaignId, minding)
    for (const campaign of this.#dialer.campaigns.all()) {
      const minding = this.#mindingOf(campaign)
      campaign.numbers.pace(pacingShareOf(this.#dialer, campaign))
      await this.#saveOwnShare(campaign, minding)
      await this.#recountNowAndThen(campaign, minding)
      if (this.#dialer.campaigns.isMinder(campaign.id)) await this.#mind(campaign, minding)
      else this.#stopLoading(minding)
    }
  }

  stop(): void {
    for (const minding of this.#minding.values()) this.#stopLoading(minding)
  }

  #mindingOf(campaign: LiveCampaign): Minding {
    let minding = this.#minding.get(campaign.id)
    if (!minding) this.#minding.set(campaign.id, (minding = { loading: null, audience: null, told: '', lookedForEndAt: 0, countedAt: this.#dialer.clock.monotonic(), countedRevision: 0, savedRevision: -1 }))
    return minding
  }

  #leave(campaignId: CampaignId, minding: Minding): void {
    this.#stopLoading(minding)
    this.#minding.delete(campaignId)
  }

  #stopLoading(minding: Minding): void {
    minding.loading?.abort(new Error('the campaign is no longer loaded here'))
    minding.loading = null
  }

  /** Numbers kept by deltas drift when an answer of the database is lost. */
  async #recountNowAndThen(campaign: LiveCampaign, minding: Minding): Promise<void> {
    const now = this.#dialer.clock.monotonic()
    if (now - minding.countedAt < RECOUNT_MS || campaign.numbers.revision === minding.countedRevision) return
    minding.countedAt = now
    await recount(this.#dialer, campaign)
    minding.countedRevision = campaign.numbers.revision
  }

  /** Only where somebody else may add it up. */
  async #saveOwnShare(campaign: LiveCampaign, minding: Minding): Promise<void> {
    if (this.#dialer.slots.share() === 1 || campaign.numbers.revision === minding.savedRevision) return
    minding.savedRevision = campaign.numbers.revision
    await saveShare(this.#dialer.db, campaign.id, this.#dialer.id, campaign.numbers.share)
  }

  async #mind(campaign: LiveCampaign, minding: Minding): Promise<void> {
    if (minding.loading && minding.audience !== campaign.audience) this.#stopLoading(minding)
    if (campaign.row.loading && !minding.loading && this.#dialer.knowledge.rules) this.#load(campaign, minding)
    campaign.base ??= await this.#countBase(campaign)
    await this.#tell(campaign, minding, await this.#others(campaign))
    await this.#endWhenEmpty(campaign, minding)
  }

  #load(campaign: LiveCampaign, minding: Minding): void {
    const loading = new AbortController()
    minding.loading = loading
    minding.audience = campaign.audience
    loadAudience(this.#dialer, campaign, loading.signal)
      .catch((error: unknown) => {
        if (!loading.signal.aborted) this.#dialer.log.warn({ err: error, campaignId: campaign.id }, 'the audience could not be loaded; going on in a second')
        return new Promise((resolve) => { setTimeout(resolve, RELOAD_MS).unref() })
      })
      .finally(() => {
        if (minding.loading === loading) minding.loading = null
      })
  }

  /** What the database holds, less what is counted in memory here and elsewhere. */
  async #countBase(campaign: LiveCampaign): Promise<LiveCampaign['base']> {
    const all = await countAttemptsOf(this.#dialer.db, campaign.id)
    const counted = addShares([campaign.numbers.share, ...(await this.#others(campaign))])
    const outcomes = Object.fromEntries(Object.entries(all.outcomes).map(([outcome, count]) => [outcome, Math.max(0, count - (counted.outcomes[outcome as keyof typeof counted.outcomes] ?? 0))]))
    return { attempts: Math.max(0, all.attempts - counted.attempts), outcomes }
  }

  async #others(campaign: LiveCampaign): Promise<Share[]> {
    return this.#dialer.slots.share() === 1 ? [] : sharesOfOthers(this.#dialer.db, campaign.id, this.#dialer.id)
  }

  async #tell(campaign: LiveCampaign, minding: Minding, shares: readonly Share[]): Promise<void> {
    const progress = progressOf(this.#dialer, campaign, shares)
    const told = JSON.stringify({ ...progress, at: 0 })
    if (told === minding.told) return
    minding.told = told
    await publishProgress(this.#dialer, progress)
  }

  async #endWhenEmpty(campaign: LiveCampaign, minding: Minding): Promise<void> {
    const { row, numbers: { share: { entries } } } = campaign
    if (!row.settings.finishWhenEmpty || row.state !== 'running' || row.loading) return
    if (entries.ready + entries.leased + entries.dialing > 0) return
    const now = this.#dialer.clock.monotonic()
    if (now - minding.lookedForEndAt < LOOK_FOR_END_MS) return
    minding.lookedForEndAt = now
    if (await hasSomebodyLeft(this.#dialer.db, campaign.id)) return
    await finishCampaign(this.#dialer, campaign.id)
    this.#dialer.log.info({ campaignId: campaign.id }, 'nobody is left to call; the campaign is finished')
  }
}
