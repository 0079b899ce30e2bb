/**
 * Carries out who hears whom. Where one voice goes to one ear its packets are passed on untouched; everything else is mixed,
 * frame by frame, on the shared ticker. Budget: 3 µs per mixed leg and frame, no allocation; relay.bench.ts.
 */
import { FRAME_SAMPLES } from '@loopline/rtp/packet.hot'
import type { Leg } from './leg.hot.ts'
import type { Route } from './routes.ts'
import type { Sound } from './sound.hot.ts'
import type { Ticker } from './ticker.ts'

export class Room {
  readonly #ticker: Ticker
  /** Legs whose packets are passed on. */
  #relayed: Leg[] = []
  #mixed: Route<Sound>[] = []
  #sound: Sound | null = null
  readonly #soundFrame = new Int16Array(FRAME_SAMPLES)

  constructor(ticker: Ticker) {
    this.#ticker = ticker
  }

  route(routes: readonly Route<Sound>[]): void {
    this.#part()
    for (const route of routes) {
      const [voice, ...others] = route.voices
      if (voice !== undefined && others.length === 0 && route.sound === null && voice.relayTo === null) {
        voice.relayTo = route.hearer
        this.#relayed.push(voice)
      } else if (voice !== undefined || route.sound !== null) {
        this.#mixed.push(route)
        this.#sound = route.sound ?? this.#sound
      }
    }
    if (this.#mixed.length > 0) this.#ticker.add(this)
    else this.#ticker.remove(this)
  }

  close(): void {
    this.#part()
    this.#ticker.remove(this)
  }

  tick(now: number): void {
    const sound = this.#sound
    const isEnd = sound !== null && sound.next(this.#soundFrame)
    for (const route of this.#mixed) if (route.sound !== null) route.hearer.say(this.#soundFrame, now)
    if (isEnd) sound.ended()
  }

  #part(): void {
    for (const leg of this.#relayed) leg.relayTo = null
    this.#relayed = []
    this.#mixed = []
    this.#sound = null
  }
}
