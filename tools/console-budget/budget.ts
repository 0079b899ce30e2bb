import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What the console may weigh (console.md, Manners): JavaScript over the wire, gzipped, 1 kB = 1,024 bytes. */
export const FIRST_LOAD_MAX_KB = 300
export const ROUTE_MAX_KB = 200

/** As much of vite's manifest as weighing needs. */
export interface Chunk {
  file: string
  isEntry?: boolean
  isDynamicEntry?: boolean
  /** Keys of chunks that are loaded before this one runs. */
  imports?: string[]
}

export interface Weights {
  /** The page before any place is opened: sign-in and the frame. */
  firstLoadKb: number
  /** What each place adds to it, the heaviest first. */
  routes: { name: string; kb: number }[]
}

const WORDS = /i18n\/(zh|en)\.ts$/

/** Weighs a built console. `sizeOf` gives the gzipped bytes of a file of the build. */
export function weigh(manifest: Readonly<Record<string, Chunk>>, sizeOf: (file: string) => number): Weights {
  const entries = Object.keys(manifest).filter((key) => manifest[key]?.isEntry)
  const first = closure(manifest, entries)
  const kb = (keys: Iterable<string>): number => [...new Set([...keys].map((key) => manifest[key]?.file ?? ''))].filter((file) => file.endsWith('.js')).reduce((sum, file) => sum + sizeOf(file), 0) / 1_024
  const later = Object.keys(manifest).filter((key) => manifest[key]?.isDynamicEntry)
  // One language is always loaded; the heaviest counts.
  const words = Math.max(0, ...later.filter((key) => WORDS.test(key)).map((key) => kb([key])))
  const routes = later.filter((key) => !WORDS.test(key))
    .map((key) => ({ name: key.replace(/^src\//, ''), kb: kb([...closure(manifest, [key])].filter((other) => !first.has(other))) }))
  return { firstLoadKb: kb(first) + words, routes: routes.sort((a, b) => b.kb - a.kb) }
}

function closure(manifest: Readonly<Record<string, Chunk>>, keys: readonly string[]): Set<string> {
  const seen = new Set<string>()
  const visit = (key: string): void => {
    if (seen.has(key)) return
    seen.add(key)
    for (const other of manifest[key]?.imports ?? []) visit(other)
  }
  keys.forEach(visit)
  return seen
}

/** What is too heavy, in words; empty when all is within the budget. */
export function overweight({ firstLoadKb, routes }: Weights): string[] {
  const heavy = routes.filter(({ kb }) => kb > ROUTE_MAX_KB).map(({ name, kb }) => `${name}: ${kb.toFixed(1)} kB of ${ROUTE_MAX_KB}`)
  return firstLoadKb > FIRST_LOAD_MAX_KB ? [`first load: ${firstLoadKb.toFixed(1)} kB of ${FIRST_LOAD_MAX_KB}`, ...heavy] : heavy
}

/** The weights of the console built in this folder. */
export function weightsOf(dist: string): Weights {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>
  return weigh(manifest, (file) => gzipSync(readFileSync(join(dist, file))).length)
}
