import { describe, expect, test } from 'vitest'
import { BestKeys } from './best-keys.ts'

const keys = (...heads: [bucket: number, priority: number, dueAt?: number][]): BestKeys => {
  const best = new BestKeys()
  for (const [bucket, priority, dueAt = 0] of heads) best.offer(bucket, priority, dueAt)
  return best
}

describe('which buckets a claim asks', () => {
  test('nothing waits, nothing is asked', () => expect(keys().plan(100)).toBeNull())
  test('one bucket gives all', () => expect(keys([5, 100]).plan(100)).toEqual({ wishes: [{ bucket: 5, take: 100 }], priorityFloor: -2_147_483_648 }))
  test('the best heads come first, the longest due among equals', () => {
    expect(keys([1, 100], [2, 400, 9], [3, 400, 8]).plan(2)).toEqual({ wishes: [{ bucket: 3, take: 1 }, { bucket: 2, take: 1 }], priorityFloor: 100 })
  })
  test('nothing below the best head left out is taken', () => {
    const best = new BestKeys()
    for (let bucket = 0; bucket < 40; bucket += 1) best.offer(bucket, bucket < 35 ? 400 : 100, bucket)
    expect(best.plan(100)).toMatchObject({ priorityFloor: 400, wishes: { length: 32 } })
  })
  test('overtaking asks only for what is better than the pool', () => {
    expect(keys([1, 400], [2, 100]).plan(100, 100)).toEqual({ wishes: [{ bucket: 1, take: 100 }], priorityFloor: 101 })
    expect(keys([2, 100]).plan(100, 100)).toBeNull()
  })
  test('a worse entry does not change the head, a better one does', () => {
    const best = keys([1, 200, 5])
    best.offer(1, 100, 1)
    expect(best.best()).toBe(200)
    best.offer(1, 300, 9)
    expect(best.best()).toBe(300)
    best.clear(1)
    expect(best.best()).toBe(Number.NEGATIVE_INFINITY)
  })
})
