import { createHmac } from 'node:crypto'
import { crc32 as crc32OfZlib } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressBytes, type Address } from './address.ts'
import { crc32 } from './crc32.ts'
import { kindOf } from './demux.ts'
import { isProven, openIce, step, ufragOf, wakeAt, type IceAgent, type IceEffect } from './lite-agent.ts'
import { ATTRIBUTE, buildBinding, hasIntegrity, parseStun, type StunAttribute, type StunMessage } from './stun-message.ts'

const hmacSha1 = (key: Uint8Array, data: Uint8Array): Uint8Array => createHmac('sha1', key).update(data).digest()
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

describe('demux by the first byte (RFC 7983)', () => {
  const cases: [string, number[], ReturnType<typeof kindOf>][] = [
    ['nothing', [], 'unknown'],
    ['a Binding request', [0, 1], 'stun'],
    ['a Binding answer', [1, 1], 'stun'],
    ['ZRTP', [16, 0], 'unknown'],
    ['a ClientHello', [22, 254], 'dtls'],
    ['DTLS 1.3 ciphertext', [63, 0], 'dtls'],
    ['a TURN channel', [64, 0], 'unknown'],
    ['G.711', [0x80, 8], 'srtp'],
    ['G.711 with marker', [0x80, 0x88], 'srtp'],
    ['telephone-event 126 with marker', [0x80, 0xfe], 'srtp'],
    ['a sender report', [0x81, 200], 'srtcp'],
    ['a lone version byte', [0x80], 'unknown'],
    ['192 and above', [192, 0], 'unknown'],
  ]
  test.each(cases)('%s', (_, bytes, want) => expect(kindOf(Uint8Array.from(bytes))).toBe(want))
})

test('the checksum agrees with zlib on any bytes', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => { expect(crc32(bytes)).toBe(crc32OfZlib(bytes)) }))
})

describe('addresses', () => {
  const cases: [string, string | null][] = [
    ['192.0.2.1', 'c0000201'], ['::ffff:192.0.2.1', 'c0000201'], ['::1', `${'0'.repeat(31)}1`], ['fe80::2%eth0', `fe80${'0'.repeat(27)}2`.slice(0, 32)],
    ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006'], ['256.0.0.1', null], ['1.2.3', null], ['1::2::3', null], ['::g', null], ['', null],
  ]
  test.each(cases)('%s', (text, want) => {
    const bytes = addressBytes(text)
    expect(bytes === null ? null : Buffer.from(bytes).toString('hex')).toBe(want)
  })
})

/** RFC 5769 §2.1, password VOkJxbRl1RmTxUk/WvJxBt. */
const SAMPLE_REQUEST = hex(`
  00010058 2112a442 b7e7a701 bc34d686 fa87dfae 80220010 5354554e 20746573 7420636c 69656e74 00240004 6e0001ff
  80290008 932ff9b1 51263b36 00060009 6576746a 3a683676 59202020 00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`)
const SAMPLE_PASSWORD = bytesOf('VOkJxbRl1RmTxUk/WvJxBt')

