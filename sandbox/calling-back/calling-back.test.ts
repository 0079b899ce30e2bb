import { createSocket } from 'node:dgram'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { step, takeCall } from '@loopline/sip/incoming-call'
import type { IncomingCall, IncomingInput } from '@loopline/sip/incoming-call'
import { header, parseMessage } from '@loopline/sip/message'
import { formatRequest } from '@loopline/sip/serialise'
import { formatSdp } from '@loopline/sip/sdp'
import type { E164 } from '@loopline/vocabulary/phone'
import { startCarrier } from '../carrier.ts'
import type { Carrier } from '../carrier.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import { numberHash } from '../called-number.ts'
import { UdpCaller } from '../test/udp-caller.ts'
import { wishAfter } from './call-backs.ts'

const peer = { address: '127.0.0.1', port: 5_060 }

describe('who calls back', () => {
  const after = (callBackPercent: number, number: string, at = 0) => wishAfter({ number: number as E164, callerId: '+862012345678', peer, at }, { ...DEFAULT_SETTINGS, callBackPercent }, 1)
  test('nobody unless he is told to, but for the one who always does', () => {
    expect(after(0, '+8613812345678')).toBeNull()
    expect(after(0, '+8613900000016')).toMatchObject({ afterMs: 3_000, call: { from: '+8613900000016', to: '+862012345678' } })
    expect(after(100, '+8613900000013')).toBeNull()
  })
  test('a share of the population, each time anew', () => {
    const back = Array.from({ length: 2_000 }, (_, at) => after(25, '+8613812345678', at)).filter((wish) => wish !== null)
    expect(back.length).toBeGreaterThan(400)
    expect(back.length).toBeLessThan(600)
    expect(back.every(({ afterMs }) => afterMs >= 5_000 && afterMs <= 40_000)).toBe(true)
    expect(after(25, '+8613812345678', 7)).toEqual(after(25, '+8613812345678', 7))
  })
})

describe('a call to a line', () => {
  let carrier: Carrier
  const line = createSocket('udp4')
  const calls: IncomingCall[] = []
  let apply: (input: IncomingInput) => void
  let onInvite: () => void
  beforeEach(async () => {
    carrier = await startCarrier({ voices: 1 })
  })
  afterEach(async () => {
    await carrier.stop()
  })

  const control = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: { calls: { statuses: number[]; endedAt: number | null }[] } }> => {
    const response = await fetch(`http://127.0.0.1:${carrier.controlPort}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    return { status: response.status, body: await response.json() as never }
  }

  test('the number that always calls back does so after it rang in vain', { timeout: 60_000 }, async () => {
    const caller = await UdpCaller.open(carrier.port)
    expect((await caller.call('+8613900000016')).status).toBe(480)
    await expect.poll(async () => (await control('GET', '/calls-in')).body.calls, { timeout: 30_000 }).toMatchObject([{ from: numberHash('+8613900000016' as E164), to: '01055550100' }])
    caller.close()
  })

  test('asked for over the control port it rings, talks and hangs up by itself', async () => {
    await new Promise<void>((resolve) => { line.bind(0, '127.0.0.1', () => resolve()) })
    const own = `127.0.0.1:${line.address().port}`
    const send = (text: string): void => line.send(Buffer.from(text, 'latin1'), carrier.port, '127.0.0.1')
    line.on('message', (bytes) => {
      const message = parseMessage(bytes.toString('latin1'))
      if (message.kind !== 'request') return
      const [known] = calls
      if (known === undefined && message.method === 'INVITE') {
        const { call } = takeCall({ toTag: 'line', branchSeed: 'line', contact: `<sip:${own}>`, sentBy: own, hangUpReason: 'Q.850;cause=16' }, message, performance.now())
        calls.push(call)
        apply = (input) => { for (const effect of step(call, input, performance.now())) if (effect.kind === 'send') send(effect.text) }
        onInvite()
      } else if (known !== undefined) apply({ kind: 'request', request: message })
    })
    const invited = new Promise<void>((resolve) => { onInvite = resolve })
    // The carrier knows the line by its question whether it is there.
    send(formatRequest({ method: 'OPTIONS', uri: `sip:127.0.0.1:${carrier.port}`, sentBy: own, branch: 'z9hG4bKo', from: `<sip:${own}>;tag=o`, to: `<sip:127.0.0.1:${carrier.port}>`, callId: 'o', cseq: 1, headers: '', body: '' }))
    expect(await control('POST', '/calls-in', { from: 'nobody', to: '1' })).toMatchObject({ status: 400 })
    await expect.poll(async () => (await control('POST', '/calls-in', { from: '+8613900000099', to: '+862012345678', talkMs: 50 })).status).toBe(202)
    await invited
    expect(calls[0]?.invite.uri).toBe(`sip:+862012345678@${own}`)
    expect(header(calls[0]?.invite as never, 'from')).toMatch(/^<sip:13900000099@/)
    apply({ kind: 'ring' })
    apply({ kind: 'answer', sdp: formatSdp({ address: '127.0.0.1', port: 40_000, codecs: ['PCMA'], telephoneEvent: null, direction: 'sendrecv', ptimeMs: 20, sessionId: 1, version: 1 }) })
    await expect.poll(async () => (await control('GET', '/calls-in')).body.calls[0]?.endedAt ?? null, { timeout: 10_000 }).not.toBeNull()
    const { body } = await control('GET', '/calls-in')
    expect(body.calls[0]?.statuses).toEqual([180, 200])
    expect(JSON.stringify(body)).not.toContain('139000000')
    line.close()
  })
})
