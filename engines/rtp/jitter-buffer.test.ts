import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_DELAY, JitterBuffer, type DelayBounds, type PullVerdict, type PushVerdict } from './jitter-buffer.hot.ts'
import { FRAME_SAMPLES, newRtpPacket } from './packet.hot.ts'

/** Bytes stand for themselves, loud enough to be no silence: what is pulled tells which packet it was. */
const LOUD = Int16Array.from({ length: 256 }, (_, code) => 1_000 + code)
const QUIET = Int16Array.from({ length: 256 }, (_, code) => code % 50)

interface Sent { n: number; at: number; ssrc?: number; samples?: number; timestamp?: number }
interface Played { at: number; verdict: PullVerdict; n: number; starts: number }

/** Plays a schedule of packets against pulls every 20 ms of our clock. */
function play(sent: readonly Sent[], { untilMs, bounds = DEFAULT_DELAY, table = LOUD }: { untilMs: number; bounds?: DelayBounds; table?: Int16Array }) {
  const buffer = new JitterBuffer(bounds)
  const queue = sent.toSorted((a, b) => a.at - b.at)
  const frame = new Int16Array(FRAME_SAMPLES)
  const pushed: PushVerdict[] = []
  const played: Played[] = []
  for (let at = 0, next = 0; at <= untilMs; at += 20) {
    for (; next < queue.length && (queue[next] as Sent).at <= at; next += 1) pushed.push(push(buffer, queue[next] as Sent, table))
    const verdict = buffer.pull(at, frame)
    played.push({ at, verdict, n: (frame[0] as number) - 1_000, starts: buffer.starts })
  }
  return { buffer, pushed, played, heard: played.filter(({ verdict }) => verdict === 'audio').map(({ n }) => n) }
}
function push(buffer: JitterBuffer, { n, at, ssrc = 7, samples = FRAME_SAMPLES, timestamp = n * samples }: Sent, table: Int16Array): PushVerdict {
  const bytes = new Uint8Array(samples).fill(n % 256)
  return buffer.push({ ...newRtpPacket(), sequence: n & 0xffff, timestamp: timestamp >>> 0, ssrc, payloadOffset: 0, payloadEnd: samples }, bytes, table, at)
}
const stream = (count: number, over: (n: number) => Partial<Sent> = () => ({})): Sent[] => Array.from({ length: count }, (_, n) => ({ n, at: n * 20 + 5, ...over(n) }))
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

