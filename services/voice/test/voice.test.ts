import { mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { silentLogger } from '@loopline/telemetry/logger'
import type { LineConfig } from '@loopline/contracts/voice-link'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { answers, rejects, ringsOnly, scriptedCarrier, type Script, type ScriptedCarrier } from './scripted-carrier.ts'
import { connectDialer, lineTo, orderTo, type TestDialer } from './dialer-of-test.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
let folder: string
let voice: Voice
let dialer: TestDialer
const carriers: ScriptedCarrier[] = []

const start = (): Promise<Voice> =>
  startVoice(readConfig({ VOICE_DIR: folder, LOG_LEVEL: 'silent' }), { keys, keysText: JSON.stringify(keySet), log: silentLogger() })

async function lineWith(script: Script, change: Partial<LineConfig> = {}): Promise<{ carrier: ScriptedCarrier; line: LineConfig }> {
  const carrier = await scriptedCarrier(script)
  carriers.push(carrier)
  const line = lineTo(carrier.address, change)
  dialer.send({ type: 'lines', lines: [line] })
  await dialer.message('line-state')
  return { carrier, line }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'voice-'))
  voice = await start()
  dialer = await connectDialer(voice.link, keys)
})
afterEach(async () => {
  dialer.close()
  await voice.stop()
  for (const carrier of carriers.splice(0)) carrier.close()
})

test('a call is placed, answered, left by the callee and told until it is acknowledged', async () => {
  const { carrier, line } = await lineWith(answers)
  const order = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [order] })
  await dialer.event('answered', order.attemptId)
  const seen = [...carrier.calls.values()][0]
  expect(seen?.callId).toBe(`${order.attemptId}@loopline`)
  expect(seen?.uri).toBe(`sip:+8613900001234@${carrier.address}`)
  await carrier.when(([call]) => call?.acknowledged === true)
  seen?.tell({ kind: 'hang-up' })
  const { result } = await dialer.event('ended', order.attemptId)
  expect(result.evidence).toMatchObject({ sipStatus: 200, endedBy: 'callee' })
  expect(result.answeredAt).not.toBeNull()
  expect(result.retransmissions).toBe(0)

  dialer.close()
  const second = await connectDialer(voice.link, keys)
  await second.event('ended', order.attemptId) // nobody has acknowledged it yet, and who ordered it is gone
  second.send({ type: 'ack', attemptIds: [order.attemptId] })
  second.send({ type: 'query', attemptIds: [order.attemptId] })
  expect(await second.message('known')).toMatchObject({ alive: [], neverSeen: [order.attemptId] })
  second.close()
})

test('a second leg goes out over another line under a name of its own, once, and only when the first is over', async () => {
  const failing = await scriptedCarrier(ringsOnly)
  const other = await scriptedCarrier(answers)
  carriers.push(failing, other)
  const lines = [lineTo(failing.address), lineTo(other.address)] as const
  dialer.send({ type: 'lines', lines: [...lines] })
  await dialer.first((messages) => (messages.filter((message) => message.type === 'line-state' && message.state === 'up').length >= 2 ? true : undefined))
  const order = orderTo(lines[0], dialer.epoch, keys)
  const second = { ...order, lineId: lines[1].lineId, leg: 2, dialBy: Date.now() + 60_000 }
  dialer.send({ type: 'dial', calls: [order] })
  await dialer.event('ringing', order.attemptId)
  dialer.send({ type: 'dial', calls: [second] })
  expect(await dialer.event('refused', order.attemptId)).toMatchObject({ refusal: 'seen', leg: 2 })
  dialer.send({ type: 'hang-up', attemptIds: [order.attemptId] })
  await dialer.event('ended', order.attemptId)
  // Of the leg that is asked for nothing is known: its order, should it still come, is refused.
  const third = { ...second, leg: 3 }
  dialer.send({ type: 'dial', calls: [third] })
  await dialer.event('answered', order.attemptId)
  expect([...other.calls.values()].map((call) => call.callId)).toEqual([`${order.attemptId}@3.loopline`])
  dialer.send({ type: 'dial', calls: [third, second] })
  await dialer.first((messages) => (messages.flatMap((each) => (each.type === 'calls' ? each.events : [])).filter((event) => event.kind === 'refused').length === 3 ? true : undefined))
  dialer.send({ type: 'hang-up', attemptIds: [order.attemptId] })
  const end = await dialer.first((messages) => messages.flatMap((each) => (each.type === 'calls' ? each.events : [])).findLast((event) => event.kind === 'ended' && event.leg === 3))
  expect(end).toMatchObject({ attemptId: order.attemptId, result: { evidence: { sipStatus: 200, endedBy: 'us' } } })
  expect([failing.calls.size, other.calls.size]).toEqual([1, 1])
})

test('asked for a later leg, voice does not answer with the end of an earlier one, and refuses that leg from then on', async () => {
  const { line } = await lineWith(rejects(503))
  const order = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [order] })
  await dialer.event('ended', order.attemptId)
  dialer.send({ type: 'query', attemptIds: [order.attemptId], legs: { [order.attemptId]: 2 } })
  expect(await dialer.message('known')).toMatchObject({ alive: [], neverSeen: [order.attemptId] })
  dialer.send({ type: 'dial', calls: [{ ...order, leg: 2, dialBy: Date.now() + 60_000 }] })
  expect(await dialer.event('refused', order.attemptId)).toMatchObject({ refusal: 'seen', leg: 2 })
})

