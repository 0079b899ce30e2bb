import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { wantedOf } from './lock-file.ts'
import type { LockFile } from './lock-file.ts'
import { scan } from './scan.ts'
import type { Scan } from './scan.ts'

export interface SourceFile extends Scan {
  /** From the project's folder, with slashes. */
  path: string
  text: string
}

/** A workspace: `folder` is '' for the root. */
export interface Package {
  name: string
  folder: string
  /** What its files may import. */
  dependencies: ReadonlySet<string>
  devDependencies: ReadonlySet<string>
  /** All of them with their versions, in one order. */
  wanted: [string, string][]
}

export interface SourceTree {
  files: SourceFile[]
  packages: Package[]
  lock?: LockFile
}

/** A broken rule, said so that the reader knows what to write instead. */
export interface Finding {
  path: string
  line: number
  rule: string
  message: string
}

export type Rule = (tree: SourceTree) => Finding[]

const LOOKED_AT = /\.(ts|tsx|mjs|sql)$|(^|\/)package(-lock)?\.json$/

/** Every file git knows or would add. */
export function readTree(root: string): SourceTree {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  const paths = listed.split('\0').filter((path) => LOOKED_AT.test(path))
  const entries = paths.flatMap((path) => {
    try {
      return [{ path, text: readFileSync(join(root, path), 'utf8') }]
    } catch {
      return [] // deleted but still listed
    }
  })
  return treeOf(entries)
}

/** A tree from texts: what tests of rules use. */
export function treeOf(entries: { path: string; text: string }[]): SourceTree {
  const manifests = entries.filter(({ path }) => path.endsWith('package.json'))
  const sources = entries.filter(({ path }) => !path.endsWith('.json'))
  const lock = entries.find(({ path }) => path === 'package-lock.json')
  return {
    ...(lock ? { lock: JSON.parse(lock.text) as LockFile } : {}),
    packages: manifests.map(({ path, text }) => packageOf(path, text)),
    files: sources.map(({ path, text }) => ({ path, text, ...(path.endsWith('.sql') ? { code: text, uncommented: text, templates: [] } : scan(text)) })),
  }
}

/** The workspace a file belongs to: the nearest one above it. */
export function packageAt(tree: SourceTree, path: string): Package | undefined {
  const above = tree.packages.filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`))
  return above.sort((a, b) => b.folder.length - a.folder.length)[0]
}

export function isTest(path: string): boolean {
  return /\.(test|bench)\.tsx?$|(^|\/)test(-[a-z-]+)?\.ts$|\/test\/|(^|\/)test-[a-z-]+\.ts$|vitest\.config\.ts$/.test(path)
}

/** Findings for each match of a pattern in one view of a file. */
export function matches(file: SourceFile, view: string, pattern: RegExp, rule: string, message: (match: RegExpMatchArray) => string): Finding[] {
  return [...view.matchAll(pattern)].map((match) => ({
    path: file.path, line: lineAt(view, match.index), rule, message: message(match),
  }))
}

/** The line of a position, from 1. */
export function lineAt(text: string, index: number | undefined): number {
  return text.slice(0, index).split('\n').length
}

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

function packageOf(path: string, text: string): Package {
  const manifest = JSON.parse(text) as Manifest
  const folder = dirname(path)
  return {
    name: manifest.name,
    folder: folder === '.' ? '' : folder,
    dependencies: new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
    wanted: wantedOf(manifest),
  }
}
