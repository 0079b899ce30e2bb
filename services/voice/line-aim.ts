/**
 * Decides at which of its addresses a carrier is spoken to. DNS may be wrong (reliability.md F23): an address that says nothing
 * is left for the next one, in the end for the one that was last heard, and not tried again until DNS says something else.
 */

/** How long an address is given to say something: longer than a line needs to be known as down. */
const TRY_FOR_MS = 6_500

export class LineAim {
  #current: string
  #aimedAt: number
  /** The last that said anything; null before. */
  #good: string | null = null
  #mute = new Set<string>()
  #told = ''

  constructor(current: string, now: number) {
    this.#current = current
    this.#aimedAt = now
  }

  /** Something came from where we aim. */
  heard(): void {
    this.#good = this.#current
    this.#mute.delete(this.#current)
  }

  /** The address to speak to. `addresses`: the last good answer of DNS. `now`: ms, monotonic. */
  choose(addresses: readonly string[], { isDown, isIdle }: { isDown: boolean; isIdle: boolean }, now: number): string {
    const told = addresses.toSorted().join()
    if (told !== this.#told) this.#mute.clear()
    this.#told = told
    if (isDown) return now - this.#aimedAt < TRY_FOR_MS ? this.#current : this.#next(addresses, now)
    if (addresses.includes(this.#current) || !isIdle) return this.#current
    const better = addresses.find((address) => !this.#mute.has(address))
    return better === undefined ? this.#current : this.#aim(better, now)
  }

  /** Round all that there are: a carrier that is wholly away may come back at any of them. */
  #next(addresses: readonly string[], now: number): string {
    this.#mute.add(this.#current)
    const all = [...new Set([...addresses, ...(this.#good === null ? [] : [this.#good])])]
    const at = all.indexOf(this.#current)
    return this.#aim(all[(at + 1) % all.length] ?? this.#current, now)
  }

  #aim(address: string, now: number): string {
    this.#current = address
    this.#aimedAt = now
    return address
  }
}
