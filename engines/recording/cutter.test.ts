import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CHUNK_SAMPLES, Cutter } from './cutter.ts'
import type { Chunk } from './cutter.ts'
import { ChainCheck, isComplete, placed } from './manifest.ts'
import type { Finding } from './manifest.ts'

const block = (length: number, value: number): Int16Array => new Int16Array(length).fill(value)

/** Everything between 0 and `length` is in exactly one chunk or gap. */
function isPartition(length: number, chunks: readonly Chunk[], gaps: readonly { from: number; to: number }[]): boolean {
  const stretches = [...chunks.map(({ at, samples }) => ({ from: at, to: at + samples })), ...gaps].toSorted((a, b) => a.from - b.from)
  return stretches.every(({ from, to }, index) => to > from && from === (index === 0 ? 0 : stretches[index - 1]?.to)) && (stretches.at(-1)?.to ?? 0) === length
}

test('a conversation of four seconds is two whole chunks and one of less', () => {
  const cutter = new Cutter()
  const chunks = [...cutter.push(0, block(30_000, 1), block(30_000, 2)), ...cutter.end(30_000)]
  expect(chunks.map(({ number, at, samples }) => [number, at, samples])).toEqual([[0, 0, 12_000], [1, 12_000, 12_000], [2, 24_000, 6_000]])
  expect([chunks[2]?.pairs[0], chunks[2]?.pairs[1]]).toEqual([1, 2])
  expect(cutter.gaps()).toEqual([])
})

test('a pause is a gap that says so, and ends a chunk', () => {
  const cutter = new Cutter()
  const chunks = [
    ...cutter.push(0, block(800, 1), block(800, 1)), ...cutter.pause(800), ...cutter.push(800, block(800, 9), block(800, 9)),
  ]
  cutter.resume(2_400)
  chunks.push(...cutter.push(2_400, block(800, 3), block(800, 3)), ...cutter.end(3_200))
  expect(cutter.gaps()).toEqual([{ from: 800, to: 2_400, why: 'paused' }])
  expect(chunks.map(({ at, samples }) => [at, samples])).toEqual([[0, 800], [2_400, 800]])
  expect(chunks.some(({ pairs }) => pairs.includes(9))).toBe(false)
})

test('a chunk that could not be stored is a hole, and the recording is not whole', () => {
  const cutter = new Cutter()
  const [first] = cutter.push(0, block(CHUNK_SAMPLES, 1), block(CHUNK_SAMPLES, 1))
  const [second] = cutter.end(CHUNK_SAMPLES).length > 0 ? [null] : cutter.push(CHUNK_SAMPLES, block(CHUNK_SAMPLES, 1), block(CHUNK_SAMPLES, 1))
  cutter.lose(second as Chunk)
  expect(cutter.gaps()).toEqual([{ from: CHUNK_SAMPLES, to: 2 * CHUNK_SAMPLES, why: 'lost' }])
  const chunks = [{ ...(first as Chunk), hash: 'a' }]
  expect(isComplete({ length: 2 * CHUNK_SAMPLES, chunks, gaps: cutter.gaps() })).toBe(false)
  expect(isComplete({ length: CHUNK_SAMPLES, chunks, gaps: [] })).toBe(true)
})

const Act = fc.oneof(
  fc.record({ kind: fc.constant('push' as const), skip: fc.nat(900), length: fc.integer({ min: 1, max: 9_000 }) }),
  fc.record({ kind: fc.constant('again' as const), back: fc.nat(500), length: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ kind: fc.constant('pause' as const) }), fc.record({ kind: fc.constant('resume' as const), after: fc.nat(4_000) }),
)

test('whatever comes late, twice or not at all: every sample is in one chunk or in one gap', () => {
  fc.assert(fc.property(fc.array(Act, { maxLength: 40 }), (acts) => {
    const cutter = new Cutter()
    const chunks: Chunk[] = []
    let now = 0
    for (const act of acts) {
      if (act.kind === 'push') {
        now += act.skip
        chunks.push(...cutter.push(now, block(act.length, 1), block(act.length, 2)))
        now += act.length
      } else if (act.kind === 'again' && now < act.back + act.length) continue
      else if (act.kind === 'again') chunks.push(...cutter.push(now - act.back - act.length, block(act.length, 1), block(act.length, 2)))
      else if (act.kind === 'pause') chunks.push(...cutter.pause(now))
      else cutter.resume(now += act.after)
    }
    chunks.push(...cutter.end(now))
    return isPartition(now, chunks, cutter.gaps()) && chunks.every(({ number, samples }, index) => number === index && samples <= CHUNK_SAMPLES)
  }))
})

test('what another recorder goes on with is a partition too: its chunks, the pauses, and holes for the rest', () => {
  const chunks = [{ number: 0, at: 0, samples: 12_000 }, { number: 1, at: 18_000, samples: 6_000 }]
  const cutter = Cutter.continued({ chunks, pauses: [{ from: 12_000, to: 15_000 }, { from: 25_000, to: 25_500 }], pausedAt: 30_000 })
  expect(cutter.gaps()).toEqual([
    { from: 12_000, to: 15_000, why: 'paused' }, { from: 15_000, to: 18_000, why: 'lost' }, { from: 24_000, to: 25_000, why: 'lost' },
    { from: 25_000, to: 25_500, why: 'paused' }, { from: 25_500, to: 30_000, why: 'lost' },
  ])
  expect(cutter.push(31_000, block(160, 1), block(160, 1))).toEqual([]) // it is paused
  cutter.resume(36_000)
  const more = [...cutter.push(36_000, block(12_000, 1), block(12_000, 2)), ...cutter.end(48_000)]
  expect(more.map(({ number, at }) => [number, at])).toEqual([[2, 36_000]])
  expect(cutter.gaps().at(-1)).toEqual({ from: 30_000, to: 36_000, why: 'paused' })
  expect(placed([...chunks, ...more], cutter.gaps()).map(({ at }) => at)).toEqual([0, 18_000, 36_000])
})

test('a changed byte, a missing or short chunk, a cut tail and another count are each found', () => {
  const sealed = [1, 2, 3].map((value) => Uint8Array.of(value, value))
  const hash = (before: string, bytes: Uint8Array): string => `${before}>${bytes.join()}`
  const chain = sealed.reduce<string[]>((all, bytes) => [...all, hash(all.at(-1) ?? '', bytes)], [])
  const chunks = chain.map((each, number) => ({ number, at: number, samples: 1, hash: each }))
  const check = (change: Record<number, Uint8Array | null> = {}, kept = chunks, told = { chunks: 3, samples: 3, head: chain[2] as string }): Finding[] => {
    const walk = new ChainCheck(hash, 0)
    for (const chunk of kept) walk.see(chunk, change[chunk.number] === undefined ? (sealed[chunk.number] ?? null) : change[chunk.number] ?? null)
    return walk.end({ chunks: kept }, told)
  }
  expect(check()).toEqual([])
  expect(check({ 1: Uint8Array.of(9, 9) })).toEqual([{ kind: 'changed', number: 1 }])
  expect(check({ 1: null })).toEqual([{ kind: 'missing', number: 1 }])
  expect(check({ 1: Uint8Array.of(2) })).toEqual([{ kind: 'short', number: 1 }])
  expect(check({}, chunks.slice(0, 2))).toEqual([{ kind: 'count-differs' }, { kind: 'head-differs' }])
})
