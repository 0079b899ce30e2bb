/** Watches what processes hold while they work: memory, heap, descriptors; and tells how it moved. Linux only (/proc). */
import { readdirSync, readFileSync } from 'node:fs'
import type { Product } from '@loopline/interop/product'
import { Inspector } from './inspector.ts'
import { meanOf, slopeOf } from './slope.ts'

/** What processes must be started with to be watched. */
export const WATCHED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' }

const SERVICES = ['hub', 'crm', 'dialer', 'voice'] as const

interface Sample {
  atMs: number
  rssMb: number
  /** In use over all threads, garbage collected; null for what is no Node process. */
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
  readonly #inspectors: ReadonlyMap<number, Inspector>
  readonly #samples = new Map<string, Sample[]>()
  readonly #startedAt = performance.now()
  #timer: NodeJS.Timeout | null = null
  #sampling: Promise<void> = Promise.resolve()

  private constructor(product: Product, inspectors: readonly Inspector[]) {
    this.#product = product
    this.#inspectors = new Map(inspectors.map((inspector) => [inspector.pid, inspector]))
  }

  /** @param product whose processes were started with WATCHED. */
  static async open(product: Product): Promise<ProcessWatch> {
    return new ProcessWatch(product, await Inspector.openAll(product.output()))
  }

  start(everyMs: number): void {
    this.#timer = setInterval(() => { this.#sampling = this.#sampling.then(() => this.sample()) }, everyMs)
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#sampling
  }

  close(): void {
    for (const inspector of this.#inspectors.values()) inspector.close()
  }

  async sample(): Promise<void> {
    const atMs = performance.now() - this.#startedAt
    for (const name of SERVICES) {
      const pid = this.#product.pidOf(name)
      const heapMb = (await this.#inspectors.get(pid)?.heapMb()) ?? null
      this.#keep(name, { atMs, rssMb: ownMemoryMb(pid), heapMb, descriptors: descriptorsOf(pid) })
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
