import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hearEvent, newEventReceiver, onEventTime } from './telephone-event-receiver.ts'
import { beginEvent, eventPacketAt, eventTicks, stepEventSender, type EventPacket } from './telephone-event-sender.ts'

function sent(lastsMs: number): { at: number; packet: EventPacket }[] {
  const sender = beginEvent(7, lastsMs, 8_000, 1_000)
  const packets: { at: number; packet: EventPacket }[] = []
  for (let at = eventPacketAt(sender); at !== Infinity; at = eventPacketAt(sender)) {
    expect(stepEventSender(sender, at - 1)).toBeNull()
    packets.push({ at, packet: stepEventSender(sender, at) as EventPacket })
  }
  expect(eventTicks(sender)).toBe(packets.length * 160)
  return packets
}

describe('a digit is sent', () => {
  test('as updates each 20 ms, the first marked, the end three times, all with one timestamp', () => {
    expect(sent(100).map(({ at, packet: { marker, timestamp, payload } }) => [at, marker, timestamp, payload.durationTicks / 8, payload.isEnd])).toEqual([
      [1_020, true, 8_000, 20, false], [1_040, false, 8_000, 40, false], [1_060, false, 8_000, 60, false], [1_080, false, 8_000, 80, false],
      [1_100, false, 8_000, 100, true], [1_120, false, 8_000, 100, true], [1_140, false, 8_000, 100, true],
    ])
  })

  test.each([[0, 40], [50, 60], [20_000, 8_180]])('%i ms wished last %i ms', (wished, lasts) => {
    expect(sent(wished).at(-1)?.packet.payload.durationTicks).toBe(lasts * 8)
  })

  test('and heard once, whatever is lost of it', () => {
    fc.assert(fc.property(fc.integer({ min: 40, max: 400 }), fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (lastsMs, isLost) => {
      const arrived = sent(lastsMs).filter((_, n) => !isLost[n])
      const receiver = newEventReceiver()
      const heard = arrived.flatMap(({ at, packet }) => [...onEventTime(receiver, at), ...hearEvent(receiver, packet.timestamp, packet.payload, at)])
      heard.push(...onEventTime(receiver, 5_000))
      expect(heard.map(({ kind, event }) => `${kind} ${event}`)).toEqual(arrived.length > 0 ? ['began 7', 'ended 7'] : [])
    }))
  })
})
