/**
 * Decides when a child process lives: starts them together (each waits for its peers by itself, as it must after any
 * restart), restarts one that dies (with back-off, so that a broken one does not eat the machine), and stops them in the
 * reverse order of the list (OTP). It knows nothing of what they do.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readFileSync } from 'node:fs'

export interface ChildSpec {
  name: string
  command: string
  args: string[]
  env: Record<string, string>
  /** Milliseconds a start may take until the child says `{ ready: true }` over IPC. */
  startTimeoutMs: number
  /** Milliseconds a polite stop may take before it is killed. */
  stopTimeoutMs: number
  /** File to which standard error is appended; without it ours is shared. */
  errorFile?: string
}

/** The first start of a child failed. `portTaken`: somebody else has a port that was chosen for it. */
export class ChildStartError extends Error {
  readonly portTaken: boolean
  constructor(name: string, why: string, portTaken: boolean) {
    super(`${name} ${why}`)
    this.portTaken = portTaken
  }
}

/** How a child says that a port of its is taken (Linux' own number for it): with others it may start. */
export const PORT_TAKEN_EXIT = 98

export interface ChildStatus {
  name: string
  pid: number | null
  state: 'starting' | 'ready' | 'waiting' | 'stopped'
  restarts: number
  /** What the child told when it became ready, e.g. its address. */
  told: Record<string, unknown>
}

export interface SupervisorLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** A child that ran this long is healthy again: its next restart is immediate. */
const HEALTHY_AFTER_MS = 10_000
const BACK_OFF_MS = [0, 200, 500, 1_000, 2_000]

class Child {
  readonly status: ChildStatus
  readonly #spec: ChildSpec
  readonly #log: SupervisorLog
  readonly #onChange: () => void
  #process: ChildProcess | null = null
  #stopping = false
  #failures = 0
  #startedAt = 0
  #restart: NodeJS.Timeout | null = null
  #name = ''

  constructor(spec: ChildSpec, log: SupervisorLog, onChange: () => void) {
    this.#spec = spec
    this.#log = log
    this.#onChange = onChange
    this.status = { name: spec.name, pid: null, state: 'stopped', restarts: 0, told: {} }
  }

  /** Resolves when the child says that it is ready; rejects when its first start dies or takes too long. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => {
        this.#stopping = true
        this.#process?.kill('SIGKILL')
        reject(new ChildStartError(this.#spec.name, `was not ready within ${this.#spec.startTimeoutMs} ms`, false))
      }, this.#spec.startTimeoutMs)
      this.#spawn(
        () => { clearTimeout(timeout); resolve() },
        (why, portTaken) => { clearTimeout(timeout); this.#stopping = true; reject(new ChildStartError(this.#spec.name, why, portTaken)) },
      )
    })
  }

  #spawn(onReady: () => void, onEarlyExit: (why: string, portTaken: boolean) => void): void {
    const child = this.#launch()
    this.#process = child
    this.#startedAt = Date.now()
    this.#change({ pid: child.pid ?? null, state: 'starting' })
    let ready = false
    child.on('message', (message: { ready?: boolean; told?: Record<string, unknown> }) => {
      if (message.ready !== true) return
      ready = true
      this.#change({ state: 'ready', told: message.told ?? {} })
      onReady()
    })
    child.on('error', (error) => this.#log.warn({ child: this.#spec.name, error: error.message }, 'child error'))
    child.on('exit', (code, signal) => {
      const why = `ended with ${signal ?? `code ${String(code)}`}`
      this.#process = null
      this.#change({ pid: null, state: 'stopped' })
      if (this.#stopping) return
      if (!ready && this.status.restarts === 0) return onEarlyExit(`${why}${lastWords(this.#spec.errorFile)}`, code === PORT_TAKEN_EXIT)
      this.#log.warn({ child: this.#spec.name, code, signal }, `${this.#spec.name} ${why} and is started again`)
      this.#restartLater()
    })
  }

  /** Each process has a name, and is told that of the one before it: that one has ended, so what it held may be taken at once. */
  #launch(): ChildProcess {
    const { command, args, env, errorFile } = this.#spec
    const errors = errorFile === undefined ? null : openSync(errorFile, 'a', 0o600)
    // Detached from the terminal's process group: a Ctrl-C reaches us alone, and we stop them in order.
    const [name, before] = [randomUUID(), this.#name]
    this.#name = name
    const child = spawn(command, args, { env: { ...process.env, ...env, PROCESS_NAME: name, PROCESS_BEFORE: before }, stdio: ['ignore', 'inherit', errors ?? 'inherit', 'ipc'], detached: true })
    if (errors !== null) closeSync(errors)
    return child
  }

  #restartLater(): void {
    const lived = Date.now() - this.#startedAt
    this.#failures = lived > HEALTHY_AFTER_MS ? 0 : this.#failures + 1
    const delay = BACK_OFF_MS[Math.min(this.#failures, BACK_OFF_MS.length - 1)] as number
    this.#change({ state: 'waiting', restarts: this.status.restarts + 1 })
    this.#restart = setTimeout(() => this.#spawn(() => undefined, () => undefined), delay)
  }

  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#restart) clearTimeout(this.#restart)
    const child = this.#process
    if (!child) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), this.#spec.stopTimeoutMs)
    await ended
    clearTimeout(hard)
  }

  #change(to: Partial<ChildStatus>): void {
    Object.assign(this.status, to)
    this.#onChange()
  }
}

/** What a child that could not start said to a person, behind the lines of its log: a setting that is wrong, say. */
function lastWords(errorFile: string | undefined): string {
  if (errorFile === undefined) return ''
  const lines = readFileSync(errorFile, 'utf8').trimEnd().split('\n')
  const words = lines.slice(lines.findLastIndex((line) => line.startsWith('{')) + 1)
  return words.length === 0 || words.join('') === '' ? `; its log says why: ${errorFile}` : `:\n${words.join('\n')}`
}

export interface Supervisor {
  children(): ChildStatus[]
  stop(): Promise<void>
}

/** Starts every child and resolves when all are ready; when one cannot start, the others are stopped. */
export async function supervise(specs: ChildSpec[], log: SupervisorLog, onChange: (children: ChildStatus[]) => void): Promise<Supervisor> {
  const children: Child[] = []
  const statuses = (): ChildStatus[] => children.map((child) => ({ ...child.status }))
  const stop = async (): Promise<void> => {
    for (const child of [...children].reverse()) await child.stop()
  }
  for (const spec of specs) children.push(new Child(spec, log, () => onChange(statuses())))
  try {
    await Promise.all(children.map((child) => child.start()))
  } catch (error) {
    await stop()
    throw error
  }
  return { children: statuses, stop }
}
