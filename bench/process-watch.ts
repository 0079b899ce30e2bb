/** Watches what processes hold while they work: memory, heap, descriptors; and tells how it moved. Linux only (/proc). */
import { readdirSync, readFileSync } from 'node:fs'
import type { Product } from '@loopline/interop/product'
import { meanOf, slopeOf } from './slope.ts'

const SERVICES = ['hub', 'crm', 'dialer', 'voice'] as const

interface Sample {
  atMs: number
  rssMb: number
  /** Of the main isolate; null where the process does not tell. */
  heapMb: number | null
  descriptors: number
}

/** How one process moved between the end of the warm-up and the end; slopes in MB a minute, by least squares. */
export interface Movement {
  process: string
  /** Mean of each minute. */
  rssByMinute: number[]
  rssMb: number
  rssSlope: number
  heapMb: number | null
  heapSlope: number | null
  descriptors: number
  /** At the end, with every call over, above the most that were open while calls went on. */
  descriptorsGrown: number
}

export class ProcessWatch {
  readonly #product: Product
  readonly #samples = new Map<string, Sample[]>()
  readonly #startedAt = performance.now()
  #timer: NodeJS.Timeout | null = null
  #sampling: Promise<void> = Promise.resolve()

  constructor(product: Product) {
    this.#product = product
  }

  start(everyMs: number): void {
    this.#timer = setInterval(() => { this.#sampling = this.sample() }, everyMs)
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#sampling
  }

  async sample(): Promise<void> {
    const atMs = performance.now() - this.#startedAt
    for (const name of SERVICES) {
      const pid = this.#product.pidOf(name)
      this.#keep(name, { atMs, rssMb: ownMemoryMb(pid), heapMb: await this.#heapOf(name), descriptors: descriptorsOf(pid) })
    }
    const { postgres } = this.#product.run()
    if (postgres === null) return
    const family = [postgres.pid, ...childrenOf(postgres.pid)]
    this.#keep('postgres', { atMs, rssMb: sum(family.map(ownMemoryMb)), heapMb: null, descriptors: sum(family.map(descriptorsOf)) })
  }

  /** @param warmUpMs is left out, from the first sample on. */
  movements(warmUpMs: number): Movement[] {
    return [...this.#samples].map(([process, all]) => {
      const samples = all.filter(({ atMs }) => atMs - (all[0]?.atMs ?? 0) >= warmUpMs)
      const heaps = samples.flatMap(({ atMs, heapMb }) => (heapMb === null ? [] : { x: atMs / 60_000, y: heapMb }))
      return {
        process, rssByMinute: byMinute(all), rssMb: meanOf(samples.map(({ rssMb }) => rssMb)), rssSlope: slopeOf(samples.map(({ atMs, rssMb }) => ({ x: atMs / 60_000, y: rssMb }))),
        heapMb: heaps.length === 0 ? null : meanOf(heaps.map(({ y }) => y)), heapSlope: heaps.length === 0 ? null : slopeOf(heaps),
        descriptors: samples.at(-1)?.descriptors ?? 0, descriptorsGrown: (all.at(-1)?.descriptors ?? 0) - Math.max(...samples.slice(0, -1).map(({ descriptors }) => descriptors)),
      }
    })
  }

  #keep(name: string, sample: Sample): void {
    this.#samples.set(name, [...(this.#samples.get(name) ?? []), sample])
  }

  async #heapOf(name: (typeof SERVICES)[number]): Promise<number | null> {
    const value = await metricOf(this.#product, name, 'nodejs_heap_size_used_bytes').catch(() => null)
    return value === null ? null : value / 2 ** 20
  }
}

/** A gauge of a service, by its own metrics; null where it has none, or shows them to nobody. */
export async function metricOf(product: Product, service: string, metric: string): Promise<number | null> {
  const address = product.told(service)[service]
  if (typeof address !== 'string') return null
  const text = await (await fetch(`${address}/metrics`)).text()
  const found = new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)
  return found === null ? null : Number(found[1])
}

function byMinute(samples: readonly Sample[]): number[] {
  const minutes = Map.groupBy(samples, ({ atMs }) => Math.floor(atMs / 60_000))
  return [...minutes.values()].map((each) => Math.round(meanOf(each.map(({ rssMb }) => rssMb))))
}

/** What a process wrote into itself: neither what PostgreSQL's processes share, nor pages of files, which the kernel takes and gives. */
function ownMemoryMb(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return Number(/^Private_Dirty:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1_024
  } catch {
    return 0 // it ended between two looks
  }
}

function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
