import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LineWatch } from './line-watch.ts'
import type { LineAlarm } from './line-watch.ts'

/** A seeded generator (mulberry32): the same campaign each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Setting {
  seed?: number
  calls: number
  lines?: string[]
  lists?: string[]
  /** Probability of an answer on this line with this list at this call. */
  answers(line: string, list: string, index: number): number
  short?(line: string, index: number): number
  pddMs?(line: string, index: number): number
}

/** Plays a campaign; answers each alarm as it is raised, with the number of calls by then. */
function play({ seed = 1, calls, lines = ['a', 'b', 'c'], lists = ['spring', 'autumn'], answers, short = () => 0.1, pddMs = () => 2_000 }: Setting): { alarms: (LineAlarm & { line: string; index: number })[]; watch: LineWatch } {
  const random = seeded(seed)
  const watch = new LineWatch()
  const alarms: (LineAlarm & { line: string; index: number })[] = []
  const pick = (names: string[]): string => names[Math.floor(random() * names.length)] as string
  for (let index = 0; index < calls; index += 1) {
    const [line, list, region] = [pick(lines), pick(lists), pick(['浙江', '广东', '四川'])]
    const answered = random() < answers(line, list, index)
    const isShort = random() < short(line, index)
    const rang = random() < 0.8
    const delay = pddMs(line, index) * Math.exp((random() - 0.5) * 0.8)
    const raised = [...(rang ? watch.rang(line, delay, index * 50) : []), ...watch.call({ lineId: line, list, region, answered, short: isShort }, index * 50)]
    for (const alarm of raised) alarms.push({ ...alarm, line, index })
  }
  return { alarms, watch }
}

describe('a bad carrier', () => {
  test('whose answers fall to a quarter is named within 300 of its calls, with the figures', () => {
    const { alarms } = play({ calls: 4_000, answers: (line, _list, index) => (line === 'b' && index > 1_500 ? 0.08 : 0.3) })
    expect(alarms[0]).toMatchObject({ kind: 'fewer-answers', line: 'b' })
    expect((alarms[0]?.index ?? 0) - 1_500).toBeLessThan(900)
    expect(alarms[0]?.seen).toBeLessThan(0.15)
    expect(alarms[0]?.expected).toBeGreaterThan(0.22)
    expect(new Set(alarms.map(({ line }) => line))).toEqual(new Set(['b']))
  })
  test('that answers itself: short calls', () => {
    const { alarms } = play({ calls: 4_000, answers: (line, _list, index) => (line === 'a' && index > 1_500 ? 0.95 : 0.3), short: (line, index) => (line === 'a' && index > 1_500 ? 0.9 : 0.12) })
    expect(alarms[0]).toMatchObject({ kind: 'more-short-calls', line: 'a' })
    expect((alarms[0]?.index ?? 0) - 1_500).toBeLessThan(300)
    expect(alarms.every(({ line }) => line === 'a')).toBe(true)
  })
  test('that takes longer and longer to ring', () => {
    const { alarms } = play({ calls: 3_000, answers: () => 0.3, pddMs: (line, index) => (line === 'c' && index > 1_500 ? 2_000 + (index - 1_500) * 20 : 2_000) })
    expect(alarms).toHaveLength(1)
    expect(alarms[0]).toMatchObject({ kind: 'slower-ringing', line: 'c' })
    expect((alarms[0]?.index ?? 0) - 1_500).toBeLessThan(300)
  })
  test('that goes silent, or sounds bad', () => {
    const watch = new LineWatch()
    const raised: LineAlarm[] = []
    for (let index = 0; index < 400; index += 1) {
      raised.push(...watch.sound({ lineId: 'a', list: 'x', silent: index > 200, poor: false }, index * 100), ...watch.sound({ lineId: 'b', list: 'x', silent: false, poor: index > 300 }, index * 100), ...watch.sound({ lineId: 'c', list: 'x', silent: false, poor: false }, index * 100))
    }
    expect(raised.map(({ kind }) => kind)).toEqual(['silence', 'poor-sound'])
    expect(watch.alarmsOf('a').map(({ kind }) => kind)).toEqual(['silence'])
  })
  test('on whose way datagrams are lost', () => {
    const watch = new LineWatch()
    const raised: LineAlarm[] = []
    for (let index = 0; index < 400; index += 1) for (const lineId of ['a', 'b', 'c']) raised.push(...watch.sent({ lineId, list: 'x', again: index % 50 === 0 || (lineId === 'a' && index > 200 && index % 3 !== 0) }, index * 100))
    expect(raised.map(({ kind }) => kind)).toEqual(['lost-datagrams'])
    expect(watch.alarmsOf('a')).toHaveLength(1)
  })
  test('that is well again is no longer named', () => {
    const { alarms, watch } = play({ calls: 8_000, answers: (line, _list, index) => (line === 'b' && index > 1_500 && index < 3_000 ? 0.03 : 0.3) })
    expect(alarms.map(({ line }) => line)).toEqual(['b'])
    expect(watch.alarmsOf('b')).toEqual([])
  })
})

describe('nobody is blamed for', () => {
  const cases: { name: string; setting: Omit<Setting, 'calls'> }[] = [
    { name: 'a list that answers hardly at all', setting: { answers: (_line, list, index) => (list === 'autumn' && index > 5_000 ? 0.02 : 0.3) } },
    { name: 'an hour in which nobody answers', setting: { answers: (_line, _list, index) => (index > 8_000 ? 0.05 : 0.4) } },
    { name: 'a list that only one line carries', setting: { lists: ['x'], lines: ['a'], answers: (_line, _list, index) => (index > 5_000 ? 0.01 : 0.3) } },
    { name: 'a line that was always somewhat worse', setting: { answers: (line) => (line === 'c' ? 0.24 : 0.3) } },
    { name: 'a network on which everything rings late', setting: { answers: () => 0.3, pddMs: (_line, index) => (index > 5_000 ? 6_000 : 2_000) } },
    { name: 'chance', setting: { answers: () => 0.3 } },
  ]
  for (const { name, setting } of cases) {
    test(name, () => {
      for (const seed of [1, 2, 3, 4, 5]) expect(play({ seed, calls: 20_000, ...setting }).alarms).toEqual([])
    })
  }
})

test('whatever comes in, an alarm names what was seen worse than expected', () => {
  const call = fc.record({ lineId: fc.constantFrom('a', 'b', 'c'), list: fc.constantFrom('x', 'y'), region: fc.constantFrom('', 'z'), answered: fc.boolean(), short: fc.boolean(), pddMs: fc.option(fc.integer({ min: 0, max: 30_000 })) })
  fc.assert(fc.property(fc.array(call, { maxLength: 600 }), (calls) => {
    const watch = new LineWatch()
    calls.forEach((one, index) => {
      const rang = one.pddMs === null ? [] : watch.rang(one.lineId, one.pddMs, index * 1_000)
      for (const { kind, seen, expected } of [...rang, ...watch.call(one, index * 1_000)]) {
        if (kind === 'fewer-answers') expect(seen).toBeLessThan(expected)
        else expect(seen).toBeGreaterThan(expected)
      }
    })
  }))
})
