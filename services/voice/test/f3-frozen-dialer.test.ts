/** Fault F3 at the link: a frozen dialer's connection looks well; whoever takes its calls over is told how they end. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { silentLogger } from '@loopline/telemetry/logger'
import type { DialCommand } from '@loopline/contracts/voice-link'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, orderTo, type TestDialer } from './dialer-of-test.ts'
import { startWire, type Wire } from './processes.ts'
import { answers, scriptedCarrier, type ScriptedCarrier } from './scripted-carrier.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
let voice: Voice
let carrier: ScriptedCarrier
/** The link of the first dialer runs over a wire that can stand still. */
let wire: Wire
let first: TestDialer
let second: TestDialer
let call: DialCommand

beforeEach(async () => {
  const config = readConfig({ VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice f3 ')), LOG_LEVEL: 'silent' })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  carrier = await scriptedCarrier(answers)
  wire = await startWire('tcp', { target: voice.link, seed: 1 })
  first = await connectDialer(wire.address, keys)
  second = await connectDialer(voice.link, keys)
  const line = lineTo(carrier.address)
  first.send({ type: 'lines', lines: [line] })
  call = orderTo(line, first.epoch, keys)
  first.send({ type: 'dial', calls: [call] })
  await first.event('answered', call.attemptId)
  await carrier.when(([seen]) => seen?.acknowledged === true)
  wire.change({ cut: true })
  await wire.counts() // orders to the wire are obeyed in turn: it is cut now
})
afterEach(async () => {
  first.close()
  second.close()
  await voice.stop()
  carrier.close()
  await wire.kill()
})

const calleeHangsUp = (): void => carrier.calls.get(`${call.attemptId}@loopline`)?.tell({ kind: 'hang-up' })

test('F3: who asks for a call of a frozen dialer is told its end', async () => {
  second.send({ type: 'query', attemptIds: [call.attemptId] })
  expect(await second.message('known')).toMatchObject({ alive: [call.attemptId], neverSeen: [] })
  calleeHangsUp()
  expect((await second.event('ended', call.attemptId)).result.evidence.endedBy).toBe('callee')
})

test('F3: a result that a frozen dialer never read is told to another when its link breaks', async () => {
  calleeHangsUp()
  await carrier.when(([seen]) => seen?.ended === true)
  wire.break(true)
  expect((await second.event('ended', call.attemptId)).result.evidence.endedBy).toBe('callee')
})
