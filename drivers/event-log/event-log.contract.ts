import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { Database, Transaction } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import { LeaseLostError, RetryLaterError } from './event-log.ts'
import type { EventLog, LogEvent } from './event-log.ts'
import { makeEvent } from './make-event.ts'
import type { OutboxEvent } from './make-event.ts'
import { appendToOutbox } from './outbox.ts'
import { repeatDelivery } from './repeat-delivery.ts'

/** What a test needs of an implementation. The outbox, `shop.outbox`, is PostgreSQL's whatever the log is. */
export interface LogUnderTest {
  db: Database
  /** A relay from shop.outbox to the log, as one process runs it. */
  startRelay(): { stop(): Promise<void> }
  /** The log as one more process sees it. Leases last about a second. */
  openLog(): EventLog
  /** What a writer does after its commit. */
  written(): void
  /** From now on wake-ups of all kinds are lost. */
  loseWakes(): void
  /** Ends every connection that waits for wake-ups. */
  cutListeners(): Promise<void>
  /** Takes all partitions of a group from their owners, who do not notice. */
  expireLeases(group: string): Promise<void>
  /** Starts a process that handles events of a topic, says so, and never comes to commit. */
  hangingMember(group: string, topic: string): Promise<{ handled: Promise<void>; kill(): Promise<void> }>
  close(): Promise<void>
}

interface Note {
  type: string
  data: { n: number }
}

const REPAIR_MS_MAX = 1_000

