/** What the heap orders by: the highest priority first, then the longest due. */
export interface Ranked {
  readonly key: string
  priority: number
  dueAt: number
}

/** A binary heap that also finds, removes and re-ranks an element by its key. All operations O(log n). */
export class ReadyHeap<Item extends Ranked> {
  readonly #items: Item[] = []
  readonly #place = new Map<string, number>()

  get size(): number {
    return this.#items.length
  }

  peek(): Item | undefined {
    return this.#items[0]
  }

  get(key: string): Item | undefined {
    const at = this.#place.get(key)
    return at === undefined ? undefined : this.#items[at]
  }

  values(): readonly Item[] {
    return this.#items
  }

  /** Adds an item; one of the same key is replaced. */
  add(item: Item): void {
    this.remove(item.key)
    this.#items.push(item)
    this.#rise(this.#items.length - 1)
  }

  /** Takes the best item out. */
  pop(): Item | undefined {
    const best = this.#items[0]
    if (best) this.remove(best.key)
    return best
  }

  remove(key: string): Item | undefined {
    const at = this.#place.get(key)
    if (at === undefined) return undefined
    const item = this.#items[at] as Item
    const last = this.#items.pop() as Item
    this.#place.delete(key)
    if (last !== item) {
      this.#put(last, at)
      this.#rise(at)
      this.#sink(this.#place.get(last.key) as number)
    }
    return item
  }

  /** Moves an item to where its changed rank belongs. */
  rank(key: string, priority: number): void {
    const item = this.remove(key)
    if (!item) return
    item.priority = priority
    this.add(item)
  }

  clear(): Item[] {
    this.#place.clear()
    return this.#items.splice(0)
  }

  #rise(from: number): void {
    let at = from
    const item = this.#items[at] as Item
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(item, this.#items[parent] as Item)) break
      this.#put(this.#items[parent] as Item, at)
      at = parent
    }
    this.#put(item, at)
  }

  #sink(from: number): void {
    let at = from
    const item = this.#items[at] as Item
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#items.length) break
      if (child + 1 < this.#items.length && isBefore(this.#items[child + 1] as Item, this.#items[child] as Item)) child += 1
      if (!isBefore(this.#items[child] as Item, item)) break
      this.#put(this.#items[child] as Item, at)
      at = child
    }
    this.#put(item, at)
  }

  #put(item: Item, at: number): void {
    this.#items[at] = item
    this.#place.set(item.key, at)
  }
}

function isBefore(a: Ranked, b: Ranked): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.dueAt < b.dueAt)
}
