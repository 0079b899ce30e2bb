#!/usr/bin/env node
// Starts the product from any Node >= 20: installs what is missing, finds Node 24, and runs the command on it.
// Plain JavaScript without dependencies, for it runs before either exists.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 24
const BOOTSTRAP_MAJOR = 20
/** The same signal again within this time is the same wish. */
const ECHO_MS = 500
const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))

const USAGE = `loopline demo               everything on this machine, with a sandbox carrier and synthetic customers
loopline start              everything on this machine, empty, without default passwords
                            either with --lan: for others in its network too, by https
loopline serve SERVICE      one service alone: hub, crm, dialer or voice
loopline recordings verify  holds every recording against its hash chain
loopline backup FOLDER      everything as of one instant, without the keys
loopline restore FOLDER     a backup into a new installation
loopline migrate            brings the database to this version
loopline test [FILTER …]    checks and tests; with a filter only the matching tests
loopline run FILE [ARG …]   a program of the project, such as bench/loop.ts`

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`loopline: ${error.message}`)
  process.exitCode = 1
}

async function main([command, ...rest]) {
  if (!command || command === 'help' || command === '--help') {
    console.log(USAGE)
    return command ? 0 : 2
  }
  if (major(process.version) < BOOTSTRAP_MAJOR) throw new Error(`Node ${BOOTSTRAP_MAJOR} or newer is needed to begin; this is ${process.version}.`)
  if (!isInstalled()) await install()
  return run(findNode(), programOf(command, rest))
}

/** The program and its arguments. Whatever is no development command is the server's to understand. */
function programOf(command, rest) {
  if (command === 'test') return { args: [join(root, 'tools/test.ts'), ...rest], cwd: root }
  if (command !== 'run') return { args: [join(root, 'apps/server/main.ts'), command, ...rest] }
  const [file, ...others] = rest
  if (!file) throw new Error('run needs a FILE of the project, such as bench/loop.ts')
  return { args: [resolve(root, file), ...others] }
}

/**
 * Whether node_modules holds what package-lock.json says. npm writes its own list last, so a broken-off install has
 * none. Packages for other platforms are optional and may be absent.
 */
function isInstalled() {
  try {
    const wanted = packagesOf('package-lock.json')
    const found = packagesOf('node_modules/.package-lock.json')
    return Object.entries(wanted).every(([path, entry]) => {
      if (!path.includes('node_modules/') || entry.optional || entry.devOptional) return true
      return entry.link ? existsSync(join(root, path)) : found[path]?.version === entry.version
    })
  } catch {
    return false
  }
}

function packagesOf(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8')).packages
}

/** `npm ci` without install scripts: nothing of ours needs them, and nothing of others' may run. */
async function install() {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  console.log('Installing dependencies (once; about a minute) …')
  const progress = setInterval(() => console.log(`  … still installing, ${seconds()} s`), 15_000)
  const [program, ...args] = npm()
  const options = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const child = spawn(program, [...args, ...options], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' && args.length === 0 })
  const code = await new Promise((done, fail) => child.once('exit', done).once('error', fail)).finally(() => clearInterval(progress))
  if (code !== 0) throw new Error('npm could not install the dependencies; its message is above. Run the command again when the cause is mended.')
  console.log(`Installed in ${seconds()} s.`)
}

/** The npm that started us, else the one beside this Node, else any. */
function npm() {
  const given = process.env.npm_execpath
  if (given?.endsWith('.js') && given.includes('npm')) return [process.execPath, given]
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  return existsSync(beside) ? [process.execPath, beside] : ['npm']
}

/** Node 24: the pinned one npm installed for this platform, else this process's own if it is new enough. */
function findNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const pinned = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', platform === 'win' ? 'node.exe' : 'node')
  // Asked, not believed: on a system with another C library the file is there and does not start.
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned
  if (major(process.version) >= NODE_MAJOR) return process.execPath
  throw new Error(`Node ${NODE_MAJOR} is needed and npm has none for ${process.platform}-${process.arch}: install it from https://nodejs.org and run the command again.`)
}

function major(version) {
  return Number(version.slice(1).split('.')[0])
}

/**
 * Runs a program in a process group of its own, so that a signal reaches it once and only through us: a terminal sends
 * Ctrl-C to the whole group and npm repeats it to its child. If we are killed, the channel closes and it leaves too.
 */
function run(node, { args, cwd }) {
  const paths = [dirname(node), join(root, 'node_modules/.bin'), process.env.PATH ?? '']
  const env = { ...process.env, PATH: paths.join(delimiter), NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/compile') }
  const leave = new URL('leave-with-parent.mjs', import.meta.url).href
  const child = spawn(node, ['--import', leave, ...args], { cwd, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: process.platform !== 'win32', windowsHide: true })
  forwardSignals(child)
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code, signal) => done(signal ? endBy(signal) : code))
  })
}

function forwardSignals(child) {
  const last = new Map()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const now = Date.now()
      if (now - (last.get(signal) ?? 0) > ECHO_MS) child.kill(signal)
      last.set(signal, now)
    })
  }
}

/** Ends as the child did, so that whoever started us sees the same. */
function endBy(signal) {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  return 128
}
