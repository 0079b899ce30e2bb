import { expect, test } from 'vitest'
import { parseMessage, type SipRequest } from './message.ts'
import { bindingsOf, dropFlow, expire, newRegistrar, register, REGISTRAR_LIMITS, type Registrar } from './registrar.ts'

const AOR = 'browser/wang'
const INSTANCE = '+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"'

interface Asked {
  contacts?: string[]
  expires?: string
  callId?: string
  cseq?: number
  branch?: string
  supported?: string
}

function request({ contacts = [], expires, callId = 'one', cseq = 1, branch = `z9hG4bK${callId}${cseq}`, supported = 'path, outbound' }: Asked): SipRequest {
  const lines = [
    'REGISTER sip:loopline SIP/2.0', `Via: SIP/2.0/WS a.invalid;branch=${branch}`, 'From: <sip:wang@loopline>;tag=1', 'To: <sip:wang@loopline>', `Call-ID: ${callId}`,
    `CSeq: ${cseq} REGISTER`, ...contacts.map((contact) => `Contact: ${contact}`), ...(expires === undefined ? [] : [`Expires: ${expires}`]), `Supported: ${supported}`, 'Content-Length: 0', '', '',
  ]
  const message = parseMessage(lines.join('\r\n'))
  if (message.kind !== 'request') throw new Error('unreadable')
  return message
}

const ask = (registrar: Registrar, asked: Asked, now = 0, flow = 'ws:1') => register(registrar, AOR, { request: request(asked), flow }, now)
const uris = (registrar: Registrar, now = 0): string[] => bindingsOf(registrar, AOR, now).map(({ uri }) => uri)

test('the answer lists the contact as it was given, with the time that is left', () => {
  const registrar = newRegistrar()
  const { status, headers } = ask(registrar, { contacts: [`<sip:x@a.invalid;transport=ws>;${INSTANCE};reg-id=1;expires=600`], expires: '300' })
  expect(status).toBe(200)
  expect(headers).toBe(`Contact: <sip:x@a.invalid;transport=ws>;${INSTANCE};reg-id=1;expires=600\r\nRequire: outbound\r\n`)
  expect(ask(registrar, { cseq: 2 }, 100_500).headers).toContain(';expires=500\r\n')
})

test.each([
  { name: 'its own', contacts: ['<sip:x@a>;expires=120'], expires: '900', want: 120 },
  { name: "the message's", contacts: ['<sip:x@a>'], expires: '900', want: 900 },
  { name: 'ours when none is said', contacts: ['<sip:x@a>'], want: REGISTRAR_LIMITS.expiresDefaultS },
  { name: 'ours when it is no number', contacts: ['<sip:x@a>;expires=soon'], expires: '900', want: REGISTRAR_LIMITS.expiresDefaultS },
  { name: 'the most we give', contacts: ['<sip:x@a>;expires=4294967295'], want: 3_600 },
  { name: 'the least we give', contacts: ['<sip:x@a>;expires=60'], want: 60 },
])('expiry: $name', ({ contacts, expires, want }) => {
  const registrar = newRegistrar()
  ask(registrar, { contacts, ...(expires === undefined ? {} : { expires }) })
  expect(bindingsOf(registrar, AOR, want * 1_000 - 1)).toHaveLength(1)
  expect(bindingsOf(registrar, AOR, want * 1_000)).toHaveLength(0)
})

test.each([
  { name: 'too brief', asked: { contacts: ['<sip:x@a>;expires=59'] }, status: 423, headers: 'Min-Expires: 60\r\n' },
  { name: 'one of two too brief: neither is taken', asked: { contacts: ['<sip:y@a>', '<sip:x@a>;expires=1'] }, status: 423, headers: 'Min-Expires: 60\r\n' },
  { name: 'no SIP address', asked: { contacts: ['<mailto:x@a>'] }, status: 400 },
  { name: '* with time left', asked: { contacts: ['*'], expires: '60' }, status: 400 },
  { name: '* without Expires', asked: { contacts: ['*'] }, status: 400 },
  { name: '* beside another', asked: { contacts: ['*', '<sip:x@a>'], expires: '0' }, status: 400 },
  { name: 'more than one person has', asked: { contacts: Array.from({ length: 9 }, (_, index) => `<sip:x${index}@a>`) }, status: 503, headers: 'Retry-After: 60\r\n' },
])('$name is refused with $status and changes nothing', ({ asked, status, headers = '' }) => {
  const registrar = newRegistrar()
  ask(registrar, { contacts: ['<sip:known@a>'], callId: 'zero' })
  expect(ask(registrar, asked)).toMatchObject({ status, headers })
  expect(uris(registrar)).toEqual(['sip:known@a'])
})

