/**
 * Fault F23: DNS fails, lies, or says nothing. Lines of carriers that are known by name keep their last good address and say
 * why; lines of others, and calls on them, are not kept waiting by it.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { silentLogger } from '@loopline/telemetry/logger'
import type { FromVoice, LineConfig } from '@loopline/contracts/voice-link'
import { readConfig } from '../config.ts'
import { LineAim } from '../line-aim.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, orderTo, orderToNumber, type TestDialer } from './dialer-of-test.ts'
import { dnsOfTest, type DnsOfTest } from './dns-of-test.ts'
import { startSandbox, type Sandbox } from './processes.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
type LineState = Extract<FromVoice, { type: 'line-state' }>

let dns: DnsOfTest
let voice: Voice
let dialer: TestDialer
let sandbox: Sandbox
let port: string
const lines: LineConfig[] = []

beforeAll(async () => {
  dns = await dnsOfTest()
  const config = readConfig({ VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice f23 ')), LOG_LEVEL: 'silent', VOICE_DNS: dns.address })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
  sandbox = await startSandbox()
  port = sandbox.sip.split(':')[1] as string
})
afterAll(async () => {
  dialer.close()
  await voice.stop()
  await sandbox.kill()
  dns.close()
})

/** A line beside those that are there. */
function open(host: string): LineConfig {
  const line = lineTo(`${host}:${port}`, { name: host })
  lines.push(line)
  dialer.send({ type: 'lines', lines: [...lines] })
  return line
}

/** The first news of the line, from `since` on, that fits. */
const news = ({ lineId }: LineConfig, fits: (state: LineState) => boolean, since = 0): Promise<LineState> =>
  dialer.first((messages) => messages.slice(since).find((each): each is LineState => each.type === 'line-state' && each.lineId === lineId && fits(each)))

/** Two seconds of a real call. */
async function works(line: LineConfig): Promise<void> {
  const order = orderToNumber('04', line, dialer.epoch, keys, { dialBy: Date.now() + 60_000 })
  dialer.send({ type: 'dial', calls: [order] })
  expect((await dialer.event('ended', order.attemptId)).result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'callee' })
}

test.concurrent('f23: DNS that fails, then says nothing, then denies the name: the last good address serves on, and the line says why', async () => {
  dns.habit('carrier.test', { says: 'addresses', addresses: ['127.0.0.1'] })
  const line = open('carrier.test')
  await news(line, ({ state }) => state === 'up')
  await works(line)
  for (const [says, reason] of [['server-failure', 'dns-failed'], ['nothing', 'dns-timeout'], ['no-such-name', 'name-unknown']] as const) {
    dns.habit('carrier.test', { says })
    expect(await news(line, (told) => told.reason === reason)).toMatchObject({ state: 'up' })
    await works(line)
  }
  const told = dialer.messages.length
  dns.habit('carrier.test', { says: 'addresses', addresses: ['127.0.0.1'] })
  expect(await news(line, ({ reason }) => reason === null, told)).toMatchObject({ state: 'up' })
})

test.concurrent('f23: a name that cannot be told keeps nobody else waiting, and its line is there once it can be', async () => {
  dns.habit('stalled.test', { says: 'nothing' })
  const stalled = open('stalled.test')
  const other = open('127.0.0.1')
  expect(await news(stalled, () => true)).toMatchObject({ state: 'down', reason: 'resolving-name', localPort: 0 })
  await works(other)
  const order = orderTo(stalled, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [order] })
  expect(await dialer.event('refused', order.attemptId)).toMatchObject({ refusal: 'no-line' })
  expect(await news(stalled, ({ reason }) => reason === 'dns-timeout')).toMatchObject({ state: 'down' })
  dns.habit('stalled.test', { says: 'addresses', addresses: ['127.0.0.1'] })
  await news(stalled, ({ state }) => state === 'up')
  await works(stalled)
})

test.concurrent('f23: DNS that lies: the line tries the new address, hears nothing there and is back where it was heard last', async () => {
  dns.habit('lied.test', { says: 'addresses', addresses: ['127.0.0.1'] })
  const line = open('lied.test')
  await news(line, ({ state }) => state === 'up')
  const told = dialer.messages.length
  dns.habit('lied.test', { says: 'addresses', addresses: ['127.0.0.77'] })
  expect(await news(line, ({ state }) => state === 'down', told)).toMatchObject({ reason: 'no-answer-from-carrier' })
  const down = dialer.messages.length
  await news(line, ({ state }) => state === 'up', down)
  await works(line)
  const questions = dns.asked('lied.test')
  await vi.waitFor(() => expect(dns.asked('lied.test')).toBeGreaterThan(questions + 2), { timeout: 50_000 })
  expect(dialer.messages.slice(down).filter((each) => each.type === 'line-state' && each.lineId === line.lineId && each.state === 'down')).toEqual([])
})

test('of several addresses the next is tried while the first says nothing', () => {
  const aim = new LineAim('192.0.2.1', 0)
  const [first, second] = ['192.0.2.1', '192.0.2.2']
  const down = { isDown: true, isIdle: false }
  expect(aim.choose([first, second], down, 6_000)).toBe(first)
  expect(aim.choose([first, second], down, 7_000)).toBe(second)
  aim.heard()
  expect(aim.choose([first, second], { isDown: false, isIdle: true }, 60_000)).toBe(second)
})

test('a carrier that moves is followed when no call is up there', () => {
  const aim = new LineAim('192.0.2.1', 0)
  aim.heard()
  expect(aim.choose(['192.0.2.9'], { isDown: false, isIdle: false }, 1_000)).toBe('192.0.2.1')
  expect(aim.choose(['192.0.2.9'], { isDown: false, isIdle: true }, 2_000)).toBe('192.0.2.9')
})

test('a wrong server is named before a socket opens', () => {
  expect(() => readConfig({ VOICE_DIR: '/nowhere', VOICE_DNS: 'dns.example' })).toThrow(/IPv4 address/)
})
