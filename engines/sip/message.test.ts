import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { answerToFailure, CALL_PROFILE, refuse } from './admission.ts'
import { LIMITS } from './limits.ts'
import { header, headerList, parseMessage, type SipMessage, type SipRequest } from './message.ts'
import { serialise } from './serialise.ts'
import { fromWireText, toWireText } from './text.ts'

const REQUIRED = [
  'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa', 'From: <sip:a@192.0.2.1>;tag=1', 'To: <sip:b@192.0.2.2>', 'Call-ID: c@192.0.2.1', 'CSeq: 1 OPTIONS',
]
const options = (...lines: string[]): string => ['OPTIONS sip:b@192.0.2.2 SIP/2.0', ...REQUIRED, ...lines, '', ''].join('\r\n')

function read(text: string): SipMessage {
  const message = parseMessage(text)
  if (message.kind === 'failure') throw new Error(message.code)
  return message
}
const codeOf = (text: string): string => {
  const message = parseMessage(text)
  return message.kind === 'failure' ? message.code : 'read'
}

describe('a header cannot be smuggled past us (reliability threat 6)', () => {
  const spellings = [
    ['plain', 'X-Internal: yes'], ['space before the colon', 'X-Internal : yes'], ['tab before the colon', 'X-Internal\t: yes'],
    ['folded', 'X-Internal:\r\n yes'], ['folded by tab', 'X-Internal:\r\n\tyes'], ['other case', 'x-INTERNAL:yes'],
    ['blanks around', 'X-Internal:  \t yes \t'],
  ] as const
  for (const [name, line] of spellings) {
    test(`${name} is the same header`, () => expect(header(read(options(line)), 'x-internal')).toBe('yes'))
  }
  const refused = [
    ['a bare line feed', 'Subject: a\nX-Internal: yes', 'bad-line-break'],
    ['a bare carriage return', 'Subject: a\rX-Internal: yes', 'bad-line-break'],
    ['a bare line feed in a fold', 'Subject: a\r\n b\nX-Internal: yes', 'bad-line-break'],
    ['a blank inside the name', 'X Internal: yes', 'bad-header'],
    ['no name', ': yes', 'bad-header'],
    ['no colon', 'X-Internal yes', 'bad-header'],
    ['two Call-IDs', 'Call-ID: d', 'duplicate-header'],
    ['two Call-IDs, one compact', 'i: d', 'duplicate-header'],
    ['two From, one with a blank', 'f : <sip:x@192.0.2.9>;tag=2', 'duplicate-header'],
    ['two Content-Lengths', 'Content-Length: 0\r\nl: 5', 'duplicate-header'],
  ] as const
  for (const [name, line, code] of refused) {
    test(`${name}: ${code}`, () => expect(codeOf(options(line))).toBe(code))
  }
  test('a fold right after the start line is no header', () => {
    expect(codeOf('OPTIONS sip:b@192.0.2.2 SIP/2.0\r\n X: y\r\n' + options().slice(options().indexOf('Via')))).toBe('bad-header')
  })
  test('a quoted comma and bracket do not split a list', () => {
    const message = read(options('Contact: "a,<b>" <sip:c@192.0.2.3;x=1,2>, <sip:d@192.0.2.4>'))
    expect(headerList(message, 'contact')).toEqual(['"a,<b>" <sip:c@192.0.2.3;x=1,2>', '<sip:d@192.0.2.4>'])
  })
})

describe('lengths and limits', () => {
  const body = (length: string, text: string): string => options(`Content-Length: ${length}`) + text
  const cases = [
    { name: 'as long as the body', text: body('3', 'abc'), want: 'abc' },
    { name: 'shorter than the datagram', text: body('2', 'abc'), want: 'ab' },
    { name: 'absent', text: `${options()}abc`, want: 'abc' },
    { name: 'longer than the datagram', text: body('4', 'abc'), want: 'body-truncated' },
    { name: 'signed', text: body('+3', 'abc'), want: 'bad-content-length' },
    { name: 'hexadecimal', text: body('0x3', 'abc'), want: 'bad-content-length' },
    { name: 'beyond any number', text: body('9'.repeat(30), 'abc'), want: 'bad-content-length' },
  ]
  for (const { name, text, want } of cases) {
    test(`Content-Length ${name}`, () => {
      const message = parseMessage(text)
      expect(message.kind === 'failure' ? message.code : message.body).toBe(want)
    })
  }
  test('lengths are bytes: a Chinese body of two characters has six', () => {
    const message = read(body('6', toWireText('空号')))
    expect(fromWireText(message.body)).toBe('空号')
  })
  test('too many headers', () => expect(codeOf(options(...Array.from({ length: LIMITS.headerCount }, () => 'X-Y: z')))).toBe('too-many-headers'))
  test('a header too long', () => expect(codeOf(options(`X: ${'y'.repeat(LIMITS.headerBytes + 1)}`))).toBe('header-too-long'))
  test('a header too long by folding', () => expect(codeOf(options(`X: y${'\r\n y'.repeat(LIMITS.headerBytes)}`))).toBe('header-too-long'))
  test('a datagram too long', () => expect(codeOf('x'.repeat(LIMITS.messageBytes + 1))).toBe('too-long'))
  test('a keep-alive', () => expect(codeOf('\r\n\r\n')).toBe('empty'))
  test('headers that never end', () => expect(codeOf(options().slice(0, -2))).toBe('unterminated'))
  test('a CSeq of 2^31', () => expect(codeOf(options().replace('CSeq: 1', 'CSeq: 2147483648'))).toBe('bad-cseq'))
  test('a long CSeq method (ES2017-01) is only a mismatch', () => {
    expect(codeOf(options().replace('1 OPTIONS', `1 ${'X'.repeat(5_000)}`))).toBe('method-mismatch')
  })
})