describe('STUN', () => {
  test('the sample request of RFC 5769 §2.1', () => {
    const message = parseStun(SAMPLE_REQUEST) as StunMessage
    expect(message).toMatchObject({
      class: 'request', method: 1, username: 'evtj:h6vY', priority: 0x6e0001ff, useCandidate: false, role: 'controlled',
      unknownAttributes: [], hasFingerprint: true,
    })
    expect(hasIntegrity(SAMPLE_REQUEST, message, SAMPLE_PASSWORD, hmacSha1)).toBe(true)
    expect(hasIntegrity(SAMPLE_REQUEST, message, bytesOf('another'), hmacSha1)).toBe(false)
  })

  const changed = (change: (bytes: Uint8Array) => void): Uint8Array => {
    const bytes = SAMPLE_REQUEST.slice()
    change(bytes)
    return bytes
  }
  const malformed: [string, Uint8Array][] = [
    ['shorter than a header', SAMPLE_REQUEST.slice(0, 19)],
    ['cut short', SAMPLE_REQUEST.slice(0, -4)],
    ['with something behind', Uint8Array.from([...SAMPLE_REQUEST, 0, 0, 0, 0])],
    ['another cookie', changed((bytes) => { bytes[4] = 0 })],
    ['a wrong fingerprint', changed((bytes) => { bytes[107] = 0 })],
    ['an attribute longer than the message', changed((bytes) => { bytes[22] = 0xff })],
    ['an attribute whose header runs over the end', hex('00010004 2112a442 b7e7a701 bc34d686 fa87dfae 0006ffff')],
    ['a MESSAGE-INTEGRITY of another length', hex('00010008 2112a442 b7e7a701 bc34d686 fa87dfae 00080004 01020304')],
    ['a PRIORITY of another length', hex('00010004 2112a442 b7e7a701 bc34d686 fa87dfae 00240000')],
  ]
  test.each(malformed)('%s is no STUN', (_, bytes) => expect(parseStun(bytes)).toBeNull())

  const built = (attributes: StunAttribute[]): Uint8Array =>
    buildBinding({ class: 'request', transactionId: new Uint8Array(12), attributes }, SAMPLE_PASSWORD, hmacSha1)

  test('a USERNAME may have 512 bytes and no more', () => {
    expect(parseStun(built([{ type: ATTRIBUTE.username, value: new Uint8Array(512) }]))?.username).toHaveLength(512)
    expect(parseStun(built([{ type: ATTRIBUTE.username, value: new Uint8Array(513) }]))).toBeNull()
  })

  test('more attributes than any message has are not read', () => {
    expect(parseStun(built(Array.from({ length: 60 }, () => ({ type: 0xc057, value: new Uint8Array(0) }))))).toBeNull()
  })

  test('any bytes parse to a message or to null; any flipped bit is seen', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => { parseStun(bytes) }))
    fc.assert(fc.property(fc.uint8Array({ minLength: 0, maxLength: 120 }), (body) => {
      const bytes = Uint8Array.from([0, 1, 0, body.length, 0x21, 0x12, 0xa4, 0x42, ...new Uint8Array(12), ...body])
      parseStun(bytes)
    }))
    fc.assert(fc.property(fc.nat(SAMPLE_REQUEST.length * 8 - 1), (bit) => {
      const message = parseStun(changed((bytes) => { bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7)) }))
      expect(message === null || !message.hasFingerprint).toBe(true)
    }))
  })
})

const HOME: Address = { host: '192.0.2.7', port: 50_000 }
const MOBILE: Address = { host: '198.51.100.9', port: 40_000 }
const CONSENT_MS = 10_000
const SETTINGS = { ufrag: 'ours', password: 'the-password-of-ours-22', remoteUfrag: 'them', consentMs: CONSENT_MS, hmacSha1 }

let transaction = 0

interface CheckOptions {
  from?: Address
  nominate?: boolean
  username?: string
  password?: string
  role?: number
  extra?: StunAttribute[]
  id?: number
}

function datagram({ nominate = false, username = 'ours:them', password = SETTINGS.password, role = ATTRIBUTE.iceControlling, extra = [], id }: CheckOptions): Uint8Array {
  const transactionId = new Uint8Array(12)
  new DataView(transactionId.buffer).setUint32(0, id ?? ++transaction)
  return buildBinding({ class: 'request', transactionId, attributes: [
    { type: ATTRIBUTE.username, value: bytesOf(username) },
    { type: role, value: new Uint8Array(8) },
    { type: ATTRIBUTE.priority, value: new Uint8Array(4) },
    ...(nominate ? [{ type: ATTRIBUTE.useCandidate, value: new Uint8Array(0) }] : []),
    ...extra,
  ] }, bytesOf(password), hmacSha1)
}

