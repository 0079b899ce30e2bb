import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimerHeap } from './timer-heap.ts'

test('it gives back what is due, earliest first, however often times were moved', () => {
  const change = fc.tuple(fc.nat(30), fc.oneof(fc.nat(1_000), fc.constant(Infinity)), fc.boolean())
  fc.assert(fc.property(fc.array(change, { maxLength: 200 }), fc.nat(1_000), (changes, now) => {
    const heap = new TimerHeap<number>()
    const model = new Map<number, number>()
    for (const [key, at, isRemoval] of changes) {
      if (isRemoval) heap.remove(key)
      else heap.set(key, at)
      if (isRemoval || at === Infinity) model.delete(key)
      else model.set(key, at)
      expect(heap.size).toBe(model.size)
      expect(heap.nextAt).toBe(Math.min(Infinity, ...model.values()))
    }
    const taken: number[] = []
    for (let key = heap.takeDue(now); key !== undefined; key = heap.takeDue(now)) taken.push(key)
    const due = [...model].filter(([, at]) => at <= now)
    expect(new Set(taken)).toEqual(new Set(due.map(([key]) => key)))
    expect(taken.map((key) => model.get(key))).toEqual(due.map(([, at]) => at).toSorted((a, b) => a - b))
    expect(heap.size).toBe(model.size - due.length)
  }))
})
