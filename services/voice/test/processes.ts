/**
 * The programs that fault tests break: voice, the sandbox carrier and our faulty wires, each a process of its own, because
 * a service may import neither sandbox nor interop, and because only a process can be frozen or killed.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const inProject = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

export interface Process {
  readonly pid: number
  /** Resolves with the exit code, or the signal's name. */
  readonly gone: Promise<number | string>
  kill(): Promise<void>
  freeze(): void
  thaw(): void
}

function processOf(child: ChildProcess): Process {
  const gone = new Promise<number | string>((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 0)))
  return {
    pid: child.pid ?? 0,
    gone,
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}

/** The first message of a child; rejects when it ends without one. */
function firstMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message))
    child.once('exit', (code) => reject(new Error(`ended with ${String(code)} before it was ready`)))
  })
}

export interface VoiceProcess extends Process {
  link: string
  /** From its start until it takes orders; orphans are ended by then. */
  readyMs: number
  /** An exception in a signalling thread, out of nowhere. */
  breakThread(): void
  /** The same in the recorder thread. */
  breakRecorder(): void
}

export async function startVoiceProcess(folder: string, keysText: string, settings: Record<string, string> = {}): Promise<VoiceProcess> {
  const started = performance.now()
  const child = fork(inProject('services/voice/test/voice-process.ts'), {
    env: { ...process.env, VOICE_DIR: folder, LOOPLINE_KEYS: keysText, LOG_LEVEL: 'silent', ...settings }, stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    // Runs in every thread before our code, and lets a test break one: nothing in the product knows of it.
    execArgv: ['--import', inProject('services/voice/test/breakable-thread.ts')],
  })
  const { link } = await firstMessage<{ link: string }>(child)
  return { ...processOf(child), link, readyMs: performance.now() - started, breakThread: () => void child.send({ breakThread: true }), breakRecorder: () => void child.send({ breakRecorder: true }) }
}

/** What the carrier's log says of one call. */
export interface CarrierRecord {
  callId: string
  finalStatus: number | null
  ackAt: number | null
  cancelAt: number | null
  byeAt: number | null
  endedBy: string | null
}

export interface Sandbox extends Process {
  /** host:port of its SIP socket. */
  sip: string
  openCalls(): Promise<number>
  calls(): Promise<number>
  misbehave(how: Record<string, number | boolean>): Promise<void>
  /** The calls that ended, by Call-ID. */
  ended(): Map<string, CarrierRecord>
}

export async function startSandbox(): Promise<Sandbox> {
  const log = join(mkdtempSync(join(tmpdir(), 'sandbox ')), 'calls.ndjson')
  const child = fork(inProject('sandbox/main.ts'), { env: { ...process.env, CARRIER_LOG: log, CARRIER_PROFILE: 'standard' } })
  const { told } = await firstMessage<{ told: { sip: string; control: string } }>(child)
  const ask = async <Answer>(path: string, how: RequestInit = {}): Promise<Answer> => (await (await fetch(`${told.control}${path}`, how)).json()) as Answer
  return {
    ...processOf(child),
    sip: told.sip,
    openCalls: async () => (await ask<{ open: number }>('/calls')).open,
    calls: async () => (await ask<{ calls: number }>('/stats')).calls,
    misbehave: async (how) => void (await ask('/misbehaviour', { method: 'PUT', body: JSON.stringify(how) })),
    ended() {
      const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as CarrierRecord & { event: string })
      return new Map(lines.filter((line) => line.event === 'end').map((line) => [line.callId, line]))
    },
  }
}

export interface Wire extends Process {
  /** host:port to use instead of the target's. */
  address: string
  change(faults: Record<string, number | boolean>): void
  /** Resets all TCP connections. */
  break(refuse: boolean): void
  counts(): Promise<Record<string, number>>
}

export interface WireOptions {
  target: string
  seed: number
  faults?: Record<string, number | boolean>
  onDatagram?: (direction: 'to-target' | 'to-client', text: string) => void
}

export async function startWire(kind: 'udp' | 'tcp', { target, seed, faults = {}, onDatagram }: WireOptions): Promise<Wire> {
  const child = fork(inProject('interop/faults/proxy-process.ts'), [kind, JSON.stringify({ target, seed, faults, watch: onDatagram !== undefined })])
  let onCounts: (counts: Record<string, number>) => void = () => undefined
  child.on('message', (message: { direction: 'to-target' | 'to-client'; text: string } | { counts: Record<string, number> } | { address: string }) => {
    if ('text' in message) onDatagram?.(message.direction, message.text)
    if ('counts' in message) onCounts(message.counts)
  })
  const { address } = await firstMessage<{ address: string }>(child)
  return {
    ...processOf(child), address,
    change: (changed) => void child.send({ faults: changed }),
    break: (refuse) => void child.send({ break: refuse }),
    counts: () => new Promise((resolve) => {
      onCounts = resolve
      child.send({ counts: true })
    }),
  }
}

/** Asks until the answer is good. @returns how long it took, ms. */
export async function until(what: string, ask: () => Promise<boolean> | boolean, withinMs: number): Promise<number> {
  const started = performance.now()
  while (!(await ask())) {
    if (performance.now() - started > withinMs) throw new Error(`${what} did not come true within ${withinMs} ms`)
    await new Promise((resolve) => { setTimeout(resolve, 20) })
  }
  return performance.now() - started
}
