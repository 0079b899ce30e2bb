import type { Finding, SourceTree } from './source-tree.ts'

interface Entry {
  version?: string
  dev?: boolean
  engines?: Record<string, string>
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

export interface LockFile {
  packages: Record<string, Entry>
}

/** Packages for other platforms that a package asks for and the lock file leaves out: `npm ci` refuses those. */
export function absentPlatforms({ packages }: LockFile): { parent: string; name: string; version: string }[] {
  return Object.entries(packages).flatMap(([parent, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !packages[`${parent}/node_modules/${name}`] && !packages[`node_modules/${name}`])
      .map(([name, version]) => ({ parent, name, version })))
}

/** What would make `npm ci` of a fresh clone stop: a package.json the lock file does not know, or a platform left out. */
export function lockFile({ lock, packages }: SourceTree): Finding[] {
  if (!lock) return []
  const say = (message: string): Finding => ({ path: 'package-lock.json', line: 1, rule: 'lock-file', message })
  const stale = packages.filter(({ folder, wanted }) => JSON.stringify(wanted) !== JSON.stringify(wantedOf(lock.packages[folder] ?? {})))
  return [
    ...stale.map(({ folder }) => say(`${folder || '.'}/package.json has changed: run npm install`)),
    ...absentPlatforms(lock).map(({ name }) => say(`${name} has no entry: run npm start-up's \`loopline run tools/complete-lock.ts\``)),
  ]
}

/** Every dependency with its version, in one order. */
export function wantedOf({ dependencies, optionalDependencies, devDependencies }: Entry): [string, string][] {
  return Object.entries({ ...dependencies, ...optionalDependencies, ...devDependencies }).sort(([a], [b]) => (a < b ? -1 : 1))
}
