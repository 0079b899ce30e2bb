import type { E164 } from '@loopline/vocabulary/phone'
import type { Peer } from '../network.ts'
import { chance } from '../population/chance.ts'
import type { CarrierSettings } from '../settings.ts'
import { CALLS_BACK, isTestNumber } from '../test-numbers.ts'
import type { Callers, Wish } from './callers.ts'

/** A call that rang and was not answered, as the telephone shows it. */
export interface Missed {
  readonly number: E164
  /** Whose number it shows. */
  readonly callerId: string
  readonly peer: Peer
  /** Unix ms. */
  readonly at: number
}

/** Whoever reads "missed call" does so between 5 and 40 seconds later; the test number after three. */
const FIRST_MS = 5_000
const SPREAD_MS = 35_000
const TEST_MS = 3_000
const PENDING_MAX = 500

/** Decides who calls back, and when. A function of number, instant and seed, as the population is. */
export class CallBacks {
  readonly #settings: Readonly<CarrierSettings>
  readonly #seed: number
  readonly #callers: Pick<Callers, 'place'>
  readonly #pending = new Set<NodeJS.Timeout>()

  constructor(settings: Readonly<CarrierSettings>, seed: number, callers: Pick<Callers, 'place'>) {
    this.#settings = settings
    this.#seed = seed
    this.#callers = callers
  }

  missed(call: Missed): void {
    const wish = wishAfter(call, this.#settings, this.#seed)
    if (wish === null || this.#pending.size >= PENDING_MAX) return
    const timer = setTimeout(() => {
      this.#pending.delete(timer)
      this.#callers.place(wish.call)
    }, wish.afterMs)
    this.#pending.add(timer)
  }

  close(): void {
    for (const timer of this.#pending) clearTimeout(timer)
    this.#pending.clear()
  }
}

/** Whether, when and how this person calls back; null when he does not. */
export function wishAfter({ number, callerId, peer, at }: Missed, { callBackPercent, timeScale }: Readonly<CarrierSettings>, seed: number): { afterMs: number; call: Wish } | null {
  const draw = (salt: number): number => chance(number, seed, salt, at)
  const common = { from: number, to: callerId, peer }
  if (number === CALLS_BACK) return { afterMs: TEST_MS, call: { ...common, talkMs: 8_000, patienceMs: 60_000 } }
  if (isTestNumber(number) || draw(901) * 100 >= callBackPercent) return null
  return {
    afterMs: (FIRST_MS + draw(902) * SPREAD_MS) * timeScale,
    call: { ...common, talkMs: (8_000 + draw(903) * 40_000) * timeScale, patienceMs: (20_000 + draw(904) * 40_000) * timeScale },
  }
}
