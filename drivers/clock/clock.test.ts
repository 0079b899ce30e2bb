import { expect, test } from 'vitest'
import { isId } from '@loopline/vocabulary/ids'
import { calleeNow, systemClock, virtualClock } from './clock.ts'
import { newId } from './new-id.ts'

test('the virtual clock moves only when told', () => {
  const clock = virtualClock(1_000)
  clock.advance(500)
  expect([clock.now(), clock.monotonic()]).toEqual([1_500, 500])
  clock.setWall(0)
  expect([clock.now(), clock.monotonic()]).toEqual([0, 500])
})

test('the callee clock is the real one plus the offset', () => {
  expect(calleeNow(3_600_000, virtualClock(0))).toBe(3_600_000)
  expect(Math.abs(calleeNow(0) - systemClock.now())).toBeLessThan(1_000)
})

test('ids are distinct UUIDv7 of the present instant', () => {
  const clock = virtualClock(1_767_578_400_000)
  const ids = Array.from({ length: 5_000 }, () => newId(clock))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.every(isId)).toBe(true)
  expect(Number.parseInt((ids[0] as string).replace('-', '').slice(0, 12), 16)).toBe(clock.now())
})