test('a telephone that comes back by another address is the same by its instance and reg-id', () => {
  const registrar = newRegistrar()
  ask(registrar, { contacts: [`<sip:x@a.invalid>;${INSTANCE};reg-id=1`] })
  ask(registrar, { contacts: [`<sip:y@b.invalid>;${INSTANCE};reg-id=1`], callId: 'two' }, 0, 'ws:2')
  expect(bindingsOf(registrar, AOR, 0)).toMatchObject([{ uri: 'sip:y@b.invalid', flow: 'ws:2' }])
  ask(registrar, { contacts: [`<sip:z@b.invalid>;${INSTANCE};reg-id=2`], callId: 'three' }, 0, 'ws:3')
  expect(uris(registrar)).toEqual(['sip:y@b.invalid', 'sip:z@b.invalid'])
})

test('without an instance the address is the telephone, whatever its parameters', () => {
  const registrar = newRegistrar()
  ask(registrar, { contacts: ['<sip:x@Host:5060;transport=udp>'] })
  ask(registrar, { contacts: ['"Desk" <sip:x@host:5060>;q=0.5'], callId: 'two' })
  ask(registrar, { contacts: ['<sip:x@host:5070>'], callId: 'three' })
  expect(uris(registrar)).toEqual(['sip:x@host:5060', 'sip:x@host:5070'])
  expect(ask(registrar, { callId: 'four', supported: 'path' }).headers).not.toContain('Require')
})

test('one contact leaves by expires=0, all by *', () => {
  const registrar = newRegistrar()
  ask(registrar, { contacts: ['<sip:x@a>', '<sip:y@a>, <sip:z@a>'] })
  ask(registrar, { contacts: ['<sip:y@a>;expires=0'], cseq: 2 })
  expect(uris(registrar)).toEqual(['sip:x@a', 'sip:z@a'])
  expect(ask(registrar, { contacts: ['*'], expires: '0', cseq: 3 })).toMatchObject({ status: 200, headers: '', bindings: [] })
  expect(registrar.bindings.size).toBe(0)
})

test('what comes late within one Call-ID is refused; the same again is answered again', () => {
  const registrar = newRegistrar()
  const first = { contacts: ['<sip:x@a>;expires=100'], cseq: 7 }
  ask(registrar, first)
  expect(ask(registrar, first, 50_000)).toMatchObject({ status: 200, headers: 'Contact: <sip:x@a>;expires=50\r\n' })
  expect(ask(registrar, { ...first, branch: 'z9hG4bKother' }).status).toBe(500)
  expect(ask(registrar, { ...first, cseq: 6 }).status).toBe(500)
  expect(ask(registrar, { contacts: ['*'], expires: '0', cseq: 7 }).status).toBe(500)
  expect(ask(registrar, { ...first, cseq: 1, callId: 'rebooted' }).status).toBe(200)
})

test('what came by a connection goes with it, and time takes the rest', () => {
  const registrar = newRegistrar()
  ask(registrar, { contacts: ['<sip:x@a>;expires=100'] }, 0, 'tcp:1')
  ask(registrar, { contacts: ['<sip:y@a>;expires=200'], callId: 'two' }, 0, 'tcp:2')
  expect(dropFlow(registrar, 'tcp:1')).toEqual([AOR])
  expect(dropFlow(registrar, 'tcp:1')).toEqual([])
  expect(expire(registrar, 199_999)).toEqual([])
  expect(expire(registrar, 200_000)).toEqual([AOR])
  expect(registrar.bindings.size).toBe(0)
})
