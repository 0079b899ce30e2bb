import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What a run of checks and tests came to. */
export interface Tally {
  passed: number
  failed: number
}

/** Runs one program in the project's folder, showing what it says. */
export async function runStep(name: string, [program, ...args]: readonly string[]): Promise<Tally> {
  const started = performance.now()
  console.log(`\n── ${name}`)
  const child = spawn(program as string, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' })
  const code = await new Promise((done) => child.once('exit', done).once('error', (error) => done(error.message)))
  return told(name, code, started)
}

const LAST_WORDS_MS = 1_000

/** As runStep, for programs that run beside others: what each says is shown when it has ended. */
export async function runStepAside(name: string, [program, ...args]: readonly string[]): Promise<Tally> {
  const started = performance.now()
  const child = spawn(program as string, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
  const closed = new Promise((done) => child.once('close', done))
  const code = await new Promise((done) => child.once('exit', done).once('error', (error) => done(error.message)))
  // A process that it left behind may hold its output open for ever.
  await Promise.race([closed, setTimeout(LAST_WORDS_MS, undefined, { ref: false })])
  console.log(`\n── ${name}`)
  process.stdout.write(Buffer.concat(said))
  return told(name, code, started)
}

function told(name: string, code: unknown, started: number): Tally {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(code === 0 ? `   ${name}: passed in ${seconds} s` : `   ${name}: FAILED (${String(code)}) after ${seconds} s`)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((total, one) => ({ passed: total.passed + one.passed, failed: total.failed + one.failed }), { passed: 0, failed: 0 })
}
