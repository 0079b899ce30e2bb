import type { CampaignId } from '@loopline/vocabulary/ids'
import { bucketOf } from '@loopline/vocabulary/bucket'
import type { EntryMove } from '../audience/entry.sql.ts'
import type { PoolDeps } from '../pool/ready-pool.ts'
import type { CampaignRow } from './campaign.sql.ts'
import { LiveCampaign } from './live-campaign.ts'

/** All campaigns whose lists are kept up, and the one place where a change of entries reaches pools and numbers. */
export class LiveCampaigns {
  readonly #byId = new Map<CampaignId, LiveCampaign>()
  readonly #deps: PoolDeps

  constructor(deps: PoolDeps) {
    this.#deps = deps
  }

  all(): LiveCampaign[] {
    return [...this.#byId.values()]
  }

  get(campaignId: CampaignId | null): LiveCampaign | undefined {
    return campaignId === null ? undefined : this.#byId.get(campaignId)
  }

  add(row: CampaignRow): LiveCampaign {
    const campaign = new LiveCampaign(row, this.#deps)
    this.#byId.set(row.campaignId, campaign)
    return campaign
  }

  remove(campaignId: CampaignId): void {
    this.#byId.delete(campaignId)
  }

  /** After the commit of a transaction that moved entries. Moves in others' buckets count there. */
  applyMoves(moves: readonly EntryMove[]): void {
    for (const move of moves) {
      const campaign = this.#byId.get(move.campaignId)
      if (!campaign || !this.#deps.slots.owns(move.bucket)) continue
      campaign.numbers.move(move.was, move.state)
      if (move.was === 'leased' && move.state !== 'leased') campaign.pool.withdraw(move.customerId)
      if (move.state === 'ready') campaign.pool.best.offer(move.bucket, move.priority, move.dueAt.getTime())
    }
  }

  /** Whether this process answers for the campaign as a whole: loading its audience, telling its numbers, finishing it. */
  isMinder(campaignId: CampaignId): boolean {
    return this.#deps.slots.owns(bucketOf(campaignId as string as Parameters<typeof bucketOf>[0]))
  }
}
