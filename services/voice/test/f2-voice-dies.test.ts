/** Fault F2, promise P7: voice dies under live calls, by kill -9 and by a bug in a signalling thread; its successor ends and tells. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import type { DialCommand, LineConfig } from '@loopline/contracts/voice-link'
import { connectDialer, lineTo, orderToNumber, type TestDialer } from './dialer-of-test.ts'
import { startSandbox, startVoiceProcess, until, type Sandbox, type VoiceProcess } from './processes.ts'

const keySet = newKeySet()
const keysText = JSON.stringify(keySet)
const keys = createKeyring(keySet)
/** Test numbers of the sandbox: answers at once and waits for our BYE; rings until we give up. */
const ANSWERS = '02'
const RINGS = '13'
const CALLS = 50

let sandbox: Sandbox
let folder: string
let line: LineConfig
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.kill())

/** Voice with fifty live calls: forty conversations, ten that ring. */
async function underLoad(): Promise<{ voice: VoiceProcess; dialer: TestDialer; orders: DialCommand[] }> {
  folder = mkdtempSync(join(tmpdir(), 'voice f2 '))
  line = lineTo(sandbox.sip)
  const voice = await startVoiceProcess(folder, keysText)
  const dialer = await connectDialer(voice.link, keys)
  dialer.send({ type: 'lines', lines: [line] })
  const orders = Array.from({ length: CALLS }, (_, index) => orderToNumber(index < 40 ? ANSWERS : RINGS, line, dialer.epoch, keys))
  dialer.send({ type: 'dial', calls: orders })
  await Promise.all(orders.map(({ attemptId }, index) => dialer.event(index < 40 ? 'answered' : 'ringing', attemptId)))
  expect(await sandbox.openCalls()).toBe(CALLS)
  return { voice, dialer, orders }
}

/** The successor starts at once, as the supervisor does it. @returns milliseconds from its start until the carrier holds no call. */
async function successorEndsAll(orders: DialCommand[]): Promise<number> {
  const started = performance.now()
  const starting = startVoiceProcess(folder, keysText)
  await until('the carrier holds no call', async () => (await sandbox.openCalls()) === 0, 10_000)
  const endedMs = performance.now() - started
  const successor = await starting
  const dialer = await connectDialer(successor.link, keys)
  expect(await dialer.message('recovered')).toMatchObject({ orphans: CALLS, whole: true })
  const results = await Promise.all(orders.map(async ({ attemptId }) => (await dialer.event('ended', attemptId)).result))
  expect(results.every(({ evidence }) => evidence.endedBy === 'crash')).toBe(true)
  expect(results.filter(({ answeredAt, evidence }) => answeredAt !== null && evidence.sipStatus === 200)).toHaveLength(40)
  expect(results.filter(({ ringingAt, answeredAt }) => ringingAt !== null && answeredAt === null)).toHaveLength(10)
  dialer.close()
  await successor.kill()
  return endedMs
}

/** Three seconds; on a machine so busy that loading the program alone takes more than two, one second above that. */
const allowedMs = ({ readyMs }: VoiceProcess): number => Math.max(3_000, readyMs + 1_000)

test('F2: kill -9 with 50 live calls: the carrier holds none within 3 s of the new start, and every end is told', async () => {
  const { voice, orders } = await underLoad()
  await voice.kill()
  const endedMs = await successorEndsAll(orders)
  console.log(`F2: ${CALLS} orphans ended ${Math.round(endedMs)} ms after the start of the successor; a start with nothing to end took ${Math.round(voice.readyMs)} ms`)
  expect(endedMs).toBeLessThan(allowedMs(voice))
  const ends = sandbox.ended()
  for (const { attemptId } of orders) expect(ends.get(`${attemptId}@loopline`)?.endedBy).toMatch(/^(caller|cancelled)$/)
}, 40_000)

test('F2: an exception in a signalling thread ends the process with 70, and the successor ends its calls', async () => {
  const { voice, orders } = await underLoad()
  voice.breakThread()
  expect(await voice.gone).toBe(70)
  expect(await successorEndsAll(orders)).toBeLessThan(allowedMs(voice))
}, 40_000)
