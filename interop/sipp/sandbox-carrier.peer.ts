/**
 * The sandbox carrier against callers that we did not write: sipp places calls to its test numbers, and both sides must
 * agree on how each ended. Needs sipp; `npm test` runs it where that is installed.
 */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Scenario, number, calls, calls a second, and the final status the carrier must have counted for all of them. */
const CASES = [
  { scenario: 'uac.xml', number: '+8613900000002', calls: 200, rate: 100, status: '200', what: 'answered at once, the caller hangs up' },
  { scenario: 'uac-callee-bye.xml', number: '+8613900000004', calls: 100, rate: 50, status: '200', what: 'the callee hangs up' },
  { scenario: 'uac-busy.xml', number: '+8613900000010', calls: 100, rate: 50, status: '486', what: 'busy' },
  { scenario: 'uac-cancel.xml', number: '+8613900000013', calls: 100, rate: 50, status: '487', what: 'cancelled while ringing' },
] as const

interface Statistics {
  calls: number
  open: number
  inviteRetransmissions: number
  malformed: number
  byStatus: Record<string, number>
}

const carrier = spawn(process.execPath, [inProject('sandbox/main.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
const [line] = (await once(carrier.stdout, 'data')) as [Buffer]
const { sip, control } = JSON.parse(line.toString()) as { sip: string; control: string }

try {
  for (const { scenario, number, calls, rate, status, what } of CASES) {
    const before = await statistics()
    await promisify(execFile)('sipp', [
      sip, '-sf', inProject(`interop/sipp/${scenario}`), '-s', number, '-i', '127.0.0.1', '-r', `${rate}`, '-m', `${calls}`, '-d', '100',
      '-nostdin', '-timeout', '60', '-timeout_error',
    ], { maxBuffer: 64 << 20 }).catch((failure: unknown) => assert.fail(`${what}: sipp saw something else: ${String(failure)}`))
    const after = await statistics()
    assert.equal(after.calls - before.calls, calls, `${what}: calls`)
    assert.equal((after.byStatus[status] ?? 0) - (before.byStatus[status] ?? 0), calls, `${what}: finals ${status}`)
    assert.equal(after.open, 0, `${what}: calls left open`)
    assert.equal(after.malformed, 0, `${what}: unreadable datagrams`)
    console.log(`ok ${calls} calls: ${what}`)
  }
} finally {
  const gone = once(carrier, 'exit')
  carrier.kill('SIGTERM')
  await gone
}

async function statistics(): Promise<Statistics> {
  return (await (await fetch(`${control}/stats`)).json()) as Statistics
}