describe('what cannot be read is answered when it may be', () => {
  test('a request of another version gets 505 with its own headers', () => {
    const failure = parseMessage(options().replace('SIP/2.0\r\n', 'SIP/3.0\r\n'))
    const answer = failure.kind === 'failure' ? answerToFailure(failure, 'us') : null
    expect(answer).toMatch(/^SIP\/2\.0 505 /)
    expect(answer).toContain('To: <sip:b@192.0.2.2>;tag=us')
    expect(read(answer as string).cseqMethod).toBe('OPTIONS')
  })
  test('an ACK never is', () => {
    const failure = parseMessage(options('Content-Length: 9').replaceAll('OPTIONS', 'ACK'))
    expect(failure.kind === 'failure' ? failure.status : 0).toBeNull()
  })
  test('without Via nobody knows where to', () => {
    const failure = parseMessage(options('Content-Length: 9').replace(/Via.*\r\n/, ''))
    expect(failure.kind === 'failure' ? answerToFailure(failure, 'us') : '').toBeNull()
  })
})

describe('any bytes', () => {
  const folder = new URL('./rfc4475/', import.meta.url)
  const torture = readdirSync(folder).filter((name) => name.endsWith('.dat')).map((name) => readFileSync(new URL(name, folder)).toString('latin1'))
  /** A torture message with a few cuts, copies and changed bytes: far deeper than random bytes get. */
  const mutated = fc.tuple(
    fc.constantFrom(...torture),
    fc.array(fc.tuple(fc.nat(2_000), fc.nat(40), fc.constantFrom('', ';', ',', '"', '<', '>', '\r\n', ' ', '\0', ':', '=', '\\', '\xff', '%', '9'.repeat(20))), { maxLength: 6 }),
  ).map(([text, edits]) => edits.reduce((now, [at, cut, put]) => now.slice(0, at) + put + now.slice(at + cut), text))
  const random = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 2_000 })

  function survives(text: string): void {
    const message = parseMessage(text)
    if (message.kind === 'failure') {
      answerToFailure(message, 'us')
      return
    }
    if (message.kind === 'request') refuse(message, CALL_PROFILE)
    expect(message.names.length).toBeLessThanOrEqual(LIMITS.headerCount)
    expect(message.body.length).toBeLessThanOrEqual(text.length)
  }
  test('mutated torture messages never throw', () => fc.assert(fc.property(mutated, survives), { numRuns: 3_000 }))
  test('random bytes never throw', () => fc.assert(fc.property(random, survives), { numRuns: 1_000 }))
  test('what is written is read back the same', () => {
    fc.assert(fc.property(mutated, (text) => {
      const once = parseMessage(text)
      if (once.kind === 'failure') return
      const again = read(serialise(once))
      const withoutLength = (message: SipMessage): string[] => message.names.filter((name) => name !== 'content-length')
      expect(withoutLength(again)).toEqual(withoutLength(once))
      expect({ ...again, names: 0, values: 0 }).toEqual({ ...once, names: 0, values: 0 })
    }), { numRuns: 1_000 })
  })
  test('no input is slow: a datagram of the largest size is read in milliseconds', () => {
    const hostile = ['"', '<', ',', ';', ' ', '\\', 'a=', '%', '(', '\t', ';a'].flatMap((unit) => {
      const value = unit.repeat(Math.floor(8_000 / unit.length))
      return ['Contact', 'Via', 'From', 'Date', 'Accept', 'Require', 'WWW-Authenticate', 'Route'].map((name) => {
        const lines = REQUIRED.filter((line) => !line.startsWith(`${name}:`))
        return ['OPTIONS sip:b@192.0.2.2 SIP/2.0', ...lines, `${name}: ${value}`, `${name}: ${value}`.slice(0, name === 'From' || name === 'Via' ? 0 : undefined), '', '']
          .filter((line, index, all) => line !== '' || index >= all.length - 2).join('\r\n')
      })
    })
    const started = performance.now()
    for (const text of hostile) survives(text)
    expect((performance.now() - started) / hostile.length).toBeLessThan(20)
  })
})

test('compact forms are the long ones', () => {
  const compact = read('OPTIONS sip:b@192.0.2.2 SIP/2.0\r\nv: SIP/2.0/UDP h\r\nf: <sip:a@b>;tag=1\r\nt: <sip:b@c>\r\ni: c\r\nCSeq: 1 OPTIONS\r\n' +
    'm: <sip:a@b>\r\nk: timer\r\nx: 90\r\nc: text/plain\r\nl: 0\r\n\r\n') as SipRequest
  expect(compact.names).toEqual(['via', 'from', 'to', 'call-id', 'cseq', 'contact', 'supported', 'session-expires', 'content-type', 'content-length'])
})

test('text survives the wire; bytes that are no UTF-8 become U+FFFD', () => {
  const anyText = fc.array(fc.integer({ min: 0, max: 0x10ffff })).map((points) => String.fromCodePoint(...points))
  fc.assert(fc.property(anyText, (text) => { expect(fromWireText(toWireText(text))).toBe(text.toWellFormed()) }))
  expect(fromWireText('\xff\xc0\xafa')).toBe('\ufffd\ufffd\ufffda')
})
