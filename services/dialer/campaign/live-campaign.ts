import { compileCondition } from '@loopline/conditions/compile-condition'
import type { CompiledCondition } from '@loopline/conditions/compile-condition'
import type { CampaignId } from '@loopline/vocabulary/ids'
import type { CampaignProgress } from '@loopline/contracts/campaign-event'
import { CUSTOMER_FIELDS } from '@loopline/contracts/customer-fields'
import type { CampaignRow } from './campaign.sql.ts'
import { ReadyPool } from '../pool/ready-pool.ts'
import type { PoolDeps } from '../pool/ready-pool.ts'
import { Numbers } from './numbers.ts'
import type { Share } from './numbers.ts'

export type HoldReason = CampaignProgress['holdReason']

/** A running or paused campaign as this process works on it. */
export class LiveCampaign {
  row: CampaignRow
  audience: CompiledCondition | null
  readonly pool: ReadyPool
  readonly numbers = new Numbers()
  /** Calls ordered by this process and not ended. */
  inFlight = 0
  /** Fraction of a call that the last tick earned. */
  carry = 0
  /** Monotonic ms of the last tick, and until when the whole campaign rests because everybody asked was out of hours. */
  tickedAt: number
  restUntil = 0
  /** Entries in a row that were out of hours. */
  outOfHours = 0
  holdReason: HoldReason = null
  /** Attempts and outcomes of before this process counted; null until somebody has asked the database. */
  base: Pick<Share, 'attempts' | 'outcomes'> | null = null
  /** The pool is being refilled. */
  refilling = false

  constructor(row: CampaignRow, deps: PoolDeps) {
    this.row = row
    this.audience = audienceOf(row)
    this.pool = new ReadyPool(row.campaignId, deps)
    this.tickedAt = deps.monotonic()
  }

  get id(): CampaignId {
    return this.row.campaignId
  }

  /** This process has just raised the list's version by one; when all that changed is ours, there is nothing to look for. */
  knowsOwnChange(isAllOurs: boolean): void {
    if (isAllOurs) this.row = { ...this.row, listVersion: this.row.listVersion + 1 }
  }

  /** Takes a newer row. Answers whether the audience is another one now. */
  update(row: CampaignRow): boolean {
    const changed = JSON.stringify(row.settings.audience) !== JSON.stringify(this.row.settings.audience)
    this.row = row
    if (changed) this.audience = audienceOf(row)
    return changed
  }
}

/** The compiled audience; conditions are checked before they are stored, so one that does not compile matches nobody. */
function audienceOf(row: CampaignRow): CompiledCondition | null {
  if (row.settings.audience === null) return null
  const compiled = compileCondition(row.settings.audience, CUSTOMER_FIELDS)
  return compiled.ok ? compiled.condition : null
}
