import type { PartitionLease } from '@loopline/event-log/event-log'
import { lookAgain } from '../campaign/sync-campaigns.ts'
import type { Dialer } from '../dialer.ts'
import { freeLeases } from '../recovery/adopt.ts'
import { takeSlots } from './owner.sql.ts'

/** Slots gained: their tokens first, so that a former owner can write nothing more; then what it left is ours to dial. */
export async function gainSlots(dialer: Dialer, leases: readonly PartitionLease[]): Promise<void> {
  await takeSlots(dialer.db, dialer.id, leases)
  dialer.slots.gain(leases)
  dialer.pacing.slotsCame()
  dialer.callerIds.own(dialer.slots.list())
  await freeLeases(dialer)
  for (const campaign of dialer.campaigns.all()) await lookAgain(dialer, campaign)
}

/** Slots given up or lost: their entries leave our pools. Returning a lease that is no longer ours does nothing. */
export async function loseSlots(dialer: Dialer, slots: readonly number[]): Promise<void> {
  dialer.slots.lose(slots)
  dialer.callerIds.own(dialer.slots.list())
  for (const campaign of dialer.campaigns.all()) {
    await campaign.pool.release((entry) => !dialer.slots.owns(entry.bucket))
    await lookAgain(dialer, campaign)
  }
}