/** What every event log must do: P9, P10, F14, F15, F17, F18, F30 of the reliability table. */
export function eventLogContract(name: string, makeLog: () => Promise<LogUnderTest>): void {
  describe(name, () => {
    let under: LogUnderTest
    let serial = 0
    const closing: (() => Promise<unknown>)[] = []

    beforeAll(async () => {
      under = await makeLog()
    })
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close()
    })
    afterAll(() => under.close())

    /** Unused names, so that tests do not see each other's events. */
    const fresh = (): { topic: string; group: string } => {
      const word = String(++serial).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string)
      return { topic: `shop.note-${word}`, group: `test.${word}` }
    }
    const open = (): EventLog => {
      const log = under.openLog()
      closing.push(() => log.close())
      return log
    }
    const relay = (): { stop(): Promise<void> } => {
      const running = under.startRelay()
      closing.push(() => running.stop())
      return running
    }
    const note = (topic: string, key: string, n: number): OutboxEvent =>
      makeEvent<Note>({ type: `${topic}.written`, subject: key, sequence: n, time: Date.now(), data: { n } })
    const write = async (events: OutboxEvent[]): Promise<void> => {
      await inTransaction(under.db, (transaction) => appendToOutbox(transaction, events))
      under.written()
    }
    /** One event on each of `count` keys. */
    const scatter = (topic: string, count: number): OutboxEvent[] => Array.from({ length: count }, () => note(topic, newId(), 1))

    test('P9: an event of a transaction held open is neither skipped nor overtaken by an offset', async () => {
      const { topic, group } = fresh()
      relay()
      const seen = collector()
      open().consume({ group, topics: [topic], handle: seen.handle })
      const key = newId()
      const held = await holdOpen(under.db, (transaction) => appendToOutbox(transaction, [note(topic, key, 1)]))
      const writers = Array.from({ length: 8 }, async () => {
        for (let round = 0; round < 25; round++) await write([note(topic, newId(), 1), note(topic, newId(), 1)])
      })
      await Promise.all(writers)
      await seen.count(400)
      expect(seen.events.some((event) => event.key === key)).toBe(false)
      await held.commit()
      await seen.count(401)
      expect(seen.events.some((event) => event.key === key)).toBe(true)
      expectDense(seen.events)
    })

    test('P9: order is kept per key with two relays and writers in parallel', async () => {
      const { topic, group } = fresh()
      relay()
      relay()
      const seen = collector()
      open().consume({ group, topics: [topic], handle: seen.handle })
      const keys = Array.from({ length: 20 }, () => newId())
      await Promise.all(keys.map(async (key) => {
        for (let n = 0; n < 40; n += 2) await write([note(topic, key, n + 1), note(topic, key, n)])
      }))
      await seen.count(800)
      const inOrder = Array.from({ length: 40 }, (_, n) => n)
      for (const key of keys) expect(seen.of(key)).toEqual(inOrder)
      expectDense(seen.events)
    })

    test('a backlog larger than one batch is moved whole and in order', async () => {
      const { topic, group } = fresh()
      const keys = Array.from({ length: 50 }, () => newId())
      for (let n = 0; n < 100; n += 10) await write(keys.flatMap((key) => Array.from({ length: 10 }, (_, at) => note(topic, key, n + at))))
      relay()
      relay()
      const seen = collector()
      open().consume({ group, topics: [topic], handle: seen.handle })
      await seen.count(5_000)
      for (const key of keys) expect(seen.of(key)).toEqual(Array.from({ length: 100 }, (_, n) => n))
      expectDense(seen.events)
    })

    test('P9, F14: what a member handled and did not commit before kill -9 is delivered again', async () => {
      const { topic, group } = fresh()
      relay()
      const victim = await under.hangingMember(group, topic)
      await write(scatter(topic, 10))
      await victim.handled
      await victim.kill()
      const seen = collector()
      open().consume({ group, topics: [topic], handle: seen.handle })
      await seen.count(10)
      expectDense(seen.events)
    })

    test('P9, F18: delivering thrice and again later leaves the same state', async () => {
      const { topic, group } = fresh()
      relay()
      const versions = new Map<string, number>()
      const facts = new Map<string, Set<number>>()
      const seen = collector()
      const apply = async (events: readonly LogEvent<Note>[]): Promise<void> => {
        for (const { key, event } of events) {
          versions.set(key, Math.max(versions.get(key) ?? 0, event.data.n))
          facts.set(key, (facts.get(key) ?? new Set()).add(event.data.n))
        }
        await seen.handle(events)
      }
      open().consume<Note>({ group, topics: [topic], batchMax: 7, handle: repeatDelivery(apply, seeded(7)) })
      const keys = Array.from({ length: 5 }, () => newId())
      for (let n = 1; n <= 20; n++) await write(keys.map((key) => note(topic, key, n)))
      await seen.distinct(100)
      for (const key of keys) {
        expect(versions.get(key)).toBe(20)
        expect(facts.get(key)?.size).toBe(20)
      }
    })

    test('progress committed with the handler’s own transaction is exact across a restart', async () => {
      const { topic, group } = fresh()
      relay()
      const seen = collector()
      const consumeInto = async (log: EventLog): Promise<void> => {
        const consumer = log.consume({
          group, topics: [topic],
          handle: async (events, delivery) => {
            await inTransaction(under.db, (transaction) => delivery.commitIn(transaction))
            await seen.handle(events)
          },
        })
        await consumer.joined
      }
      const first = under.openLog()
      await consumeInto(first)
      await write(scatter(topic, 50))
      await seen.count(50)
      await first.close()
      await write(scatter(topic, 50))
      await consumeInto(open())
      await seen.count(100)
      expectDense(seen.events)
    })

    test('two members share the partitions, and one takes all when the other leaves', async () => {
      const { topic, group } = fresh()
      relay()
      const seen = collector()
      const tokens = new Map<number, number>()
      const join = (log: EventLog) => log.consume({
        group, topics: [topic],
        handle: async (events, delivery) => {
          await inTransaction(under.db, (transaction) => delivery.commitIn(transaction))
          await seen.handle(events)
        },
        onAssigned: (leases) => {
          for (const { partition, token } of leases) {
            expect(token).toBeGreaterThan(tokens.get(partition) ?? -1)
            tokens.set(partition, token)
          }
        },
      })
      const first = join(open())
      await expect.poll(() => first.leases().length).toBe(64)
      const leaving = under.openLog()
      const second = join(leaving)
      await expect.poll(() => [first.leases().length, second.leases().length]).toEqual([32, 32])
      const mine = new Set(first.leases().map(({ partition }) => partition))
      expect(second.leases().some(({ partition }) => mine.has(partition))).toBe(false)
      await write(scatter(topic, 200))
      await seen.count(200)
      const left = performance.now()
      await leaving.close()
      await expect.poll(() => first.leases().length, { interval: 10 }).toBe(64)
      expect(performance.now() - left).toBeLessThan(REPAIR_MS_MAX)
      await write(scatter(topic, 100))
      await seen.count(300)
      expectDense(seen.events)
    })

    test('F30: what a member does after losing its partition unknowingly is refused, and comes again under a greater token', async () => {
      const { topic, group } = fresh()
      relay()
      const seen = collector()
      const tokens: number[] = []
      const inHand = Promise.withResolvers<void>()
      const goOn = Promise.withResolvers<void>()
      const answers: unknown[] = []
      const join = () => open().consume({
        group, topics: [topic],
        handle: async (events, delivery) => {
          tokens.push(...delivery.tokens.values())
          inHand.resolve()
          await goOn.promise
          const answer = await inTransaction(under.db, (transaction) => delivery.commitIn(transaction)).catch((error: unknown) => error)
          answers.push(answer)
          if (answer instanceof Error) throw answer
          await seen.handle(events)
        },
      })
      await Promise.all([join().joined, join().joined])
      await write([note(topic, newId(), 1)])
      await inHand.promise
      await under.expireLeases(group)
      // Whoever gets the partition next waits in its handler too, now with the new token.
      goOn.resolve()
      await seen.count(1)
      expect(answers).toEqual([expect.any(LeaseLostError), undefined])
      expect(tokens[1]).toBeGreaterThan(tokens[0] as number)
    })

    test('F15: ending the listening connections costs at most a second', async () => {
      const { topic, group } = fresh()
      relay()
      const seen = collector()
      await open().consume({ group, topics: [topic], handle: seen.handle }).joined
      await write(scatter(topic, 1))
      await seen.count(1)
      await under.cutListeners()
      const started = performance.now()
      await write(scatter(topic, 1))
      await seen.count(2)
      expect(performance.now() - started).toBeLessThan(REPAIR_MS_MAX)
    })

    test('F17: the key of a poison event waits alone and in order, and goes on when mended', async () => {
      const { topic, group } = fresh()
      relay()
      const seen = collector()
      const bad = newId()
      let mended = false
      const log = open()
      log.consume<Note>({
        group, topics: [topic],
        handle: async (events) => {
          if (!mended && events.some(({ key, event }) => key === bad && event.data.n === 2)) throw new TypeError('cannot handle n = 2')
          await seen.handle(events)
        },
      })
      const keys = [bad, ...Array.from({ length: 9 }, () => newId())]
      await write(keys.flatMap((key) => [1, 2, 3].map((n) => note(topic, key, n))))
      await seen.count(28)
      await write(keys.map((key) => note(topic, key, 4)))
      await seen.count(37)
      expect(seen.of(bad)).toEqual([1])
      await expect.poll(async () => (await log.parked(group)).length).toBe(3)
      expect((await log.parked(group)).filter((event) => event.error !== null)).toMatchObject([{ key: bad, error: 'TypeError: cannot handle n = 2' }])
      mended = true
      await log.retryParked({ group, topic, key: bad })
      await seen.count(40)
      expect(seen.of(bad)).toEqual([1, 2, 3, 4])
      await write([note(topic, bad, 5)])
      await seen.count(41)
      expect(seen.of(bad)).toEqual([1, 2, 3, 4, 5])
      await expect.poll(() => log.parked(group)).toEqual([])
    })

    test('F17: a parked event can be given up; those behind it are handled', async () => {
      const { topic, group } = fresh()
      relay()
      const seen = collector()
      const bad = newId()
      const log = open()
      log.consume<Note>({
        group, topics: [topic],
        handle: async (events) => {
          if (events.some(({ event }) => event.data.n === 1)) throw new TypeError('cannot handle n = 1')
          await seen.handle(events)
        },
      })
      await write([1, 2, 3].map((n) => note(topic, bad, n)))
      await expect.poll(async () => (await log.parked(group)).length).toBe(3)
      const [event] = await log.parked(group, 1)
      if (event) await log.dropParked(event)
      await seen.count(2)
      expect(seen.of(bad)).toEqual([2, 3])
    })

    test('a neighbour that is away parks nothing: the same events come again', async () => {
      const { topic, group } = fresh()
      relay()
      const seen = collector()
      let away = 2
      const log = open()
      log.consume({
        group, topics: [topic],
        handle: async (events) => {
          if (away-- > 0) throw new RetryLaterError('crm is away')
          await seen.handle(events)
        },
      })
      // One event: any other failure of it would be its own fault at once.
      await write(scatter(topic, 1))
      await seen.count(1)
      expect(away).toBeLessThan(0)
      expect(await log.parked(group)).toEqual([])
    })

    test('a new group begins at the first event, or at the next one when it says so', async () => {
      const { topic, group } = fresh()
      relay()
      const early = collector()
      const late = collector()
      const log = open()
      await write(scatter(topic, 5))
      log.consume({ group, topics: [topic], handle: early.handle })
      await early.count(5)
      await log.consume({ group: `${group}.late`, topics: [topic], handle: late.handle, from: 'latest' }).joined
      const after = scatter(topic, 3)
      await write(after)
      await late.count(3)
      expect(new Set(late.events.map(({ key }) => key))).toEqual(new Set(after.map(({ key }) => key)))
    })

    test('a tail sees what comes from now on, without a group', async () => {
      const { topic } = fresh()
      relay()
      const log = open()
      const before = collector()
      log.consume({ group: `${topic}.before`, topics: [topic], handle: before.handle })
      await write(scatter(topic, 5))
      await before.count(5)
      const seen = collector()
      await log.tail({ topics: [topic], onEvents: seen.handle }).reading
      await write(scatter(topic, 3))
      await seen.count(3)
      expect(seen.events.some(({ key }) => before.events.slice(0, 5).some((old) => old.key === key))).toBe(false)
    })

    test('lag counts what is not handled, and pruning stops at the slowest group', async () => {
      const { topic, group } = fresh()
      relay()
      const log = open()
      const seen = collector()
      const quick = log.consume({ group: `${group}.quick`, topics: [topic], handle: seen.handle })
      await write(scatter(topic, 30))
      await seen.count(30)
      await quick.stop()
      const slow = log.consume({ group, topics: [topic], handle: () => Promise.reject(new RetryLaterError('never')) })
      await slow.joined
      await expect.poll(() => log.lag(group)).toMatchObject([{ topic, events: 30, parked: 0 }])
      expect((await log.lag(group))[0]?.oldestMs).toBeGreaterThan(0)
      expect(await log.lag(`${group}.quick`)).toMatchObject([{ topic, events: 0, oldestMs: null }])
      const future = new Date(Date.now() + 60_000)
      await log.prune(future)
      expect((await log.lag(group))[0]?.oldestMs).toBeGreaterThan(0)
      await slow.stop()
      await log.forgetGroup(group)
      expect(await log.prune(future)).toBeGreaterThanOrEqual(30)
    })

    // The last one: wake-ups stay lost.
    test('P10: losing every wake-up costs at most a second', async () => {
      const { topic, group } = fresh()
      relay()
      const seen = collector()
      await open().consume({ group, topics: [topic], handle: seen.handle }).joined
      under.loseWakes()
      for (let round = 1; round <= 3; round++) {
        const started = performance.now()
        await write(scatter(topic, 2))
        await seen.count(round * 2)
        expect(performance.now() - started).toBeLessThan(REPAIR_MS_MAX)
      }
    })
  })
}

