/**
 * A whole Loopline as a person starts it, for tests and benches: the `loopline` command in a folder of its own, spoken
 * to through its one address. Nothing in here reaches into the product's code.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('..', import.meta.url))

export interface ChildStatus {
  name: string
  pid: number | null
  state: 'starting' | 'ready' | 'waiting' | 'stopped'
  restarts: number
  told: Record<string, unknown>
}

/** What `run.json` in the installation's folder says. */
export interface RunFile {
  supervisor: number
  address: string
  children: ChildStatus[]
  postgres: { pid: number; port: number } | null
}

export interface Product {
  home: string
  address: string
  /** The living processes, read anew at each call. */
  run(): RunFile
  pidOf(child: string): number
  /** What a process told when it became ready, e.g. `told('sandbox').control`. */
  told(child: string): Record<string, unknown>
  /** What the product printed so far. */
  output(): string
  /** A session of one of the demo's people. */
  signIn(username: string, password?: string): Promise<Session>
  /** Requests by an API key. */
  withKey(key: string): Session
  /** Ctrl-C, and waits until it is gone. */
  stop(): Promise<number | null>
  /** Stops it and removes its folder. */
  drop(): Promise<void>
}

export interface ProductOptions {
  command?: 'demo' | 'start'
  /** Options of the command, such as `--lan`. */
  options?: readonly string[]
  env?: Record<string, string>
  /** An existing folder to start in; otherwise a new one is made. */
  home?: string
  /** Nobody looks at the console: an empty page stands in for it, so that none is built. */
  withoutConsole?: boolean
  /** Milliseconds until the address must be printed. */
  timeoutMs?: number
}

/** Passwords of the demo's people, as the demo prints them. */
export const DEMO_PASSWORD = 'loopline-demo'

export async function startProduct({ command = 'demo', options = [], env = {}, home, withoutConsole = false, timeoutMs = 120_000 }: ProductOptions = {}): Promise<Product> {
  const folder = home ?? newFolder()
  const child = spawn(process.execPath, [join(PROJECT, 'bin', 'loopline.mjs'), command, ...options], {
    cwd: tmpdir(),
    // Every line with its stack, for whoever reads what a failed run printed.
    env: { ...process.env, LOG_LEVEL: 'warn', LOG_FORMAT: 'json', PORT: String(await freePort()), DEMO_CALL_BACK_PERCENT: '0', ...(withoutConsole ? { CONSOLE_DIR: emptyConsole(folder) } : {}), ...env, LOOPLINE_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const collect = (chunk: Buffer): void => {
    output += chunk.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  await started(child, () => output, timeoutMs)
  const run = (): RunFile => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunFile
  const { address } = run()
  const stop = async (): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
    child.kill('SIGINT')
    return gone
  }
  return {
    home: folder,
    address,
    run,
    output: () => output,
    stop,
    pidOf(name) {
      const pid = run().children.find((status) => status.name === name)?.pid
      if (pid === null || pid === undefined) throw new Error(`${name} is not running`)
      return pid
    },
    told(name) {
      const status = run().children.find((child) => child.name === name)
      if (!status) throw new Error(`there is no ${name}`)
      return status.told
    },
    signIn: (username, password = DEMO_PASSWORD) => signIn(address, username, password),
    withKey: (key) => new Session(address, { authorization: `Bearer ${key}` }),
    async drop() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Several products may start at once here, and would all prefer the same port. Drawn by lot from below the ports of
 * outgoing connections, of which the product opens many before it listens.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const probe = createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => { probe.close(() => resolve(true)) })
    if (await promise) return port
  }
}

/** As a person's folder would be: others may pass through, or PostgreSQL, which runs as another user than root, could not. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loopline product '))
  chmodSync(folder, 0o755)
  return folder
}

function emptyConsole(home: string): string {
  const folder = join(home, 'no console')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'index.html'), '')
  return folder
}

/** The line that ends every start: scripts and tests wait for it, people read it. */
const READY_LINE = /Loopline is ready/

function started(child: ChildProcess, output: () => string, timeoutMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fail = (why: string): void => reject(new Error(`${why}; it printed:\n${output()}`))
  const onExit = (code: number | null, signal: string | null): void => fail(`the product ended with ${signal ?? String(code)}`)
  const onOutput = (): void => {
    if (READY_LINE.test(output())) resolve()
  }
  const timer = setTimeout(() => {
    child.kill('SIGKILL')
    fail(`the product was not ready within ${timeoutMs} ms`)
  }, timeoutMs)
  child.once('exit', onExit)
  child.stdout?.on('data', onOutput)
  return promise.finally(() => {
    clearTimeout(timer)
    child.off('exit', onExit)
    child.stdout?.off('data', onOutput)
  })
}

/** Requests as one signed-in person, or by a key. */
export class Session {
  readonly address: string
  readonly #credential: Readonly<Record<string, string>>
  constructor(address: string, credential: Readonly<Record<string, string>>) {
    this.address = address
    this.#credential = credential
  }

  /** @throws RefusedError for any status but 2xx. */
  async call<Answer = unknown>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.raw(method, path, body)
    const text = await response.text()
    if (!response.ok) throw new RefusedError(method, path, response.status, text)
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }

  raw(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { ...this.#credential, origin: this.address }
    const form = body instanceof FormData
    if (body !== undefined && !form) headers['content-type'] = 'application/json'
    return fetch(`${this.address}${path}`, {
      method, headers, ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
  }

  get<Answer = unknown>(path: string): Promise<Answer> {
    return this.call<Answer>('GET', path)
  }
  post<Answer = unknown>(path: string, body: unknown = {}): Promise<Answer> {
    return this.call<Answer>('POST', path, body)
  }
}

export class RefusedError extends Error {
  readonly status: number
  readonly body: string
  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} answered ${status}: ${body}`)
    this.status = status
    this.body = body
  }
}

async function signIn(address: string, username: string, password: string): Promise<Session> {
  const response = await fetch(`${address}/api/auth/sign-in/username`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ username, password }),
  })
  if (!response.ok) throw new RefusedError('POST', '/api/auth/sign-in/username', response.status, await response.text())
  const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
  return new Session(address, { cookie })
}

/** Asks again and again, without sleeping longer than needed, until the answer satisfies; fails loudly when it never does. */
export async function eventually<T>(what: string, ask: () => Promise<T>, good: (answer: T) => boolean, timeoutMs = 20_000): Promise<T> {
  const until = Date.now() + timeoutMs
  for (let last: unknown; ; ) {
    try {
      const answer = await ask()
      if (good(answer)) return answer
      last = answer
    } catch (error) {
      last = error
    }
    if (Date.now() > until) throw new Error(`${what} did not come true within ${timeoutMs} ms; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
