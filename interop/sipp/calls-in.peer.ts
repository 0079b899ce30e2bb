/**
 * Calls to a caller ID by a caller that we did not write: sipp is the carrier of a line and hands calls in, through a whole
 * product with nobody on duty. Each rings, is answered by the fallback, and is hung up on when that was played; a
 * number that is not ours is refused. Needs sipp; `npm test` runs it where that is installed.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { eventually, startProduct } from '../product.ts'

const CALLS = 20
const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => { socket.bind(0, '127.0.0.1', () => resolve()) })
  const { port } = socket.address()
  await new Promise<void>((resolve) => { socket.close(() => resolve()) })
  return port
}

interface Attempt {
  direction: string
  outcome: string | null
  outcomeReason: string | null
  lineName: string
}

const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', CALLEE_CLOCK: '10:12' } })
try {
  const admin = await product.signIn('admin')
  const [ours, theirs] = [await freeUdpPort(), await freeUdpPort()]
  await admin.post('/api/dialer/lines', {
    name: 'sipp', type: 'pstn', remote: `127.0.0.1:${theirs}`, local: `127.0.0.1:${ours}`, callerIds: ['+862055550000'], maxConcurrent: 50, maxPerSecond: 50, sandbox: true, probe: false,
  })
  const { items: lines } = await eventually('the line is open', () => admin.get<{ items: { name: string; state: string }[] }>('/api/dialer/lines'), ({ items }) => items.some(({ name, state }) => name === 'sipp' && state === 'up'))
  assert(lines.length > 0)
  const sipp = (scenario: string, number: string, calls: number): Promise<unknown> => promisify(execFile)('sipp', [
    `127.0.0.1:${ours}`, '-sf', inProject(`interop/sipp/${scenario}`), '-s', number, '-i', '127.0.0.1', '-p', `${theirs}`, '-r', '5', '-m', `${calls}`, '-nostdin', '-timeout', '120', '-timeout_error',
  ], { maxBuffer: 64 << 20 }).catch((failure: unknown) => assert.fail(`sipp saw something else: ${String(failure)}`))
  const missed = async (): Promise<Attempt[]> => {
    const { items } = await admin.get<{ items: Attempt[] }>('/api/dialer/attempts?limit=100')
    return items.filter(({ lineName, outcome }) => lineName === 'sipp' && outcome !== null)
  }

  await sipp('uac-callee-bye.xml', '02055550000', CALLS)
  const calls = await eventually('each call is written down with its end', missed, (items) => items.length === CALLS)
  assert(calls.every(({ direction, outcome, outcomeReason }) => direction === 'inbound' && outcome === 'abandoned' && outcomeReason === 'nobody-came'), JSON.stringify(calls[0]))
  console.log(`ok ${CALLS} calls came in over sipp, rang, heard the fallback, were hung up on, and are written down as missed`)

  await sipp('uac-not-found.xml', '075512345678', 5)
  assert.equal((await missed()).length, CALLS)
  console.log('ok a number that is not ours is refused with 404, and nothing is written down')
} catch (error) {
  console.error(product.output())
  throw error
} finally {
  await product.drop()
}
