import { describe, expect, test } from 'vitest'
import { parseNameAddr, tagOf } from './name-addr.ts'
import { parseParams, quote, unquote } from './params.ts'
import { formatReason, parseReason, q850CauseOf, sipCauseOf } from './reason.ts'
import { isSipUri, parseUri } from './uri.ts'
import { branchOf, parseVia, replyTo, stampVia } from './via.ts'

describe('URIs', () => {
  const cases = [
    { text: 'sip:+8613900001234@carrier.example;user=phone', want: { scheme: 'sip', user: '+8613900001234', host: 'carrier.example', port: null } },
    { text: 'SIPS:bob:secret@192.0.2.1:5061;lr?Subject=x', want: { scheme: 'sips', user: 'bob', host: '192.0.2.1', port: 5_061, headers: 'Subject=x' } },
    { text: 'sip:[2001:db8::9]:5060', want: { user: null, host: '[2001:db8::9]', port: 5_060 } },
    { text: 'sip:user;par=u%40example.net@example.com', want: { user: 'user;par=u%40example.net', host: 'example.com' } },
    { text: 'tel:+86-10-12345678;phone-context=x', want: { scheme: 'tel', rest: '+86-10-12345678;phone-context=x' } },
    { text: 'sip:a@b:65536', want: null },
    { text: 'sip:a@b@c', want: null },
    { text: 'sip:a%4@b', want: null },
    { text: 'sip:a@b;x=1;X=2', want: null },
    { text: 'sip: a@b', want: null },
    { text: 'sip:', want: null },
    { text: 'a@b', want: null },
    { text: '', want: null },
  ]
  for (const { text, want } of cases) {
    test(JSON.stringify(text), () => (want === null ? expect(parseUri(text)).toBeNull() : expect(parseUri(text)).toMatchObject(want)))
  }
  test('parameters by lower-case name', () => {
    const uri = parseUri('sip:a@b;LR;transport=UDP')
    expect(uri !== null && isSipUri(uri) ? [...uri.params] : []).toEqual([['lr', ''], ['transport', 'UDP']])
  })
})

describe('names and addresses', () => {
  const cases = [
    { text: '"A \\"B\\" <sip:x@y>" <sip:a@b;p=1>;tag=t', want: { display: 'A "B" <sip:x@y>', uriText: 'sip:a@b;p=1' } },
    { text: 'Two Words<sip:a@b>', want: { display: 'Two Words', uriText: 'sip:a@b' } },
    { text: 'sip:a@b;tag=t', want: { display: '', uriText: 'sip:a@b' } },
    { text: '<tel:+86>', want: { uriText: 'tel:+86' } },
    { text: 'sip:a@b?Route=x', want: null },
    { text: '"open <sip:a@b>', want: null },
    { text: '<sip:a@b', want: null },
    { text: '<sip:a@b>;tag=a;tag=b', want: null },
    { text: '', want: null },
  ]
  for (const { text, want } of cases) {
    test(JSON.stringify(text), () => (want === null ? expect(parseNameAddr(text)).toBeNull() : expect(parseNameAddr(text)).toMatchObject(want)))
  }
  const tags = [
    ['<sip:a@b>;tag=x', 'x'], ['<sip:a@b>', ''], ['<sip:a@b> ; TAG = x', 'x'], ['sip:a@b;tag=x', 'x'], ['<sip:a@b;tag=no>', ''],
    ['"<sip:q@r>;tag=no" <sip:a@b>;tag=x', 'x'], ['<sip:a@b>;p=1;tag=x;q', 'x'], ['<sip:a@b>;tag=x;tag=y', ''], ['<sip:a@b>;tag=x y', ''], ['garbage', ''],
  ] as const
  for (const [value, tag] of tags) test(`tag of ${value}`, () => expect(tagOf(value)).toBe(tag))
})

