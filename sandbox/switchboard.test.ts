import { describe, expect, test } from 'vitest'
import { numberHash } from './called-number.ts'
import type { E164 } from '@loopline/vocabulary/phone'
import { outcomeSeen } from './test/outcome-seen.ts'
import { VirtualExchange } from './test/virtual-exchange.ts'

describe('the carrier misbehaves', () => {
  test('404 to everything', () => {
    const exchange = new VirtualExchange()
    exchange.misbehaviour.answer404 = true
    const calls = ['+8613900000001', '+8613812345678'].map((number) => exchange.place(number))
    exchange.run(60_000)
    expect(calls.map((placed) => placed.ended?.status)).toEqual([404, 404])
    expect(exchange.statistics.byStatus).toEqual({ 404: 2 })
  })

  test('503 to a share of the calls', () => {
    const exchange = new VirtualExchange()
    exchange.misbehaviour.answer503Percent = 51 // the exchange draws 0.5
    const first = exchange.place('+8613900000001')
    exchange.misbehaviour.answer503Percent = 49
    const second = exchange.place('+8613900000001')
    exchange.run(60_000)
    expect([first.ended?.status, second.ended?.status]).toEqual([503, 200])
  })

  test('answers by itself and hangs up a second later, whoever is called', () => {
    const exchange = new VirtualExchange()
    exchange.misbehaviour.falseAnswers = true
    const calls = ['+8613900000010', '+8613812345678'].map((number) => exchange.place(number))
    exchange.run(60_000)
    expect(calls.map((placed) => placed.ended?.status)).toEqual([200, 200])
  })

  test('takes longer to ring, and for all that follows', () => {
    const exchange = new VirtualExchange()
    exchange.misbehaviour.postDialMs = 5_000
    const placed = exchange.place('+8613900000010')
    exchange.run(4_900)
    expect(placed.ended).toBeNull()
    exchange.run(1_000)
    expect(placed.ended?.status).toBe(486)
  })

  test('overhears two INVITEs, so that the caller retransmits', () => {
    const exchange = new VirtualExchange()
    exchange.misbehaviour.ignoreInvites = 2
    const placed = exchange.place('+8613900000001')
    exchange.run(60_000)
    expect(placed.ended).toMatchObject({ status: 200, retransmissions: 2 })
    expect(exchange.statistics).toMatchObject({ calls: 1, inviteRetransmissions: 2, ended: 1 })
  })

  test('silent from the start: one call, never answered, forgotten after timer B', () => {
    const exchange = new VirtualExchange()
    exchange.misbehaviour.silent = true
    const placed = exchange.place('+8613900000001', { ringTimeMs: 60_000 })
    exchange.run(32_000)
    expect(exchange.switchboard.open()).toHaveLength(1)
    exchange.run(40_000)
    expect(placed.ended).toMatchObject({ cause: 'no-response', retransmissions: 6 })
    expect(exchange.switchboard.open()).toEqual([])
    expect(exchange.statistics.byStatus).toEqual({})
    expect(exchange.wire.filter((message) => message.startsWith('<'))).toEqual([])
  })

  test('silent in the middle of a call: the caller’s BYE is not answered', () => {
    const exchange = new VirtualExchange()
    const placed = exchange.place('+8613900000002', { talkMs: 1_000 })
    exchange.run(500)
    exchange.misbehaviour.silent = true
    exchange.run(60_000)
    expect(placed.ended).toMatchObject({ by: 'local', confirmed: false })
    expect(exchange.switchboard.open()).toHaveLength(1)
  })
})

describe('what the carrier remembers of a call', () => {
  test('an open call stands in the list without its number, a finished one does not', () => {
    const exchange = new VirtualExchange()
    exchange.place('+8613900000003', { talkMs: 10_000 })
    exchange.run(5_000)
    const [record] = exchange.switchboard.open()
    expect(record).toMatchObject({ number: numberHash('+8613900000003' as E164), finalStatus: 200, endedBy: null, byeAt: null, inviteRetransmissions: 0 })
    expect(record?.ackAt).toBe(record?.finalAt)
    expect(JSON.stringify(record)).not.toContain('13900000003')
    exchange.run(30_000)
    expect(record).toMatchObject({ endedBy: 'caller', byeBy: 'caller' })
    expect(exchange.switchboard.open()).toEqual([])
  })

  test('a caller that died after the answer: the call stays open until the callee hangs up', () => {
    const exchange = new VirtualExchange()
    const placed = exchange.place('+8613900000001')
    exchange.run(1_400)
    exchange.placed.length = 0 // nobody listens any more
    expect(placed.answeredAt).not.toBeNull()
    exchange.run(1_000)
    expect(exchange.switchboard.open()).toHaveLength(1)
    exchange.run(2_000)
    expect(exchange.switchboard.open()).toEqual([]) // our BYE is out
    exchange.run(40_000)
    expect(exchange.statistics.ended).toBe(1)
  })

  test('a cancelled call', () => {
    const exchange = new VirtualExchange()
    const placed = exchange.place('+8613900000013', { ringTimeMs: 5_000 })
    exchange.run(2_000)
    const [record] = exchange.switchboard.open()
    exchange.run(60_000)
    expect(outcomeSeen(placed, false)).toBe('no-answer')
    expect(record).toMatchObject({ finalStatus: 487, endedBy: 'cancelled', byeAt: null })
    expect(record?.cancelAt).not.toBeNull()
    expect(record?.ackAt).not.toBeNull()
  })
})

describe('requests that are no calls', () => {
  const request = (method: string): string =>
    `${method} sip:carrier@192.0.2.20 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bK1;rport\r\nFrom: <sip:us@192.0.2.10>;tag=1\r\n` +
    `To: <sip:carrier@192.0.2.20>\r\nCall-ID: ping\r\nCSeq: 1 ${method}\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`
  const cases = [
    { method: 'OPTIONS', answer: ['< 200'] }, { method: 'BYE', answer: ['< 481'] }, { method: 'ACK', answer: [] },
    { method: 'REGISTER', answer: ['< 405'] }, { method: 'NONSENSE', answer: ['< 501'] },
  ]
  for (const { method, answer } of cases) {
    test(`${method} gets ${answer.join() || 'nothing'}`, () => {
      const exchange = new VirtualExchange()
      exchange.switchboard.onText(request(method), { address: '192.0.2.10', port: 5070 })
      expect(exchange.wire).toEqual(answer)
    })
  }
})

test('three hundred people called at once: every call ends, none is left', () => {
  const exchange = new VirtualExchange({ timeScale: 0.01 })
  for (let index = 0; index < 300; index += 1) exchange.place(`+86137${(20_000_000 + index * 37).toString()}`, { ringTimeMs: 60_000, talkMs: 60_000 })
  exchange.run(120_000)
  expect(exchange.switchboard.open()).toEqual([])
  expect(exchange.placed.every((placed) => placed.call.state === 'done')).toBe(true)
  expect(exchange.statistics).toMatchObject({ calls: 300, ended: 300, inviteRetransmissions: 0 })
})