test('a refusal carries its status and Q.850 cause', async () => {
  const { line } = await lineWith(rejects(404, 'Q.850;cause=1;text="Unallocated"'))
  const order = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [order] })
  const { result } = await dialer.event('ended', order.attemptId)
  expect(result.evidence).toMatchObject({ sipStatus: 404, q850: 1 })
})

test.each([
  ['wrong-epoch', (line: LineConfig) => orderTo(line, 'another-process', keys)],
  ['expired', (line: LineConfig) => orderTo(line, dialer.epoch, keys, { dialBy: Date.now() - 1 })],
  ['no-line', () => orderTo(lineTo('127.0.0.1:9'), dialer.epoch, keys)],
  ['sandbox-mismatch', (line: LineConfig) => orderTo(line, dialer.epoch, keys, { sandbox: false })],
  ['unreadable-number', (line: LineConfig) => orderTo(line, dialer.epoch, keys, { phoneSealed: 'AAAA' })],
] as const)('an order is refused: %s, and no INVITE leaves', async (refusal, orderFor) => {
  const { carrier, line } = await lineWith(answers)
  const order = orderFor(line)
  const after = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [order, after] })
  expect((await dialer.event('refused', order.attemptId)).refusal).toBe(refusal)
  await dialer.event('answered', after.attemptId)
  expect(carrier.calls.size).toBe(1)
})

test('an attempt is dialled once, however often it is ordered', async () => {
  const { carrier, line } = await lineWith(answers)
  const order = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [order] })
  dialer.send({ type: 'dial', calls: [order] })
  expect((await dialer.event('refused', order.attemptId)).refusal).toBe('seen')
  expect(carrier.calls.size).toBe(1)
})

test('an attempt that was asked about and not known can no longer be dialled', async () => {
  const { carrier, line } = await lineWith(answers)
  const order = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'query', attemptIds: [order.attemptId] })
  expect((await dialer.message('known')).neverSeen).toEqual([order.attemptId])
  dialer.send({ type: 'dial', calls: [order] })
  expect((await dialer.event('refused', order.attemptId)).refusal).toBe('seen')
  expect(carrier.calls.size).toBe(0)
})

test('a call that the callee leaves before our limit is over for good', async () => {
  const { carrier, line } = await lineWith(answers)
  const [early, later] = [orderTo(line, dialer.epoch, keys, { hangUpAfterMs: 400 }), orderTo(line, dialer.epoch, keys, { hangUpAfterMs: 400 })]
  dialer.send({ type: 'dial', calls: [early, later] })
  await dialer.event('answered', early.attemptId)
  carrier.calls.get(`${early.attemptId}@loopline`)?.tell({ kind: 'hang-up' })
  expect((await dialer.event('ended', early.attemptId)).result.evidence.endedBy).toBe('callee')
  expect((await dialer.event('ended', later.attemptId)).result.evidence.endedBy).toBe('us')
})

test('a call that ends because voice is stopped says so: nobody wished it', async () => {
  const { line } = await lineWith(ringsOnly)
  const byHand = orderTo(line, dialer.epoch, keys, { campaignId: null })
  dialer.send({ type: 'dial', calls: [byHand] })
  await dialer.event('ringing', byHand.attemptId)
  await voice.stop()
  expect((await dialer.event('ended', byHand.attemptId)).result.evidence).toMatchObject({ sipStatus: 487, endedBy: 'shutdown' })
  voice = await start()
})

test('a full line refuses, it does not queue', async () => {
  const { line } = await lineWith(ringsOnly, { maxConcurrent: 1 })
  const [first, second] = [orderTo(line, dialer.epoch, keys), orderTo(line, dialer.epoch, keys)]
  dialer.send({ type: 'dial', calls: [first] })
  await dialer.event('ringing', first.attemptId)
  dialer.send({ type: 'dial', calls: [second] })
  expect((await dialer.event('refused', second.attemptId)).refusal).toBe('line-full')
})

test('stop cancels what rings and leaves conversations alone', async () => {
  let count = 0
  const { carrier, line } = await lineWith((call) => (count++ === 0 ? answers(call) : ringsOnly(call)))
  const talking = orderTo(line, dialer.epoch, keys)
  const { campaignId } = talking
  dialer.send({ type: 'dial', calls: [talking] })
  await dialer.event('answered', talking.attemptId)
  const ringing = orderTo(line, dialer.epoch, keys, { campaignId })
  dialer.send({ type: 'dial', calls: [ringing] })
  await dialer.event('ringing', ringing.attemptId)
  if (campaignId) dialer.send({ type: 'stop', campaignIds: [campaignId] })
  const { result } = await dialer.event('ended', ringing.attemptId)
  expect(result.evidence).toMatchObject({ sipStatus: 487, endedBy: 'us' })
  expect(carrier.calls.get(`${talking.attemptId}@loopline`)?.ended).toBe(false)
})

test('a stranger who does not know a service token is cut off without a word', async () => {
  const { connect } = await import('node:net')
  const [host, port] = voice.link.split(':')
  const socket = connect(Number(port), host)
  let heard = ''
  socket.on('data', (chunk) => {
    heard += chunk.toString()
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write('let me in\n')
  await closed
  expect(heard).toBe('')
})

test('no number stands in clear in the journal', async () => {
  const { line } = await lineWith(answers)
  const order = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [order] })
  await dialer.event('answered', order.attemptId)
  const written = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('')
  expect(written).toContain(order.attemptId)
  expect(written).not.toContain('13900001234')
})
