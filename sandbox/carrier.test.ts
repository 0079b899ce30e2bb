import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { E164 } from '@loopline/vocabulary/phone'
import { calledNumber, numberHash } from './called-number.ts'
import { readCallLog } from './call-record.ts'
import { startCarrier } from './carrier.ts'
import type { Carrier } from './carrier.ts'
import { readConfig } from './config.ts'
import { isFlagged, readSettings } from './settings.ts'
import { UdpCaller } from './test/udp-caller.ts'

let folder: string
let logPath: string
let carrier: Carrier
let caller: UdpCaller

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loopline carrier '))
  logPath = join(folder, 'calls.jsonl')
  carrier = await startCarrier({ logPath })
  caller = await UdpCaller.open(carrier.port)
})

afterEach(async () => {
  caller.close()
  await carrier.stop()
  rmSync(folder, { recursive: true })
})

const control = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(`http://127.0.0.1:${carrier.controlPort}${path}`, init)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('calls over a real socket end as their numbers promise, and stand in the log without them', async () => {
  const ended = await Promise.all([
    caller.call('+8613900000002', { hangUp: true }), caller.call('+8613900000010'), caller.call('+8613900000021'),
    caller.call('13900000004'), caller.call('+8613900000013', { ringTimeMs: 500 }),
  ])
  expect(ended.map(({ status, cause, q850 }) => ({ status, cause, q850 }))).toEqual([
    { status: 200, cause: 'hung-up', q850: null },
    { status: 486, cause: 'rejected', q850: null },
    { status: 404, cause: 'rejected', q850: 1 },
    { status: 200, cause: 'bye-received', q850: 16 },
    { status: 487, cause: 'ring-timeout', q850: null },
  ])
  await expect.poll(() => carrier.statistics().ended).toBe(5)
  await carrier.stop()
  const text = readFileSync(logPath, 'utf8')
  expect(text).not.toMatch(/139000000/)
  expect(statSync(logPath).mode & 0o777).toBe(0o600)
  const records = [...readCallLog(text).values()]
  const of = (number: string): unknown => records.find((record) => record.number === numberHash(number as E164))
  expect(records).toHaveLength(5)
  expect(of('+8613900000002')).toMatchObject({ finalStatus: 200, endedBy: 'caller', byeBy: 'caller', inviteRetransmissions: 0 })
  expect(of('+8613900000010')).toMatchObject({ finalStatus: 486, endedBy: 'rejected' })
  expect(of('+8613900000004')).toMatchObject({ finalStatus: 200, endedBy: 'callee', byeBy: 'callee' })
  expect(of('+8613900000013')).toMatchObject({ finalStatus: 487, endedBy: 'cancelled' })
  expect(records.every((record) => record.ackAt !== null && record.endedAt !== null)).toBe(true)
})

test('a lossy, slow and doubling network costs time and no call', async () => {
  await carrier.misbehave({ lossPercent: 15, delayMs: 10, duplicatePercent: 20 })
  const ended = await Promise.all(Array.from({ length: 40 }, () => caller.call('+8613900000010')))
  expect(ended.every(({ status }) => status === 486)).toBe(true)
  expect(carrier.statistics()).toMatchObject({ calls: 40, byStatus: { 486: 40 } })
  expect(carrier.statistics().inviteRetransmissions).toBeGreaterThan(0)
})

test('gone and back on the same port', async () => {
  const { port } = carrier
  await carrier.misbehave({ gone: true })
  const call = caller.call('+8613900000010')
  await carrier.misbehave({ gone: false })
  expect((await call).status).toBe(486)
  expect(carrier.port).toBe(port)
})

describe('the control port', () => {
  test('shows open calls and figures', async () => {
    const call = caller.call('+8613900000013', { ringTimeMs: 300 })
    await expect.poll(async () => (await control('GET', '/calls?open=1')).body['open']).toBe(1)
    await call
    await expect.poll(async () => (await control('GET', '/calls?open=1')).body).toEqual({ open: 0, calls: [] })
    expect((await control('GET', '/stats')).body).toMatchObject({ calls: 1, ended: 1, open: 0, byStatus: { 487: 1 } })
  })

  test('turns switches and settings, and refuses what is none', async () => {
    expect(await control('PUT', '/misbehaviour', { answer404: true })).toMatchObject({ status: 200, body: { answer404: true, silent: false } })
    expect((await caller.call('+8613900000002')).status).toBe(404)
    expect(await control('DELETE', '/misbehaviour')).toMatchObject({ status: 200, body: { answer404: false } })
    expect(await control('PUT', '/settings', { profile: 'standard', timeScale: 0.1 })).toMatchObject({ status: 200, body: { profile: 'standard', timeScale: 0.1 } })
    for (const [path, body] of [
      ['/misbehaviour', { loss: 1 }], ['/misbehaviour', { lossPercent: 101 }], ['/misbehaviour', { silent: 1 }], ['/misbehaviour', []],
      ['/settings', { profile: 'german' }], ['/settings', { timeScale: 0 }], ['/settings', { constructor: 1 }],
    ] as const) expect((await control('PUT', path, body)).status).toBe(400)
    expect((await control('GET', '/nothing')).status).toBe(404)
  })
})

