/**
 * Which of many things wants waking first: a binary heap of times by key, with O(log n) set and remove. A driver keeps one
 * heap and one operating-system timer for thousands of calls. Equal times come in any order. Holds no clock.
 */
export class TimerHeap<Key> {
  readonly #keys: Key[] = []
  readonly #times: number[] = []
  readonly #places = new Map<Key, number>()

  get size(): number {
    return this.#keys.length
  }

  /** The earliest time, Infinity when empty. */
  get nextAt(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY
  }

  /** Sets or moves the time of a key (ms); Infinity removes it. */
  set(key: Key, at: number): void {
    const place = this.#places.get(key)
    if (at === Number.POSITIVE_INFINITY) return place === undefined ? undefined : this.#removeAt(place)
    if (place === undefined) {
      this.#put(this.#keys.length, key, at)
      return this.#rise(this.#keys.length - 1)
    }
    const was = this.#times[place] as number
    if (was === at) return
    this.#times[place] = at
    if (at < was) this.#rise(place)
    else this.#sink(place)
  }

  remove(key: Key): void {
    const place = this.#places.get(key)
    if (place !== undefined) this.#removeAt(place)
  }

  /** Takes out one key whose time has come (at or before `now`), or gives undefined. */
  takeDue(now: number): Key | undefined {
    if (this.nextAt > now) return undefined
    const key = this.#keys[0] as Key
    this.#removeAt(0)
    return key
  }

  #removeAt(place: number): void {
    const lastKey = this.#keys.pop() as Key
    const lastTime = this.#times.pop() as number
    const removed = place === this.#keys.length ? lastKey : (this.#keys[place] as Key)
    this.#places.delete(removed)
    if (place === this.#keys.length) return
    this.#put(place, lastKey, lastTime)
    this.#rise(place)
    this.#sink(this.#places.get(lastKey) as number)
  }

  #put(place: number, key: Key, at: number): void {
    this.#keys[place] = key
    this.#times[place] = at
    this.#places.set(key, place)
  }

  #rise(from: number): void {
    const key = this.#keys[from] as Key
    const at = this.#times[from] as number
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if ((this.#times[parent] as number) <= at) break
      this.#put(place, this.#keys[parent] as Key, this.#times[parent] as number)
      place = parent
    }
    if (place !== from) this.#put(place, key, at)
  }

  #sink(from: number): void {
    const key = this.#keys[from] as Key
    const at = this.#times[from] as number
    const count = this.#keys.length
    let place = from
    while (true) {
      let child = 2 * place + 1
      if (child >= count) break
      if (child + 1 < count && (this.#times[child + 1] as number) < (this.#times[child] as number)) child++
      if ((this.#times[child] as number) >= at) break
      this.#put(place, this.#keys[child] as Key, this.#times[child] as number)
      place = child
    }
    if (place !== from) this.#put(place, key, at)
  }
}
