/** Decides whether the console must be built: when there is none, or its sources are not those it was built from. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const CONSOLE = join(PROJECT, 'apps', 'console')
const DIST = join(CONSOLE, 'dist')
const STAMP = '.built-from'
/** What the bundle is made of; the lock file stands for every dependency. */
const SOURCES = ['apps/console/src', 'apps/console/public', 'apps/console/index.html', 'apps/console/vite.config.ts', 'contracts', 'vocabulary', 'package-lock.json']

/** The folder of the built console; builds it first when needed (about 20 s on 2 cores). */
export async function builtConsole(say: (text: string) => void): Promise<string> {
  const wanted = fingerprint()
  if (builtFrom() === wanted) return DIST
  say('Building the console (once) …')
  // Beside and renamed: two starts at the same instant build twice, and neither serves half of the other's.
  const beside = join(CONSOLE, `dist.${process.pid}`)
  await runVite(beside)
  writeFileSync(join(beside, STAMP), wanted)
  rmSync(DIST, { recursive: true, force: true })
  try {
    renameSync(beside, DIST)
  } catch (error) {
    rmSync(beside, { recursive: true, force: true })
    if (builtFrom() !== wanted) throw error
  }
  return DIST
}

function builtFrom(): string | null {
  try {
    return readFileSync(join(DIST, STAMP), 'utf8')
  } catch {
    return null
  }
}

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap((source) => filesOf(join(PROJECT, source))).sort()) {
    hash.update(relative(PROJECT, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name.endsWith('.test.ts')) return []
    return filesOf(join(path, entry.name))
  })
}

function runVite(outDir: string): Promise<void> {
  const vite = join(PROJECT, 'node_modules', 'vite', 'bin', 'vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn', '--outDir', outDir, '--emptyOutDir'], { cwd: CONSOLE, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the console could not be built:\n${complaints}`))))
  })
}