describe('the network', () => {
  test('a punctual stream is played whole, in order, one frame after it came', () => {
    const { heard, played, buffer } = play(stream(100), { untilMs: 2_060 })
    expect(heard).toEqual(upTo(100))
    expect(played.find(({ verdict }) => verdict === 'audio')?.at).toBeLessThanOrEqual(40)
    expect([buffer.late, buffer.duplicates, buffer.skipped, buffer.starts]).toEqual([0, 0, 0, 1])
  })

  test('timestamps that wrap are no break', () => {
    const { heard, buffer } = play(stream(100, (n) => ({ timestamp: 0xffff_ffff - 5_000 + n * 160 })), { untilMs: 2_060 })
    expect([heard, buffer.starts]).toEqual([upTo(100), 1])
  })

  test('reordered packets are played in order', () => {
    const { heard, buffer } = play(stream(100, (n) => (n % 10 === 3 ? { at: n * 20 + 26 } : {})), { untilMs: 2_100 })
    expect(heard).toEqual(upTo(100))
    expect(buffer.late).toBe(0)
  })

  test('the very first packet may be overtaken', () => {
    const { heard } = play([{ n: 1, at: 4 }, { n: 0, at: 6 }, ...stream(50).slice(2)], { untilMs: 1_100 })
    expect(heard).toEqual(upTo(50))
  })

  test('duplicates are dropped, before and after they were played', () => {
    const twice = [...stream(50), ...stream(50, (n) => ({ at: n * 20 + (n % 2 ? 6 : 200) }))]
    const { heard, buffer } = play(twice, { untilMs: 1_300 })
    expect(heard).toEqual(upTo(50))
    expect([buffer.duplicates, buffer.late, buffer.targetDelayMs]).toEqual([50, 0, 20])
  })

  test('a lost packet is concealed in its place and nothing shifts', () => {
    const { played, buffer } = play(stream(50).filter(({ n }) => n !== 20), { untilMs: 1_060 })
    const place = played.findIndex(({ verdict }) => verdict === 'concealed')
    expect([played[place - 1]?.n, played[place + 1]?.n]).toEqual([19, 21])
    expect(buffer.concealed).toBe(played.filter(({ verdict, at }) => verdict === 'concealed' || (verdict === 'silent' && at > 1_000)).length)
  })

  test('jitter raises the delay until nothing is late any more, calm lowers it again', () => {
    const jittery = stream(1_000, (n) => ({ at: n * 20 + 5 + ((n * 37) % 60) }))
    const { buffer, heard } = play(jittery, { untilMs: 20_200 })
    expect(heard.length).toBeGreaterThan(990)
    expect(buffer.targetDelayMs).toBeGreaterThan(50)
    expect(buffer.targetDelayMs).toBeLessThan(70)
    const calm = stream(2_000, (n) => ({ at: n * 20 + 5 + (n < 100 ? (n * 37) % 60 : 0) }))
    const after = play(calm, { untilMs: 40_000, table: QUIET }).buffer
    expect(after.targetDelayMs).toBeLessThan(22)
    expect(after.skipped).toBeGreaterThan(0)
  })

  test('the delay keeps its bounds however bad the network', () => {
    const { buffer } = play(stream(500, (n) => ({ at: n * 20 + (n % 7 === 0 ? 400 : 0) })), { untilMs: 10_000, bounds: { delayMinMs: 40, delayMaxMs: 100 } })
    expect(buffer.targetDelayMs).toBeLessThanOrEqual(100)
    expect(play(stream(10), { untilMs: 200, bounds: { delayMinMs: 40, delayMaxMs: 100 } }).buffer.targetDelayMs).toBe(40)
  })

  test('a way that becomes 300 ms longer is followed within half a second', () => {
    const { heard, buffer } = play(stream(200, (n) => ({ at: n * 20 + (n < 100 ? 0 : 300) })), { untilMs: 4_500 })
    expect(heard.length).toBeGreaterThan(185)
    expect(buffer.late + buffer.concealed).toBeGreaterThan(0)
    expect(heard.toSorted((a, b) => a - b)).toEqual(heard)
  })
})

