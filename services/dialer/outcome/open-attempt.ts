import type { AttemptId, CampaignId, CustomerId, LineId, PhoneId, UserId } from '@loopline/vocabulary/ids'
import type { LineType } from '@loopline/vocabulary/customer'
import type { DialDecision, EndedLeg } from '@loopline/contracts/call-event'
import type { Served } from '../agent/agent-row.ts'
import type { Person } from '../audience/person.sql.ts'
import type { PlannedAttempt } from '../dialing/planned-attempt.ts'

/** An attempt that is committed and has not ended: what its outcome needs. Also what recovery reads back. */
export interface OpenAttempt {
  attemptId: AttemptId
  customerId: CustomerId
  bucket: number
  campaignId: CampaignId | null
  campaignName: string | null
  phoneId: PhoneId
  lineId: LineId | null
  lineName: string | null
  lineType: LineType | null
  callerId: string | null
  actorId: string | null
  /** For whom it was made; null for a call without agents. */
  agentId: UserId | null
  /** How whoever serves it is to serve; absent for a call without agents, and for one that was read back. */
  serve?: Pick<Served, 'mode' | 'wrapUpMs' | 'wrapUpUnansweredMs' | 'callbackId'> | null
  decision: DialDecision
  attemptNumber: number
  attemptDay: string
  epoch: string
  dialBy: number
  startedAt: number
  tries: number
  uncountedTries: number
  triedAt: number[]
  person: Person | null
  /** Probability of an answer that was forecast when it was placed; absent when nobody made one. */
  answerProbability?: number
  /** What was heard of it: answered at this instant (unix ms), given up by us, ended and not committed yet. */
  answeredAt?: number
  isGivenUp?: boolean
  /** The fallback plays: nobody came in time. */
  isLeftAlone?: boolean
  isOver?: boolean
  /** Which leg is on its way, 1 the first; and how the ones before it ended, each over another line. */
  leg: number
  legs: EndedLeg[]
  /** What another leg needs; absent for one that was read back: nobody goes on with that. */
  order?: Pick<PlannedAttempt, 'phoneSealed' | 'ringTimeMs' | 'hangUpAfterMs' | 'sandbox' | 'talk' | 'leaseToken' | 'personVersion' | 'decideAgain'>
}

/** All calls this process answers for. `seen`: voice has said something about it, so that it needs not be asked. */
export class InFlight {
  readonly #open = new Map<AttemptId, OpenAttempt & { seen: boolean }>()
  /** Those in which somebody of ours is to speak, by campaign: what pacing looks at in each tick. */
  readonly #served = new Map<CampaignId, Set<OpenAttempt>>()

  get size(): number {
    return this.#open.size
  }

  add(attempt: OpenAttempt): void {
    this.#open.set(attempt.attemptId, Object.assign(attempt, { seen: false, isOver: false }))
    const { campaignId, serve } = attempt
    if (campaignId === null || serve === null) return
    const served = this.#served.get(campaignId)
    if (served) served.add(attempt)
    else this.#served.set(campaignId, new Set([attempt]))
  }

  /** Calls of this campaign that are not for nobody of ours; also all that were read back, of which it is not known. */
  servedOf(campaignId: CampaignId): Iterable<OpenAttempt> {
    return this.#served.get(campaignId) ?? []
  }

  get(attemptId: AttemptId): OpenAttempt | undefined {
    return this.#open.get(attemptId)
  }

  see(attemptId: AttemptId): void {
    const attempt = this.#open.get(attemptId)
    if (!attempt) return
    attempt.seen = true
    // What is heard of again, over another line, is under way again.
    attempt.isOver = false
  }

  /** Its end is told and not committed yet: it rings no more. */
  over(attemptId: AttemptId): void {
    const attempt = this.#open.get(attemptId)
    if (attempt) attempt.isOver = true
  }

  leftAlone(attemptId: AttemptId): void {
    const attempt = this.#open.get(attemptId)
    if (attempt) attempt.isLeftAlone = true
  }

  /** Voice is another process now, or the link broke: what was seen may be gone. */
  doubtAll(): void {
    for (const attempt of this.#open.values()) attempt.seen = false
  }

  remove(attemptId: AttemptId): OpenAttempt | undefined {
    const attempt = this.#open.get(attemptId)
    this.#open.delete(attemptId)
    const served = attempt?.campaignId ? this.#served.get(attempt.campaignId) : undefined
    if (attempt && served?.delete(attempt) && served.size === 0) this.#served.delete(attempt.campaignId as CampaignId)
    return attempt
  }

  /** Attempts whose deadline passed before `instant` (unix ms) without a word from voice. */
  silentSince(instant: number): AttemptId[] {
    return [...this.#open.values()].filter((attempt) => !attempt.seen && attempt.dialBy < instant).map((attempt) => attempt.attemptId)
  }

  /** Attempts ordered before `instant` (unix ms): old enough that somebody else may have ended them. */
  olderThan(instant: number): AttemptId[] {
    return [...this.#open.values()].filter((attempt) => attempt.startedAt < instant).map((attempt) => attempt.attemptId)
  }

  /** Of these, which leg is on its way where it is not the first. */
  legsOf(attemptIds: readonly AttemptId[]): Record<AttemptId, number> {
    const later = attemptIds.flatMap((id) => { const leg = this.#open.get(id)?.leg ?? 1; return leg > 1 ? [[id, leg] as const] : [] })
    return Object.fromEntries(later) as Record<AttemptId, number>
  }

  countOf(campaignId: CampaignId): number {
    let count = 0
    for (const attempt of this.#open.values()) if (attempt.campaignId === campaignId) count += 1
    return count
  }

  ids(): AttemptId[] {
    return [...this.#open.keys()]
  }
}
