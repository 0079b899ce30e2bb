/**
 * Fault F22: the carrier vanishes, freezes, answers 503, or says 100 and then nothing. The line is down within ten seconds
 * and comes back by itself; every call is told. A status of null that timed out, and 503, are `line-failed` in engines/outcome.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { silentLogger } from '@loopline/telemetry/logger'
import type { DialCommand, LineConfig } from '@loopline/contracts/voice-link'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, orderToNumber, type TestDialer } from './dialer-of-test.ts'
import { startSandbox, until, type Sandbox } from './processes.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
const NAMES = ['gone', 'frozen', 'overloaded', 'mute', 'deaf'] as const
type Name = (typeof NAMES)[number]

/** Timer B and Timer F of RFC 3261 §17.1, 64 × T1. */
const TRANSACTION_MS = 32_000
const DOWN_WITHIN_MS = 10_000

let voice: Voice
let dialer: TestDialer
const carriers = {} as Record<Name, { sandbox: Sandbox; line: LineConfig }>

beforeAll(async () => {
  const config = readConfig({ VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice f22 ')), LOG_LEVEL: 'silent' })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
  for (const name of NAMES) {
    const sandbox = await startSandbox()
    carriers[name] = { sandbox, line: lineTo(sandbox.sip, { name }) }
  }
  dialer.send({ type: 'lines', lines: NAMES.map((name) => carriers[name].line) })
})
afterAll(async () => {
  dialer.close()
  await voice.stop()
  await Promise.all(NAMES.map((name) => carriers[name].sandbox.kill()))
})

function dial(name: Name, number: string, change: Partial<DialCommand> = {}): DialCommand {
  const order = orderToNumber(number, carriers[name].line, dialer.epoch, keys, change)
  dialer.send({ type: 'dial', calls: [order] })
  return order
}

/** Waits for news of the line's state. @returns how long that took, ms. */
async function becomes(name: Name, state: 'up' | 'down'): Promise<number> {
  const { lineId } = carriers[name].line
  const [started, told] = [performance.now(), dialer.messages.length]
  await dialer.first((messages) => messages.slice(told).find((each) => each.type === 'line-state' && each.lineId === lineId && each.state === state))
  return performance.now() - started
}

/** A call proves that the line works. */
async function works(name: Name): Promise<void> {
  const { attemptId } = dial(name, '04')
  expect((await dialer.event('ended', attemptId)).result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'callee' })
}

const unanswered = { sipStatus: null, q850: null, endedBy: 'timeout' }

test.concurrent('F22: a carrier that is gone is down within 10 s, its calls fail by Timer B, and it is back by itself', async () => {
  await works('gone')
  const { sandbox } = carriers.gone
  await sandbox.misbehave({ gone: true })
  const call = dial('gone', '02')
  expect(await becomes('gone', 'down')).toBeLessThan(DOWN_WITHIN_MS)
  const { result } = await dialer.event('ended', call.attemptId)
  expect(result).toMatchObject({ answeredAt: null, ringingAt: null, evidence: unanswered })
  expect(result.endedAt - result.startedAt).toBeGreaterThanOrEqual(TRANSACTION_MS - 50)
  const back = becomes('gone', 'up')
  await sandbox.misbehave({ gone: false })
  expect(await back).toBeLessThan(5_000)
  await works('gone')
}, 60_000)

test.concurrent('F22: a carrier that is silent on an idle line is down within 10 s', async () => {
  await works('deaf')
  const { sandbox } = carriers.deaf
  await sandbox.misbehave({ silent: true })
  expect(await becomes('deaf', 'down')).toBeLessThan(DOWN_WITHIN_MS)
  const back = becomes('deaf', 'up')
  await sandbox.misbehave({ silent: false })
  expect(await back).toBeLessThan(5_000)
}, 60_000)

test.concurrent('F22: a carrier frozen in the middle of a conversation gets our BYE when it thaws', async () => {
  const { sandbox } = carriers.frozen
  const call = dial('frozen', '02')
  await dialer.event('answered', call.attemptId)
  sandbox.freeze()
  dialer.send({ type: 'hang-up', attemptIds: [call.attemptId] })
  expect(await becomes('frozen', 'down')).toBeLessThan(DOWN_WITHIN_MS)
  sandbox.thaw()
  expect((await dialer.event('ended', call.attemptId)).result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'us' })
  await until('the carrier holds no call', async () => (await sandbox.openCalls()) === 0, 10_000)
  await works('frozen')
}, 60_000)

test.concurrent('F22: 503 ends the call at once and says nothing about the line being there', async () => {
  const { sandbox, line } = carriers.overloaded
  await sandbox.misbehave({ answer503Percent: 100 })
  const call = dial('overloaded', '02')
  expect((await dialer.event('ended', call.attemptId)).result.evidence).toMatchObject({ sipStatus: 503, endedBy: 'carrier' })
  await sandbox.misbehave({ answer503Percent: 0 })
  await works('overloaded')
  expect(dialer.messages.some((each) => each.type === 'line-state' && each.lineId === line.lineId && each.state === 'down')).toBe(false)
}, 60_000)

test.concurrent('F22: a carrier that says 100 and then nothing, not even to our CANCEL, fails the call 64 × T1 after the CANCEL', async () => {
  const { sandbox } = carriers.mute
  const call = dial('mute', '40', { ringTimeMs: 2_000 })
  await until('the carrier has the INVITE', async () => (await sandbox.calls()) === 1, 5_000)
  await sandbox.misbehave({ silent: true })
  const { result } = await dialer.event('ended', call.attemptId)
  expect(result).toMatchObject({ answeredAt: null, ringingAt: null, evidence: unanswered, retransmissions: expect.any(Number) as number })
  await sandbox.misbehave({ silent: false })
  await works('mute')
}, 60_000)