function check(agent: IceAgent, now: number, options: CheckOptions = {}): IceEffect[] {
  const bytes = datagram(options)
  return step(agent, { kind: 'check', message: parseStun(bytes) as StunMessage, bytes, from: options.from ?? HOME }, now)
}

const kinds = (effects: IceEffect[]): string[] => effects.map(({ kind }) => kind)
const sent = (effects: IceEffect[]): Uint8Array => {
  const effect = effects.find(({ kind }) => kind === 'send')
  return effect?.kind === 'send' ? effect.bytes : new Uint8Array()
}

describe('the lite agent', () => {
  test('answers a check with where it saw it, under the password', () => {
    const agent = openIce(SETTINGS, 0)
    const answer = sent(check(agent, 1))
    const message = parseStun(answer) as StunMessage
    expect(message).toMatchObject({ class: 'success', method: 1, hasFingerprint: true })
    expect(hasIntegrity(answer, message, bytesOf(SETTINGS.password), hmacSha1)).toBe(true)
    // XOR-MAPPED-ADDRESS of 192.0.2.7:50000.
    expect(Buffer.from(answer.subarray(20, 32)).toString('hex')).toBe('002000080001e242e112a645')
  })

  test('tells an IPv6 address', () => {
    const answer = sent(check(openIce(SETTINGS, 0), 1, { from: { host: '2001:db8::1', port: 1 } }))
    expect(answer[25]).toBe(2)
    expect(answer.subarray(20, 24)).toEqual(Uint8Array.from([0, 0x20, 0, 20]))
  })

  test('the first check proves and selects its address, before any nomination', () => {
    const agent = openIce(SETTINGS, 0)
    expect(kinds(check(agent, 1))).toEqual(['send', 'proven', 'selected'])
    expect(isProven(agent, HOME)).toBe(true)
    expect(isProven(agent, MOBILE)).toBe(false)
    expect(kinds(check(agent, 2))).toEqual(['send'])
  })

  test('a check from elsewhere is answered and moves nothing until it nominates', () => {
    const agent = openIce(SETTINGS, 0)
    check(agent, 1, { nominate: true })
    expect(kinds(check(agent, 2, { from: MOBILE }))).toEqual(['send', 'proven'])
    expect(agent.selected).toEqual(HOME)
    expect(check(agent, 3, { from: MOBILE, nominate: true }).at(-1)).toEqual({ kind: 'selected', address: MOBILE })
    expect(agent.selected).toEqual(MOBILE)
  })

  const ignored: [string, CheckOptions, string][] = [
    ['another password', { password: 'guessed' }, 'wrong-integrity'],
    ['another session', { username: 'ours:others' }, 'wrong-username'],
    ['the parts turned round', { username: 'them:ours' }, 'wrong-username'],
  ]
  test.each(ignored)('is silent to %s', (_, options, why) => {
    const agent = openIce(SETTINGS, 0)
    expect(check(agent, 1, options)).toEqual([{ kind: 'ignored', why }])
    expect(agent.selected).toBeNull()
  })

  test('is silent to answers, indications and messages without fingerprint', () => {
    const agent = openIce(SETTINGS, 0)
    const bytes = datagram({})
    const message = parseStun(bytes) as StunMessage
    for (const [change, why] of [[{ class: 'success' }, 'not-a-check'], [{ class: 'indication' }, 'not-a-check'], [{ hasFingerprint: false }, 'no-fingerprint']] as const) {
      expect(step(agent, { kind: 'check', message: { ...message, ...change }, bytes, from: HOME }, 1)).toEqual([{ kind: 'ignored', why }])
    }
  })

  test('refuses a controlled peer with 487, for a lite agent never controls', () => {
    const agent = openIce(SETTINGS, 0)
    const effects = check(agent, 1, { role: ATTRIBUTE.iceControlled })
    expect(kinds(effects)).toEqual(['send'])
    expect(sent(effects).subarray(24, 28)).toEqual(Uint8Array.from([0, 0, 4, 87]))
  })

  test('refuses attributes that must be understood with 420 and names them', () => {
    const agent = openIce(SETTINGS, 0)
    const effects = check(agent, 1, { extra: [{ type: 0x7abc, value: new Uint8Array(3) }, { type: 0xc057, value: new Uint8Array(4) }] })
    expect(kinds(effects)).toEqual(['send'])
    const text = Buffer.from(sent(effects)).toString('hex')
    expect(text).toContain('00000414')
    expect(text).toContain('000a00027abc')
    expect(agent.selected).toBeNull()
  })

  test('a check heard again from another address moves nothing; from its own it is answered again', () => {
    const agent = openIce(SETTINGS, 0)
    check(agent, 1, { nominate: true, id: 0xffff_0001 })
    expect(check(agent, 2, { nominate: true, id: 0xffff_0001, from: MOBILE })).toEqual([{ kind: 'ignored', why: 'replayed' }])
    expect(kinds(check(agent, 3, { nominate: true, id: 0xffff_0001 }))).toEqual(['send'])
  })

  test('consent lives by checks of the selected address and is lost once', () => {
    const agent = openIce(SETTINGS, 0)
    check(agent, 1_000, { nominate: true })
    check(agent, 4_000, { nominate: true })
    check(agent, 9_000, { from: MOBILE })
    expect(wakeAt(agent)).toBe(4_000 + CONSENT_MS)
    expect(step(agent, { kind: 'wake' }, 13_999)).toEqual([])
    expect(step(agent, { kind: 'wake' }, 14_000)).toEqual([{ kind: 'lost' }])
    expect(step(agent, { kind: 'wake' }, 99_000)).toEqual([])
    expect(wakeAt(agent)).toBe(Infinity)
  })

  test('a session nobody ever checked is lost as well', () => {
    expect(step(openIce(SETTINGS, 0), { kind: 'wake' }, CONSENT_MS)).toEqual([{ kind: 'lost' }])
  })

  test('a laptop that wakes on another network is selected again', () => {
    const agent = openIce(SETTINGS, 0)
    check(agent, 1, { nominate: true })
    step(agent, { kind: 'wake' }, 60_000)
    expect(kinds(check(agent, 61_000, { from: MOBILE }))).toEqual(['send', 'proven', 'selected'])
    expect(agent.state).toBe('connected')
  })

  test('addresses are bounded and the selected one is never forgotten', () => {
    const agent = openIce(SETTINGS, 0)
    check(agent, 1, { nominate: true })
    const effects = Array.from({ length: 20 }, (_, at) => check(agent, 2, { from: { host: '203.0.113.1', port: 1_000 + at } })).flat()
    expect(agent.proven).toHaveLength(8)
    expect(isProven(agent, HOME)).toBe(true)
    expect(kinds(effects).filter((kind) => kind === 'forgotten')).toHaveLength(13)
    for (let at = 0; at < 2_000; at++) check(agent, 3)
    expect(agent.transactions.size).toBe(512)
  })

  test('names the session of a check', () => {
    const named = (username: string): string | null => ufragOf(parseStun(datagram({ username })) as StunMessage)
    expect([named('ours:them'), named('ours'), named(':them')]).toEqual(['ours', null, null])
  })

  test('never throws, whatever message meets it', () => {
    const agent = openIce(SETTINGS, 0)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), fc.string(), fc.nat(1e6), fc.integer({ min: 0, max: 0xffff }), (value, host, now, type) => {
      const bytes = datagram({ extra: [{ type, value }] })
      const message = parseStun(bytes)
      if (message !== null) step(agent, { kind: 'check', message, bytes, from: { host, port: 1 } }, now)
      step(agent, { kind: 'wake' }, now)
    }))
  })
})
