import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digitOf, eventOf, readEvent, writeEvent } from './telephone-event.ts'

describe('four bytes', () => {
  test('are those of RFC 4733 Figure 1', () => {
    expect(readEvent(Uint8Array.from([9, 0x8a, 0x03, 0x20]), 0, 4)).toEqual({ event: 9, isEnd: true, volume: 10, durationTicks: 800 })
  })

  test('are read as they were written, anywhere', () => {
    const payloads = fc.record({ event: fc.nat(255), isEnd: fc.boolean(), volume: fc.nat(63), durationTicks: fc.nat(0xffff) })
    fc.assert(fc.property(payloads, fc.nat(20), (payload, offset) => {
      const bytes = new Uint8Array(offset + 6)
      writeEvent(bytes, offset, payload)
      expect(readEvent(bytes, offset, offset + 4)).toEqual(payload)
    }))
  })

  test('less is no event', () => {
    expect(readEvent(new Uint8Array(8), 3, 6)).toBeUndefined()
    expect(readEvent(new Uint8Array(3), 0, 4)).toBeUndefined()
  })

  test('sixteen of them are digits', () => {
    expect([digitOf(0), digitOf(10), digitOf(11), digitOf(15), digitOf(16), digitOf(255)]).toEqual(['0', '*', '#', 'D', undefined, undefined])
    expect([eventOf('5'), eventOf('#'), eventOf('d'), eventOf('x'), eventOf(''), eventOf('12')]).toEqual([5, 11, 15, -1, -1, -1])
  })
})
