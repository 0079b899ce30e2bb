/**
 * The company's own sounds: loaded from the store before a call needs them, because at the answer nobody waits for a store.
 * One that cannot be read, or is none, is not played: the plan of the call says what is played instead.
 */
import type { AudioName } from '@loopline/contracts/voice-link'
import type { Keyring } from '@loopline/keys/keyring'
import type { ObjectStore } from '@loopline/objects/object-store'
import type { ToMedia } from './media-messages.ts'
import { readWav } from './wav.ts'

export interface OwnSoundsDeps {
  open(): Promise<ObjectStore>
  keys: Pick<Keyring, 'openBytes'>
  post(message: ToMedia): void
  onError(name: AudioName, error: unknown): void
}

/** Two minutes each in 16 bits are 2 MB. */
const HELD_MAX = 50
const AGAIN_MS = 5_000

export class OwnSounds {
  readonly #deps: OwnSoundsDeps
  readonly #held = new Map<AudioName, Int16Array>()
  #wanted: ReadonlySet<AudioName> = new Set()
  #store: Promise<ObjectStore> | null = null
  #again: NodeJS.Timeout | null = null
  #loading: Promise<void> = Promise.resolve()

  constructor(deps: OwnSoundsDeps) {
    this.#deps = deps
  }

  adopt(names: readonly AudioName[]): void {
    this.#wanted = new Set(names.filter((name) => name.startsWith('audio/')).slice(0, HELD_MAX))
    for (const name of this.#held.keys()) {
      if (this.#wanted.has(name)) continue
      this.#held.delete(name)
      this.#deps.post({ type: 'sound', name, samples: null })
    }
    this.#loading = this.#loading.then(() => this.#load())
  }

  /** A media thread has started: it holds none of them. */
  tellAll(): void {
    for (const [name, samples] of this.#held) this.#deps.post({ type: 'sound', name, samples })
  }

  async stop(): Promise<void> {
    if (this.#again !== null) clearTimeout(this.#again)
    this.#wanted = new Set()
    await this.#loading
    await (await this.#store?.catch(() => null))?.close()
  }

  async #load(): Promise<void> {
    let isWhole = true
    for (const name of this.#wanted) {
      if (!this.#held.has(name) && !(await this.#loadOne(name))) isWhole = false
    }
    if (this.#again !== null) clearTimeout(this.#again)
    this.#again = isWhole ? null : setTimeout(() => { this.#loading = this.#loading.then(() => this.#load()) }, AGAIN_MS)
  }

  async #loadOne(name: AudioName): Promise<boolean> {
    try {
      this.#store ??= this.#deps.open()
      const sealed = await (await this.#store).get(name)
      if (sealed === null) throw new Error('the store has no such object')
      const samples = readWav(this.#deps.keys.openBytes(sealed, name))
      if (typeof samples === 'string') throw new Error(samples)
      if (!this.#wanted.has(name)) return true
      this.#held.set(name, samples)
      this.#deps.post({ type: 'sound', name, samples })
      return true
    } catch (error) {
      this.#deps.onError(name, error)
      return false
    }
  }
}
