import type { AttemptId } from '@loopline/vocabulary/ids'
import { withdrawCardsOf } from '../agent/agent-round.ts'
import type { Dialer } from '../dialer.ts'
import { adoptAttempts } from '../outcome/outcome.sql.ts'
import { beat, buryInstances, deadInstances } from '../owner/owner.sql.ts'
import { freeLostLeases } from '../pool/claim.sql.ts'
import { endedElsewhere, readOrphans } from './orphan.sql.ts'

/** Heartbeats come each second; a process silent this long is dead or frozen, and its token is about to be overtaken. */
const SILENT_MS = 4_000
const FREED_MAX = 1_000

/**
 * The round of a second: says that we live, takes over the open attempts of dead processes in our slots, and frees
 * entries whose lease nobody holds any more.
 */
export async function recover(dialer: Dialer): Promise<void> {
  await beat(dialer.db, dialer.id)
  const dead = await deadInstances(dialer.db, SILENT_MS)
  if (dead.length > 0) await adopt(dialer, dead)
  await freeLeases(dialer)
}

async function adopt(dialer: Dialer, dead: readonly string[]): Promise<void> {
  const adopted = await adoptAttempts(dialer.db, dialer.id, dead, dialer.slots.list())
  for (const attempt of adopted) answerFor(dialer, attempt)
  if (adopted.length > 0) {
    dialer.stats.count('adopted', adopted.length)
    dialer.log.warn({ attempts: adopted.length, dead }, 'took over the open attempts of a dead process')
  }
  withdrawCardsOf(dialer, dead)
  await buryInstances(dialer.db, dead)
}

/** Ringing and talking take longer than most, not longer than this without anybody looking. */
const LOOK_AFTER_MS = 60_000

/** Calls whose result voice told to another dialer are no longer ours. */
export async function forgetEnded(dialer: Dialer): Promise<void> {
  for (const attemptId of await endedElsewhere(dialer.db, dialer.inFlight.olderThan(dialer.clock.now() - LOOK_AFTER_MS))) leave(dialer, attemptId)
}

/**
 * Open attempts of our own that we do not know of: a COMMIT that took effect after it was asked for, or a result whose
 * COMMIT did not. Voice is asked what became of them.
 */
export async function findOrphans(dialer: Dialer): Promise<void> {
  for (const attempt of await readOrphans(dialer.db, dialer.id, dialer.inFlight.ids())) answerFor(dialer, attempt)
}

/** Puts a call that is written down on our books. */
export function answerFor(dialer: Dialer, attempt: Parameters<Dialer['inFlight']['add']>[0]): void {
  if (dialer.inFlight.get(attempt.attemptId)) return
  dialer.inFlight.add(attempt)
  const campaign = dialer.campaigns.get(attempt.campaignId)
  if (campaign) campaign.inFlight += 1
  const line = dialer.lines.get(attempt.lineId)
  if (line) line.inFlight += 1
  dialer.callerIds.hold(attempt.callerId)
}

/** Takes a call off our books: the counterpart of counting it when it was ordered or adopted. */
export function leave(dialer: Dialer, attemptId: AttemptId): void {
  const attempt = dialer.inFlight.remove(attemptId)
  if (!attempt) return
  dialer.lines.release(attempt.lineId)
  dialer.callerIds.release(attempt.callerId)
  const campaign = dialer.campaigns.get(attempt.campaignId)
  if (campaign) campaign.inFlight = Math.max(0, campaign.inFlight - 1)
}

/** Entries under a lease that ran out, or under a token that is no longer the slot's. */
export async function freeLeases(dialer: Dialer): Promise<void> {
  const leases = dialer.slots.leases()
  if (leases.length === 0) return
  const freed = await freeLostLeases(dialer.db, leases, FREED_MAX)
  for (const { bucket, campaignId, customerId, priority, dueAt } of freed) {
    const campaign = dialer.campaigns.get(campaignId)
    if (!campaign) continue
    campaign.pool.withdraw(customerId)
    campaign.numbers.move('leased', 'ready')
    campaign.pool.best.offer(bucket, priority, dueAt.getTime())
  }
}
