/**
 * Keeps the addresses of carriers that are known by name: asked anew when their time is over, and the last good ones kept for
 * as long as DNS fails, lies that there is no such name, or says nothing (reliability.md F23).
 */
import type { NameAnswer, NameFailure } from './name-resolver.ts'

export interface HostState {
  /** The last good answer; empty before the first. */
  readonly addresses: readonly string[]
  /** Why the last question had no good answer; null when it had one, or none came yet. */
  readonly failure: NameFailure | null
}

interface Host {
  addresses: readonly string[]
  failure: NameFailure | null
  /** Ms, monotonic. */
  askAt: number
  failures: number
  isAsked: boolean
}

export interface HostAddressesDeps {
  resolve(name: string): Promise<NameAnswer>
  /** Addresses or failure of this name are others than before. */
  onChange(name: string): void
}

const TTL_MS = { min: 5_000, max: 3_600_000 }
const AGAIN_MS = [1_000, 2_000, 5_000, 10_000]
const NOTHING: HostState = { addresses: [], failure: null }

export class HostAddresses {
  readonly #hosts = new Map<string, Host>()
  readonly #deps: HostAddressesDeps

  constructor(deps: HostAddressesDeps) {
    this.#deps = deps
  }

  of(name: string): HostState {
    return this.#hosts.get(name) ?? NOTHING
  }

  /** These are of interest from now on; what is known of others is forgotten. */
  want(names: ReadonlySet<string>): void {
    for (const name of this.#hosts.keys()) if (!names.has(name)) this.#hosts.delete(name)
    for (const name of names) if (!this.#hosts.has(name)) this.#hosts.set(name, { ...NOTHING, askAt: -Infinity, failures: 0, isAsked: false })
  }

  /** Asks for what is due; to be called about once a second. `now`: ms, monotonic. */
  look(now: number): void {
    for (const [name, host] of this.#hosts) {
      if (host.isAsked || now < host.askAt) continue
      host.isAsked = true
      void this.#deps.resolve(name).then((answer) => this.#hear(name, host, answer))
    }
  }

  #hear(name: string, host: Host, answer: NameAnswer): void {
    const now = performance.now()
    const before = { addresses: host.addresses, failure: host.failure }
    host.isAsked = false
    if (answer.kind === 'found') {
      Object.assign(host, { addresses: answer.addresses, failure: null, failures: 0, askAt: now + Math.min(Math.max(answer.ttlMs, TTL_MS.min), TTL_MS.max) })
    } else {
      Object.assign(host, { failure: answer.failure, failures: host.failures + 1, askAt: now + (AGAIN_MS[Math.min(host.failures, AGAIN_MS.length - 1)] as number) })
    }
    if (this.#hosts.get(name) !== host) return
    if (before.failure !== host.failure || before.addresses.toSorted().join() !== host.addresses.toSorted().join()) this.#deps.onChange(name)
  }
}
