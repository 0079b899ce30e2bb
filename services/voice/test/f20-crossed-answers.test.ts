/** Fault F20: answers that cross, fork and repeat. Each 200 is ACKed, each dialog but the call's own is ended, one result is told. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { header, type SipMessage, type SipRequest } from '@loopline/sip/message'
import { silentLogger } from '@loopline/telemetry/logger'
import type { DialCommand } from '@loopline/contracts/voice-link'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, orderTo, type TestDialer } from './dialer-of-test.ts'
import { rawCarrier, type RawCarrier } from './raw-carrier.ts'
import { SDP } from './scripted-carrier.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
let voice: Voice
let dialer: TestDialer
let carrier: RawCarrier
let call: DialCommand
let invite: SipRequest

beforeEach(async () => {
  const config = readConfig({ VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice f20 ')), LOG_LEVEL: 'silent' })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
  carrier = await rawCarrier()
  const line = lineTo(carrier.address)
  dialer.send({ type: 'lines', lines: [line] })
  call = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [call] })
  invite = await carrier.request('INVITE')
})
afterEach(async () => {
  dialer.close()
  await voice.stop()
  carrier.close()
})

const hangUp = (): void => dialer.send({ type: 'hang-up', attemptIds: [call.attemptId] })
const told = (kind: string): number => dialer.messages.flatMap((each) => (each.type === 'calls' ? each.events : []))
  .filter((event) => event.kind === kind && event.attemptId === call.attemptId).length
const heard = (method: string): SipMessage[] => carrier.heard.filter((each) => each.kind === 'request' && each.method === method)
/** Where an in-dialog request is addressed: it must be that leg's own Contact (RFC 3261 §12.2.1.1). */
const leg = (request: SipRequest): string | undefined => /^sip:(leg-\w+)@/.exec(request.uri)?.[1]

/** Everything is over: one result, one INVITE transaction. */
async function isOverOnce(): Promise<void> {
  await dialer.event('ended', call.attemptId)
  expect(told('ended')).toBe(1)
  expect(new Set(heard('INVITE').map((each) => header(each, 'via'))).size).toBe(1)
}

test('F20: a 200 that crosses our CANCEL is ACKed, ended by BYE, and told with its 200', async () => {
  carrier.answer(invite, 180, 'a', '')
  await dialer.event('ringing', call.attemptId)
  hangUp()
  await carrier.request('CANCEL')
  carrier.answer(invite, 200, 'a')
  expect(leg(await carrier.request('ACK', 'a'))).toBe('leg-a')
  expect(leg(await carrier.request('BYE', 'a'))).toBe('leg-a')
  const { result } = await dialer.event('ended', call.attemptId)
  expect(result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'us' })
  await isOverOnce()
})

test('F20: a 200 long after the CANCEL gave its 487 back is ACKed and ended too', async () => {
  carrier.answer(invite, 180, 'a', '')
  await dialer.event('ringing', call.attemptId)
  hangUp()
  await carrier.request('CANCEL')
  carrier.answer(invite, 487, 'a', '')
  await isOverOnce()
  carrier.answer(invite, 200, 'b')
  await carrier.request('ACK', 'b')
  await carrier.request('BYE', 'b')
  await isOverOnce()
})

test('F20: of two 200s from forks the second is ACKed and ended by BYE; the first stays the call', async () => {
  carrier.answer(invite, 180, 'a', '')
  carrier.answer(invite, 180, 'b', '')
  carrier.answer(invite, 200, 'a')
  await carrier.request('ACK', 'a')
  carrier.answer(invite, 200, 'b')
  expect(leg(await carrier.request('ACK', 'b'))).toBe('leg-b')
  expect(leg(await carrier.request('BYE', 'b'))).toBe('leg-b')
  await dialer.event('answered', call.attemptId)
  expect(told('ended')).toBe(0)
  expect(heard('BYE')).toHaveLength(1)
  hangUp()
  expect(leg(await carrier.request('BYE', 'a'))).toBe('leg-a')
  await isOverOnce()
  expect(told('answered')).toBe(1)
})

test('F20: a 200 that comes again and again is ACKed each time and answered once', async () => {
  for (let time = 0; time < 3; time += 1) carrier.answer(invite, 200, 'a')
  await dialer.event('answered', call.attemptId)
  hangUp()
  await carrier.request('BYE', 'a')
  await isOverOnce()
  expect(heard('ACK').length).toBeGreaterThanOrEqual(3)
  expect(told('answered')).toBe(1)
})

test('F20: two 183s of two forks, the first failing: the call goes on with the second', async () => {
  carrier.answer(invite, 183, 'a')
  carrier.answer(invite, 183, 'b', SDP.replace('40000', '40002'))
  carrier.answer(invite, 180, 'b', '')
  await dialer.event('ringing', call.attemptId)
  carrier.answer(invite, 200, 'b')
  await carrier.request('ACK', 'b')
  await dialer.event('answered', call.attemptId)
  hangUp()
  await carrier.request('BYE', 'b')
  const { result } = await dialer.event('ended', call.attemptId)
  expect(result.evidence).toMatchObject({ earlyMedia: true, sipStatus: 200 })
  expect(told('ringing')).toBe(1)
  await isOverOnce()
})
