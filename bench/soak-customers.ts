/** The people whom a soak calls: drawn by a seed, each answers, is busy, lets it ring, or loses his power in mid-sentence. */
import { eventually } from '@loopline/interop/product'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { SipSocket, type TakenCall } from './sip-socket.ts'
import type { Talkers } from './talkers.ts'

export type Fate = 'answers' | 'vanishes' | 'is busy' | 'does not answer'

const SHARES: readonly [Fate, number][] = [['answers', 0.84], ['vanishes', 0.03], ['is busy', 0.07], ['does not answer', 0.06]]

/** What must be written down of a call with such a person. */
export const OUTCOME_OF: Readonly<Record<Fate, Outcome>> = { answers: 'connected', vanishes: 'connected', 'is busy': 'busy', 'does not answer': 'no-answer' }

/** A-law that only customers say. */
export const CUSTOMER_BYTE = 0x2a
const RING_MS = { least: 100, more: 1_400 }

/** One call as the carrier saw it. */
export interface CarriedCall {
  attemptId: string
  fate: Fate
  answered: boolean
  ended: boolean
}

export interface CustomerPlan {
  talkers: Talkers
  random(): number
  /** On average, from the answer to the customer's good-bye; or how long this one talks. */
  talkMs: number | (() => number)
  /** Of whom so many are drawn; a soak's people are nearly all at home. */
  shares?: readonly (readonly [Fate, number])[]
  /** From the INVITE to the answer. */
  ringMs?: () => number
}

export class Customers {
  readonly carried: CarriedCall[] = []
  readonly #plan: CustomerPlan
  readonly #talking = new Set<() => void>()
  #carrier: SipSocket | null = null
  #isClosing = false

  private constructor(plan: CustomerPlan) {
    this.#plan = plan
  }

  static async open(plan: CustomerPlan): Promise<Customers> {
    const customers = new Customers(plan)
    customers.#carrier = await SipSocket.open({ onCall: (call) => customers.#take(call) })
    return customers
  }

  get carrier(): SipSocket {
    return this.#carrier as SipSocket
  }

  /** Who hear and are heard now. */
  get talking(): number {
    return this.#talking.size
  }

  /** Everybody says good-bye, and whoever is called from now on is busy. Resolves when no call is left. */
  async hangUp(): Promise<void> {
    this.#isClosing = true
    for (const bye of this.#talking) bye()
    await eventually('every customer is off the line', () => Promise.resolve(this.carrier.open), (open) => open === 0, 60_000)
  }

  close(): void {
    this.carrier.close()
  }

  #take(call: TakenCall): void {
    const fate = this.#isClosing ? 'is busy' : this.#draw()
    const carried: CarriedCall = { attemptId: call.callId.split('@')[0] as string, fate, answered: false, ended: false }
    this.carried.push(carried)
    void this.#noteEnd(call, carried)
    if (fate === 'is busy') return call.reject(486)
    call.ring()
    if (fate === 'does not answer') return
    const { random, ringMs = () => RING_MS.least + random() * RING_MS.more } = this.#plan
    setTimeout(() => { if (!carried.ended) void this.#talk(call, carried) }, ringMs())
  }

  async #talk(call: TakenCall, carried: CarriedCall): Promise<void> {
    const { talkers, random, talkMs } = this.#plan
    const port = talkers.take()
    call.answer(port)
    carried.answered = true
    talkers.speak(port, call.target, CUSTOMER_BYTE)
    const bye = (): void => (carried.fate === 'vanishes' ? call.vanish() : call.hangUp())
    this.#talking.add(bye)
    const timer = setTimeout(bye, typeof talkMs === 'number' ? talkMs * (0.5 + random()) : talkMs())
    if (this.#isClosing) bye()
    await call.ended
    clearTimeout(timer)
    this.#talking.delete(bye)
    talkers.giveBack(port)
  }

  async #noteEnd(call: TakenCall, carried: CarriedCall): Promise<void> {
    await call.ended
    carried.ended = true
  }

  #draw(): Fate {
    let drawn = this.#plan.random()
    for (const [fate, share] of this.#plan.shares ?? SHARES) if ((drawn -= share) < 0) return fate
    return 'answers'
  }
}