interface Collector {
  events: LogEvent<Note>[]
  handle(events: readonly LogEvent[]): Promise<void>
  /** Resolves when so many were delivered. */
  count(n: number): Promise<void>
  /** Resolves when so many different ones were. */
  distinct(n: number): Promise<void>
  /** The numbers delivered for a key, in order. */
  of(key: string): number[]
}

function collector(): Collector {
  const events: LogEvent<Note>[] = []
  const ids = new Set<string>()
  let waiting: { done: () => boolean; resolve: () => void }[] = []
  const when = (done: () => boolean): Promise<void> => new Promise((resolve) => {
    if (done()) resolve()
    else waiting.push({ done, resolve })
  })
  return {
    events,
    async handle(more) {
      for (const event of more as readonly LogEvent<Note>[]) {
        events.push(event)
        ids.add(`${event.partition}/${event.offset}`)
      }
      const ready = waiting.filter(({ done }) => done())
      waiting = waiting.filter((wait) => !ready.includes(wait))
      for (const { resolve } of ready) resolve()
    },
    count: (n) => when(() => events.length >= n),
    distinct: (n) => when(() => ids.size >= n),
    of: (key) => events.filter((event) => event.key === key).map(({ event }) => event.data.n),
  }
}

/** Every partition begins at 0 and has each offset once, in order. */
function expectDense(events: readonly LogEvent[]): void {
  const next = new Map<number, number>()
  for (const { partition, offset } of events) {
    expect(offset).toBe(next.get(partition) ?? 0)
    next.set(partition, offset + 1)
  }
}

/** A transaction that has done its work and waits. */
async function holdOpen(database: Database, work: (transaction: Transaction) => Promise<void>): Promise<{ commit(): Promise<void> }> {
  const done = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const running = inTransaction(database, async (transaction) => {
    await work(transaction)
    done.resolve()
    await release.promise
  })
  await Promise.race([done.promise, running])
  return {
    async commit() {
      release.resolve()
      await running
    },
  }
}

/** mulberry32: a small generator that is the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