describe('the called number', () => {
  const cases: [uri: string, number: string | null][] = [
    ['sip:+8613900000021@127.0.0.1:5060', '+8613900000021'], ['sip:8613900000021@h', '+8613900000021'], ['sip:13900000021@h;user=phone', '+8613900000021'],
    ['tel:+86-139-0000-0021', '+8613900000021'], ['sip:%2B8613900000021@h', '+8613900000021'], ['sip:01055550100@h', '+861055550100'],
    ['sip:0012125550100@h', '+12125550100'], ['sip:+8613900000021;npdi@h', '+8613900000021'], ['sip:callee@h', null], ['sip:127.0.0.1', null],
  ]
  for (const [uri, number] of cases) test(`${uri} is ${number ?? 'none'}`, () => expect(calledNumber(uri)).toBe(number))
})

test('settings come from the environment and from arguments, wrong ones stop the start', () => {
  expect(readConfig({ CARRIER_PORT: '5060' }, ['--control-port', '7070', '--profile', 'standard'])).toMatchObject({
    CARRIER_PORT: 5060, CARRIER_CONTROL_PORT: 7070, CARRIER_PROFILE: 'standard', CARRIER_ADDRESS: '127.0.0.1',
  })
  expect(() => readConfig({ CARRIER_PORT: 'x' }, [])).toThrow()
  expect(() => readConfig({}, ['--colour', 'red'])).toThrow('no argument --colour')
})

test('a log whose last line was cut off by a crash is read up to there', () => {
  const invite = (callId: string): string => `${JSON.stringify({ event: 'invite', callId, number: 'x', from: 'a:1', at: 5 })}\n`
  const calls = readCallLog(`${invite('one')}${invite('two')}${invite('one')}{"event":"end","callId":"tw`)
  expect([...calls.keys()]).toEqual(['one', 'two'])
  expect(calls.get('one')).toMatchObject({ endedAt: null, invitedAt: 5 })
})

describe('a call with a voice', () => {
  test('sends 20 ms packets to where the offer listens and echoes what it hears; the log counts both ways', async () => {
    const loud = await startCarrier({ logPath: join(folder, 'loud.jsonl'), voices: 1 })
    const ear = createSocket('udp4')
    await new Promise<void>((resolve) => { ear.bind(0, '127.0.0.1', resolve) })
    const noise = Buffer.concat([Buffer.from([0x80, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]), Buffer.alloc(160, 0x12)])
    const echoed = new Promise<Buffer>((resolve) => {
      ear.on('message', (packet, from) => {
        if (packet.subarray(12).every((byte) => byte === 0x12)) resolve(packet)
        else ear.send(noise, from.port, from.address)
      })
    })
    const talker = await UdpCaller.open(loud.port)
    const ended = talker.call('+8613900000007', { mediaPort: ear.address().port, hangUpWhen: echoed })
    const packet = await echoed
    expect([packet[0], (packet[1] as number) & 0x7f, packet.length]).toEqual([0x80, 8, 172])
    expect((await ended).status).toBe(200)
    await expect.poll(() => loud.statistics().ended).toBe(1)
    await loud.stop()
    talker.close()
    ear.close()
    const [record] = readCallLog(readFileSync(join(folder, 'loud.jsonl'), 'utf8')).values()
    expect(record?.rtp?.sent).toBeGreaterThan(0)
    expect(record?.rtp?.received).toBeGreaterThan(0)
  })
})

test('which callers are flagged is a setting, however the line writes them', () => {
  const settings = { flaggedCallers: ['+86 20 5550 0011', '13800000011'] }
  expect(['+862055500011', '02055500011', '8613800000011'].map((number) => isFlagged(settings, number))).toEqual([true, true, true])
  expect(['+862055500012', 'anonymous', ''].map((number) => isFlagged(settings, number))).toEqual([false, false, false])
  expect(readSettings({ flaggedCallers: 'all' })).toContain('flaggedCallers')
})
