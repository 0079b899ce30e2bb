/** A recording beside which nobody is mixed is taken five frames at once: what it keeps is what one frame at a time would keep. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import { FRAME_SAMPLES } from '@loopline/rtp/packet.hot'
import type { RecorderSink } from '../media/recorder.ts'
import { Room } from '../media/room.hot.ts'
import { Ticker } from '../media/ticker.ts'
import { FRAME_MS, Speaker } from './speaker-of-test.ts'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

interface Kept {
  what: 'frame' | 'pause' | 'resume' | 'end'
  at: number
  isLoud: boolean
}

/** Two talk for a second and a half, each frame said before it is due; what is done at some frame is done at its time. */
function talk(done: Map<number, (room: Room) => void>, isMixed: boolean): Kept[] {
  const ticker = new Ticker(() => performance.now())
  const room = new Room(ticker)
  const [customer, seller, listener] = [new Speaker(1), new Speaker(2), new Speaker(3)]
  const kept: Kept[] = []
  const keep = (what: Kept['what']) => (_: AttemptId, at: number, said?: Int16Array): void => void kept.push({ what, at, isLoud: said?.every((sample) => Math.abs(sample) > 1_000) ?? false })
  const sink: RecorderSink = { start: () => undefined, frame: keep('frame'), pause: keep('pause'), resume: keep('resume'), end: keep('end') }
  room.route([
    { hearer: customer.leg, voices: [seller.leg], sound: null }, { hearer: seller.leg, voices: [customer.leg], sound: null },
    ...(isMixed ? [{ hearer: listener.leg, voices: [customer.leg, seller.leg], sound: null }] : []),
  ])
  room.startRecording(sink, { attemptId: randomUUID() as AttemptId, customerId: randomUUID() as CustomerId, customer: customer.leg }, 'granted')
  for (let frame = 0; frame < 75; frame += 1) {
    customer.say(performance.now())
    seller.say(performance.now())
    vi.advanceTimersByTime(FRAME_MS)
    done.get(frame)?.(room)
  }
  room.close()
  return kept
}

test('it keeps each frame once, in order, to the end', () => {
  const kept = talk(new Map(), false)
  expect(kept.filter(({ what }) => what === 'frame').map(({ at }) => at / FRAME_SAMPLES)).toEqual(Array.from({ length: 75 }, (_, frame) => frame))
  expect(kept.at(-1)).toMatchObject({ what: 'end', at: 75 * FRAME_SAMPLES })
})

test.each([11, 12, 13, 14, 15])('a pause after frame %i cuts there, not where five frames are full, and so does what comes after it', (from) => {
  const acts = new Map([[from, (room: Room) => room.pauseRecording(true)], [from + 33, (room: Room) => room.pauseRecording(false)]])
  const patient = talk(acts, false)
  expect(patient).toEqual(talk(acts, true))
  expect(patient.find(({ what }) => what === 'pause')?.at).toBe((from + 1) * FRAME_SAMPLES)
  expect(patient.some(({ what, at }) => what === 'frame' && at > from * FRAME_SAMPLES && at < (from + 34) * FRAME_SAMPLES)).toBe(false)
})

test.each([20, 21, 22, 23, 24])('from the frame on at which the person hears nobody (%i), neither is kept', (from) => {
  const listener = new Speaker(4)
  const frames = talk(new Map([[from, (room: Room) => room.route([{ hearer: listener.leg, voices: [], sound: null }])]]), false).filter(({ what }) => what === 'frame')
  expect(frames).toHaveLength(75)
  expect(frames.findLastIndex(({ isLoud }) => isLoud)).toBe(from)
})
