import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { LegQuality } from '@loopline/contracts/quality'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import { keepPartQuality } from '../agent/call-part.sql.ts'
import type { Dialer } from '../dialer.ts'
import { customersOf, keepQuality, keepRecordings } from '../recording/recording.sql.ts'
import type { RecordingProgress } from '../recording/recording.sql.ts'

type Of<Kind extends VoiceCallEvent['kind']> = Extract<VoiceCallEvent, { kind: Kind }>
type Heard = Omit<RecordingProgress, 'customerId' | 'keptUntil'>
interface Quality { customer: LegQuality; agent: LegQuality | null }

const DAY_MS = 86_400_000

/**
 * What voice tells of recordings and of how calls sound, collected and kept once a round in one statement each: a chunk
 * every other second a call is not a transaction every other second a call.
 */
export class TalkDesk {
  readonly #recordings = new Map<AttemptId, Heard>()
  readonly #news = new Set<AttemptId>()
  readonly #qualities = new Map<AttemptId, Quality>()
  readonly #parts: (Of<'left'> & { quality: LegQuality })[] = []
  readonly #customers = new Map<AttemptId, CustomerId>()
  readonly #keepDays: number

  constructor(keepDays: number) {
    this.#keepDays = keepDays
  }

  recordingStarted({ attemptId, at, basis }: Of<'recording-started'>): void {
    if (!this.#recordings.has(attemptId)) this.#hear({ attemptId, basis, startedAt: at, chunks: 0, samples: 0, head: null, end: null })
  }

  recorded({ attemptId, at, chunk }: Of<'recorded'>): void {
    const known = this.#recordings.get(attemptId) ?? { attemptId, basis: 'announced', startedAt: at, chunks: 0, samples: 0, head: null, end: null }
    this.#hear({ ...known, chunks: Math.max(known.chunks, chunk.number + 1), samples: Math.max(known.samples, chunk.at + chunk.samples), head: chunk.hash })
  }

  recordingEnded({ attemptId, end }: Of<'recording-ended'>): void {
    const { basis, startedAt, chunks, samples, head } = end
    this.#hear({ attemptId, basis, startedAt, chunks, samples, head, end })
  }

  talkEnded({ attemptId, at, customer, agent, agentId, colleague }: Of<'talk-ended'>): void {
    this.#qualities.set(attemptId, { customer, agent })
    if (agentId !== null) this.left({ kind: 'left', attemptId, at, agentId, quality: agent })
    if (colleague) this.left({ kind: 'left', attemptId, at, ...colleague })
  }

  /** How the leg of somebody sounded who is off the call. */
  left(part: Of<'left'>): void {
    const { quality } = part
    if (quality !== null) this.#parts.push({ ...part, quality })
  }

  /** Whether voice records this call, or has paused. */
  isRecording(attemptId: AttemptId): boolean {
    const heard = this.#recordings.get(attemptId)
    return heard !== undefined && heard.end === null
  }

  /** Keeps what is new. What could not be kept now is kept with the next round. */
  async flush(dialer: Dialer): Promise<void> {
    await this.#keepRecordings(dialer)
    await this.#keepParts(dialer)
    await this.#keepQualities(dialer)
  }

  #hear(heard: Heard): void {
    this.#recordings.set(heard.attemptId, heard)
    this.#news.add(heard.attemptId)
  }

  async #keepRecordings(dialer: Dialer): Promise<void> {
    const news = [...this.#news].flatMap((id) => this.#recordings.get(id) ?? [])
    if (news.length === 0) return
    const customers = await this.#customersOf(dialer, news)
    const rows = news.flatMap((heard) => {
      const customerId = customers.get(heard.attemptId)
      return customerId ? [{ ...heard, customerId, keptUntil: heard.startedAt + this.#keepDays * DAY_MS }] : []
    })
    await keepRecordings(dialer.db, rows)
    for (const heard of news) {
      if (this.#recordings.get(heard.attemptId) !== heard) continue
      this.#news.delete(heard.attemptId)
      if (heard.end) this.#recordings.delete(heard.attemptId)
    }
  }

  async #keepQualities(dialer: Dialer): Promise<void> {
    const qualities = [...this.#qualities].map(([attemptId, quality]) => ({ attemptId, quality }))
    if (qualities.length === 0) return
    const customers = await this.#customersOf(dialer, qualities)
    await keepQuality(dialer.db, qualities.flatMap((one) => { const customerId = customers.get(one.attemptId); return customerId ? [{ ...one, customerId }] : [] }))
    for (const { attemptId } of qualities) {
      this.#qualities.delete(attemptId)
      this.#customers.delete(attemptId)
    }
  }

  async #keepParts(dialer: Dialer): Promise<void> {
    if (this.#parts.length === 0) return
    const parts = [...this.#parts]
    const customers = await this.#customersOf(dialer, parts)
    await keepPartQuality(dialer.db, parts.flatMap((one) => { const customerId = customers.get(one.attemptId); return customerId ? [{ ...one, customerId }] : [] }))
    this.#parts.splice(0, parts.length)
  }

  async #customersOf(dialer: Dialer, calls: readonly { attemptId: AttemptId }[]): Promise<ReadonlyMap<AttemptId, CustomerId>> {
    const unknown = calls.map(({ attemptId }) => attemptId).filter((id) => !this.#customers.has(id))
    for (const [id, customerId] of await customersOf(dialer.db, unknown)) this.#customers.set(id, customerId)
    return this.#customers
  }
}
