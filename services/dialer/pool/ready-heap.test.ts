import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReadyHeap } from './ready-heap.ts'
import type { Ranked } from './ready-heap.ts'

const item = fc.record({ key: fc.integer({ min: 0, max: 30 }).map(String), priority: fc.integer({ min: 0, max: 5 }), dueAt: fc.integer({ min: 0, max: 5 }) })
const step = fc.oneof(
  item.map((given) => ({ kind: 'add' as const, ...given })),
  item.map((given) => ({ kind: 'remove' as const, ...given })),
  item.map((given) => ({ kind: 'rank' as const, ...given })),
  fc.constant({ kind: 'pop' as const, key: '', priority: 0, dueAt: 0 }),
)
const byRank = (a: Ranked, b: Ranked): number => b.priority - a.priority || a.dueAt - b.dueAt

test('whatever is added, removed or moved, what comes out first is the best', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const heap = new ReadyHeap<Ranked>()
    const model = new Map<string, Ranked>()
    for (const { kind, key, priority, dueAt } of steps) {
      if (kind === 'add') { heap.add({ key, priority, dueAt }); model.set(key, { key, priority, dueAt }) }
      if (kind === 'remove') { heap.remove(key); model.delete(key) }
      if (kind === 'rank') { heap.rank(key, priority); const known = model.get(key); if (known) known.priority = priority }
      if (kind === 'pop') {
        const out = heap.pop()
        const best = [...model.values()].toSorted(byRank)[0]
        expect(out && [out.priority, out.dueAt]).toEqual(best && [best.priority, best.dueAt])
        if (out) model.delete(out.key)
      }
      expect(heap.size).toBe(model.size)
    }
  }))
})