describe('the source', () => {
  test.each([80, 160, 240, 320, 480])('packets of %i samples play without a hole', (samples) => {
    const { played, buffer } = play(stream(50, (n) => ({ samples, at: (n * samples) / 8 + 5 })), { untilMs: (50 * samples) / 8 })
    const from = played.findIndex(({ verdict }) => verdict === 'audio')
    const until = played.findLastIndex(({ verdict }) => verdict === 'audio')
    expect(played.slice(from, until).every(({ verdict }) => verdict === 'audio')).toBe(true)
    expect(buffer.late).toBe(0)
  })

  test('a new SSRC starts a time line of its own', () => {
    const { pushed, heard } = play([...stream(50), ...stream(50, (n) => ({ n: n + 100, ssrc: 8, at: 1_005 + n * 20, timestamp: 77_777 + n * 160 }))], { untilMs: 2_100 })
    expect(pushed.filter((verdict) => verdict === 'started')).toHaveLength(2)
    expect(heard.filter((n) => n >= 100)).toEqual(upTo(50).map((n) => n + 100))
  })

  test('one packet of another time is ignored, five in a row are a new time line', () => {
    const stray = play([...stream(50), { n: 9, at: 500, timestamp: 0x7000_0000 }], { untilMs: 1_060 })
    expect([stray.heard, stray.buffer.starts]).toEqual([upTo(50), 1])
    const moved = play(stream(100, (n) => (n < 50 ? {} : { timestamp: 0x7000_0000 + n * 160 })), { untilMs: 2_100 })
    expect(moved.buffer.starts).toBe(2)
    expect(moved.heard.at(-1)).toBe(99)
  })

  test('three seconds of nothing are silence on the time axis, then it goes on', () => {
    const { played, buffer } = play(stream(100, (n) => (n < 50 ? {} : { at: n * 20 + 3_005, timestamp: n * 160 + 24_000 })), { untilMs: 5_100 })
    const gap = played.filter(({ at }) => at > 1_020 && at < 4_000)
    expect(gap.slice(0, 3).map(({ verdict }) => verdict)).toEqual(['concealed', 'concealed', 'concealed'])
    expect(gap.slice(3).every(({ verdict }) => verdict === 'silent')).toBe(true)
    expect(played.filter(({ verdict }) => verdict === 'audio')).toHaveLength(100)
    expect(buffer.starts).toBe(2)
  })

  test.each([{ name: 'fast', factor: 0.999 }, { name: 'slow', factor: 1.001 }])('a clock one permille $name costs no audio but a frame now and then', ({ factor }) => {
    const count = 15_000
    const { played, buffer } = play(stream(count, (n) => ({ at: n * 20 * factor + 5 })), { untilMs: count * 20 * factor, table: QUIET })
    const audio = played.filter(({ verdict }) => verdict === 'audio').length
    expect(audio).toBeGreaterThan(count * 0.997)
    expect([buffer.starts, buffer.late < count * 0.002]).toEqual([1, true])
    expect(factor < 1 ? buffer.skipped : buffer.stretched).toBeGreaterThan(5)
  })

  test('empty and endless payloads are no audio', () => {
    const buffer = new JitterBuffer(DEFAULT_DELAY)
    expect(push(buffer, { n: 0, at: 0, samples: 0 }, LOUD)).toBe('misfit')
    push(buffer, { n: 0, at: 0 }, LOUD)
    expect(push(buffer, { n: 1, at: 20, samples: 9_000 }, LOUD)).toBe('misfit')
  })
})

const schedule = (packets: number, untilMs: number) => fc.array(fc.record({ n: fc.nat(packets), at: fc.nat(untilMs) }), { maxLength: 80 })

test('no schedule within the window makes it play out of order, or twice', () => {
  fc.assert(fc.property(schedule(12, 240), (sent) => {
    const { heard, buffer } = play(sent, { untilMs: 600 })
    expect(heard.every((n, at) => at === 0 || n > (heard[at - 1] as number))).toBe(true)
    expect(buffer.targetDelayMs).toBeLessThanOrEqual(DEFAULT_DELAY.delayMaxMs)
  }), { numRuns: 2_000 })
})

test('nor any schedule, but where a new time line starts', () => {
  fc.assert(fc.property(schedule(100, 2_000), (sent) => {
    const audio = play(sent, { untilMs: 2_200 }).played.filter(({ verdict }) => verdict === 'audio')
    expect(audio.every(({ n, starts }, at) => at === 0 || starts > (audio[at - 1] as Played).starts || n > (audio[at - 1] as Played).n)).toBe(true)
  }), { numRuns: 1_000 })
})

test('any timestamps and sources are survived', () => {
  const packet = fc.record({ n: fc.nat(255), at: fc.nat(2_000), ssrc: fc.nat(1), samples: fc.nat(400), timestamp: fc.nat(0xffffffff) })
  fc.assert(fc.property(fc.array(packet, { maxLength: 50 }), (sent) => {
    const { played } = play(sent, { untilMs: 2_100 })
    expect(played).toHaveLength(106)
  }))
})
