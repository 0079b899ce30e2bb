/** Fault F25: no descriptor is left for voice. What a call needs is bound and open before: calls go on, and new ones are made. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import type { DialCommand, LineConfig } from '@loopline/contracts/voice-link'
import { connectDialer, lineTo, orderToNumber, type TestDialer } from './dialer-of-test.ts'
import { NOT_RECORDED } from './media-of-test.ts'
import { startSandbox, startVoiceProcess, type Sandbox, type VoiceProcess } from './processes.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
/** A test number of the sandbox that answers at once and waits for our BYE. */
const ANSWERS = '02'
const STRANGERS = 50

let sandbox: Sandbox
let voice: VoiceProcess
let dialer: TestDialer
let line: LineConfig
beforeAll(async () => {
  sandbox = await startSandbox()
  voice = await startVoiceProcess(mkdtempSync(join(tmpdir(), 'voice f25 ')), JSON.stringify(keySet))
  dialer = await connectDialer(voice.link, keys)
  line = lineTo(sandbox.sip)
  dialer.send({ type: 'lines', lines: [line] })
  await dialer.first((messages) => messages.find((each) => each.type === 'line-state' && each.lineId === line.lineId))
})
afterAll(async () => {
  dialer.close()
  await voice.kill()
  await sandbox.kill()
})

async function call(): Promise<DialCommand> {
  const order = orderToNumber(ANSWERS, line, dialer.epoch, keys, { talk: NOT_RECORDED, dialBy: Date.now() + 30_000 })
  dialer.send({ type: 'dial', calls: [order] })
  await dialer.event('answered', order.attemptId)
  return order
}
async function hangUp({ attemptId }: DialCommand): Promise<void> {
  dialer.send({ type: 'hang-up', attemptIds: [attemptId] })
  expect((await dialer.event('ended', attemptId)).result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'us' })
}

const descriptorsMax = (max: string): void => void execFileSync('prlimit', ['--pid', String(voice.pid), `--nofile=${max}:`])

test.skipIf(process.platform !== 'linux')('f25: with every descriptor in use calls go on and new ones are answered; whoever connects meanwhile costs nobody anything', async () => {
  const before = await call()
  descriptorsMax(String(readdirSync(`/proc/${voice.pid}/fd`).length))
  const [host, port] = voice.link.split(':') as [string, string]
  const strangers = Array.from({ length: STRANGERS }, () => connect(Number(port), host).on('error', () => undefined))
  const during = await call()
  await hangUp(before)
  await hangUp(during)
  for (const stranger of strangers) stranger.destroy()
  descriptorsMax('4096')
  const late = await connectDialer(voice.link, keys) // and it is reached again
  expect(late.epoch).toBe(dialer.epoch)
  late.close()
})
