/** A media thread that was held up (faults F26, F27): nobody hears frames that are late, but a recording keeps them. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import { FRAME_SAMPLES } from '@loopline/rtp/packet.hot'
import type { RecorderSink } from '../media/recorder.ts'
import { Room } from '../media/room.hot.ts'
import { Ticker } from '../media/ticker.ts'
import { FRAME_MS, Speaker } from './speaker-of-test.ts'

/** A recorded talk of two on a clock of the test's; which stretches were kept, and how loud they are. */
async function talkWithStall(stallMs: number): Promise<{ kept: { at: number; loud: boolean }[]; heard: number }> {
  let now = 1_000
  const ticked: { resolve(): void } = { resolve: () => undefined }
  const ticker = new Ticker(() => now)
  const room = new Room(ticker)
  const [customer, seller] = [new Speaker(1), new Speaker(2)]
  const kept: { at: number; loud: boolean }[] = []
  const sink: RecorderSink = {
    start: () => undefined, pause: () => undefined, resume: () => undefined, end: () => undefined,
    frame: (_, at, left) => void kept.push({ at, loud: left.every((sample) => Math.abs(sample) > 1_000) }),
  }
  room.route([{ hearer: customer.leg, voices: [seller.leg], sound: null }, { hearer: seller.leg, voices: [customer.leg], sound: null }])
  room.startRecording(sink, { attemptId: randomUUID() as AttemptId, customerId: randomUUID() as CustomerId, customer: customer.leg }, 'granted')
  let heard = 0
  ticker.add({ tick: () => { heard += 1; ticked.resolve() } })
  const next = async (): Promise<void> => {
    const done = Promise.withResolvers<void>()
    ticked.resolve = done.resolve
    await done.promise
  }
  const both = (at: number): void => { customer.say(at); seller.say(at) }
  for (let frame = 0; frame < 20; frame += 1) {
    now += FRAME_MS
    both(now)
    await next()
  }
  const from = kept.length
  now += stallMs
  // The sockets are read after the timers: what came meanwhile is heard late, all at once.
  setImmediate(() => { for (let frame = 0; frame < stallMs / FRAME_MS; frame += 1) both(now) })
  heard = 0
  await next()
  const played = heard
  for (let frame = 0; frame < 20; frame += 1) {
    now += FRAME_MS
    both(now)
    await next()
  }
  room.close()
  return { kept: kept.slice(from - 1), heard: played }
}

test('f27: after a stall of 300 ms the recording has no hole and no silence, and what is late is not played', async () => {
  const { kept, heard } = await talkWithStall(300)
  for (const [index, { at }] of kept.entries()) if (index > 0) expect(at).toBe((kept[index - 1]?.at ?? 0) + FRAME_SAMPLES)
  expect(kept.length).toBeGreaterThan(15 + 20)
  expect(kept.filter(({ loud }) => !loud)).toEqual([])
  expect(heard).toBe(1)
})

test('f27: a stall that no buffer bridges is one hole in the recording, not sound from somewhere else', async () => {
  const { kept } = await talkWithStall(1_000)
  const holes = kept.flatMap(({ at }, index) => (index > 0 && at !== (kept[index - 1]?.at ?? 0) + FRAME_SAMPLES ? [at - (kept[index - 1]?.at ?? 0) - FRAME_SAMPLES] : []))
  expect(holes).toHaveLength(1)
  expect(holes[0]).toBeGreaterThanOrEqual(40 * FRAME_SAMPLES)
})
