import { describe, expect, test } from 'vitest'
import { eventTimeAt, forgetEvents, hearEvent, newEventReceiver, onEventTime, type EventHeard } from './telephone-event-receiver.ts'
import type { EventPayload } from './telephone-event.ts'

const payload = (event: number, durationMs: number, isEnd = false): EventPayload => ({ event, isEnd, volume: 10, durationTicks: durationMs * 8 })
const began = (event: number): EventHeard => ({ kind: 'began', event, volume: 10 })
const ended = (event: number, durationMs: number, isGuessed = false): EventHeard => ({ kind: 'ended', event, durationMs, isGuessed })

interface Heard { timestamp: number; payload: EventPayload; at: number }
const row = (event: number, timestamp: number, from: number): Heard[] => [
  ...[20, 40, 60, 80].map((ms) => ({ timestamp, payload: payload(event, ms), at: from + ms })),
  ...[100, 120, 140].map((ms) => ({ timestamp, payload: payload(event, 100, true), at: from + ms })),
]
function hear(packets: readonly Heard[], untilMs = 1_000): EventHeard[] {
  const receiver = newEventReceiver()
  const heard: EventHeard[] = []
  const queue = [...packets]
  for (let now = 0; now <= untilMs; now += 1) {
    for (let next = queue[0]; next && next.at <= now; next = queue[0]) heard.push(...hearEvent(receiver, next.timestamp, (queue.shift() as Heard).payload, now))
    heard.push(...onEventTime(receiver, now))
  }
  return heard
}

describe('a digit is heard once', () => {
  const whole = row(5, 1_000, 0)
  test.each([
    { name: 'all seven packets', packets: whole, want: [began(5), ended(5, 100)] },
    { name: 'the beginning lost', packets: whole.slice(2), want: [began(5), ended(5, 100)] },
    { name: 'only one end came', packets: whole.slice(6), want: [began(5), ended(5, 100)] },
    { name: 'all ends lost', packets: whole.slice(0, 4), want: [began(5), ended(5, 80, true)] },
    { name: 'every packet twice', packets: whole.flatMap((packet) => [packet, packet]), want: [began(5), ended(5, 100)] },
    { name: 'an update after the end', packets: [...whole, { timestamp: 1_000, payload: payload(5, 60), at: 150 }], want: [began(5), ended(5, 100)] },
    { name: 'updates out of order', packets: [whole[1], whole[0], whole[4]].map((packet, n) => ({ ...(packet as Heard), at: n * 20 })), want: [began(5), ended(5, 100)] },
    { name: 'an end in the guessed time', packets: [...whole.slice(0, 4), { timestamp: 1_000, payload: payload(5, 100, true), at: 260 }], want: [began(5), ended(5, 80, true)] },
    { name: 'the same digit twice', packets: [...whole, ...row(5, 3_000, 200)], want: [began(5), ended(5, 100), began(5), ended(5, 100)] },
    { name: 'the next digit where the end was lost', packets: [...whole.slice(0, 4), ...row(6, 1_960, 100)], want: [began(5), ended(5, 80, true), began(6), ended(6, 100)] },
    { name: 'a late packet of the digit before', packets: [...whole, ...row(6, 3_000, 200).slice(0, 1), { timestamp: 1_000, payload: payload(5, 100, true), at: 230 }, ...row(6, 3_000, 200).slice(1)], want: [began(5), ended(5, 100), began(6), ended(6, 100)] },
    { name: 'over the wrap of timestamps', packets: [...row(1, 0xffff_ff00, 0), ...row(2, 0x200, 200)], want: [began(1), ended(1, 100), began(2), ended(2, 100)] },
  ])('$name', ({ packets, want }) => expect(hear(packets)).toEqual(want))

  test('the receiver says when it wants to be woken', () => {
    const receiver = newEventReceiver()
    expect(eventTimeAt(receiver)).toBe(Infinity)
    hearEvent(receiver, 1, payload(5, 20), 500)
    expect(eventTimeAt(receiver)).toBe(620)
  })

  test('a new source begins anew, whatever its timestamps', () => {
    const receiver = newEventReceiver()
    hearEvent(receiver, 0x7000_0000, payload(5, 20), 0)
    expect(forgetEvents(receiver)).toEqual([ended(5, 20, true)])
    expect(forgetEvents(receiver)).toEqual([])
    expect(hearEvent(receiver, 5, payload(6, 20), 50)).toEqual([began(6)])
  })
})
