/** What happens later, earliest first; of one instant in the order of adding. A binary heap. */
export class EventQueue<Event> {
  readonly #heap: { at: number; order: number; event: Event }[] = []
  #added = 0

  add(at: number, event: Event): void {
    const heap = this.#heap
    heap.push({ at, order: (this.#added += 1), event })
    for (let child = heap.length - 1; child > 0;) {
      const parent = (child - 1) >> 1
      if (!this.#before(child, parent)) return
      this.#swap(child, parent)
      child = parent
    }
  }

  /** Takes the next event out if it is due by then. */
  next(by: number): { at: number; event: Event } | undefined {
    const first = this.#heap[0]
    if (!first || first.at > by) return undefined
    const last = this.#heap.pop()
    if (last && this.#heap.length > 0) { this.#heap[0] = last; this.#sink() }
    return first
  }

  #sink(): void {
    const { length } = this.#heap
    for (let parent = 0;;) {
      let child = 2 * parent + 1
      if (child >= length) return
      if (child + 1 < length && this.#before(child + 1, child)) child += 1
      if (!this.#before(child, parent)) return
      this.#swap(child, parent)
      parent = child
    }
  }

  #before(left: number, right: number): boolean {
    const a = this.#heap[left], b = this.#heap[right]
    return a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order))
  }

  #swap(left: number, right: number): void {
    const a = this.#heap[left], b = this.#heap[right]
    if (a && b) { this.#heap[left] = b; this.#heap[right] = a }
  }
}