describe('Via', () => {
  const branches = [
    ['SIP/2.0/UDP h;branch=z9hG4bKa', 'z9hG4bKa'], ['SIP/2.0/UDP h;branch=z9hG4bKa;rport', 'z9hG4bKa'],
    ['SIP/2.0/UDP h;branch=z9hG4bKa, SIP/2.0/UDP i;branch=z9hG4bKb', 'z9hG4bKa'], ['SIP/2.0/UDP h, SIP/2.0/UDP i;branch=z9hG4bKb', ''],
    ['SIP/2.0/UDP h ; Branch = z9hG4bKa', 'z9hG4bKa'], ['SIP/2.0/UDP h;x=";branch=no";branch=yes', 'yes'], ['SIP/2.0/UDP h', ''], ['junk', ''],
  ] as const
  for (const [value, branch] of branches) test(`branch of ${value}`, () => expect(branchOf(value)).toBe(branch))

  const stamps = [
    { value: 'SIP/2.0/UDP 192.0.2.1:5060;branch=b;rport', want: 'SIP/2.0/UDP 192.0.2.1:5060;branch=b;rport=4321;received=192.0.2.9' },
    { value: 'SIP/2.0/UDP 192.0.2.1;rport;branch=b', want: 'SIP/2.0/UDP 192.0.2.1;rport=4321;branch=b;received=192.0.2.9' },
    { value: 'SIP/2.0/UDP 192.0.2.1;branch=b', want: 'SIP/2.0/UDP 192.0.2.1;branch=b;received=192.0.2.9' },
    { value: 'SIP/2.0/UDP 192.0.2.9;branch=b', want: 'SIP/2.0/UDP 192.0.2.9;branch=b' },
    { value: 'SIP/2.0/UDP 192.0.2.1;branch=b;rport, SIP/2.0/TCP x;rport', want: 'SIP/2.0/UDP 192.0.2.1;branch=b;rport=4321;received=192.0.2.9, SIP/2.0/TCP x;rport' },
    { value: 'junk', want: 'junk' },
  ]
  for (const { value, want } of stamps) test(`stamped: ${value}`, () => expect(stampVia(value, '192.0.2.9', 4_321)).toBe(want))

  const replies = [
    ['SIP/2.0/UDP 192.0.2.1:5070;rport=4321;received=192.0.2.9', '192.0.2.9:4321'], ['SIP/2.0/UDP 192.0.2.1:5070;received=192.0.2.9', '192.0.2.9:5070'],
    ['SIP/2.0/UDP 192.0.2.1', '192.0.2.1:5060'], ['SIP/2.0/UDP 192.0.2.1;rport=99999', '192.0.2.1:5060'],
  ] as const
  for (const [value, place] of replies) {
    test(`a response to ${value} goes to ${place}`, () => {
      const via = parseVia(value)
      const to = via === null ? null : replyTo(via)
      expect(`${to?.host}:${to?.port}`).toBe(place)
    })
  }
})

describe('Reason (RFC 3326)', () => {
  const cases = [
    { value: 'Q.850;cause=16;text="Terminated"', want: { protocol: 'Q.850', cause: 16, text: 'Terminated' } },
    { value: 'SIP ;cause=600 ;text="Busy Everywhere"', want: { protocol: 'SIP', cause: 600, text: 'Busy Everywhere' } },
    { value: 'q.850;text="x;cause=1";cause=20', want: { protocol: 'q.850', cause: 20, text: 'x;cause=1' } },
    { value: 'Q.850;cause=128', want: { cause: null } },
    { value: 'Q.850;cause=-1', want: { cause: null } },
    { value: 'Q.850', want: { cause: null, text: '' } },
    { value: 'Q.850;cause=16;cause=17', want: null },
    { value: ';cause=16', want: null },
  ]
  for (const { value, want } of cases) {
    test(value, () => (want === null ? expect(parseReason(value)).toBeNull() : expect(parseReason(value)).toMatchObject(want)))
  }
  test('what is written is read', () => {
    for (const reason of [{ protocol: 'Q.850', cause: 21, text: 'Call "rejected"' }, { protocol: 'SIP', cause: null, text: '' }]) {
      expect(parseReason(formatReason(reason))).toEqual(reason)
    }
  })
  test('causes by protocol', () => {
    const reasons = ['SIP;cause=480', 'Q.850;cause=20', 'Q.850;cause=1'].map(parseReason).filter((reason) => reason !== null)
    expect([q850CauseOf(reasons), sipCauseOf(reasons), q850CauseOf([])]).toEqual([20, 480, null])
  })
})

test('parameters: quotes, blanks, doubles', () => {
  expect([...(parseParams(' ; a ; B = "x;y\\"z" ;c=[::1]') ?? [])]).toEqual([['a', ''], ['b', '"x;y\\"z"'], ['c', '[::1]']])
  for (const bad of [';', ';;a', ';a;A', ';a="open', ';a b', ';a=', 'a', `${';a'.repeat(1)}${Array.from({ length: 65 }, (_, index) => `;p${index}`).join('')}`]) {
    expect([bad, parseParams(bad)]).toEqual([bad, null])
  }
  expect(unquote(quote('a"b\\c'))).toBe('a"b\\c')
})
