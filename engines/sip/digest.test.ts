import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { acceptChallenge, newAuthorisation, proofLines } from './authorisation.ts'
import { chooseChallenge, digestResponse, formatAuthorization, parseChallenge, type Challenge, type DigestHash } from './digest.ts'
import { parseMessage, type SipResponse } from './message.ts'

const hash: DigestHash = (algorithm, text) => createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text, 'latin1').digest('hex')

function refused(status: number, ...challenges: string[]): SipResponse {
  const message = parseMessage([`SIP/2.0 ${status} Challenge`, 'Via: SIP/2.0/UDP h;branch=z9hG4bK1', 'From: <sip:a@h>;tag=1', 'To: <sip:b@h>;tag=2',
    'Call-ID: c', 'CSeq: 1 INVITE', ...challenges.map((each) => `${status === 407 ? 'Proxy' : 'WWW'}-Authenticate: ${each}`), '', ''].join('\r\n'))
  if (message.kind !== 'response') throw new Error('no response')
  return message
}

describe('RFC 7616 §3.9.1, Mufasa', () => {
  const who = { username: 'Mufasa', password: 'Circle of Life', hash }
  const signed = { method: 'GET', uri: '/dir/index.html', nonceCount: 1, clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' }
  const asked = (algorithm: string): Challenge => parseChallenge(
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ` +
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"') as Challenge
  const cases = [
    { algorithm: 'MD5', want: '8ca523f5e9506fed4657c9700eebdbec' },
    { algorithm: 'SHA-256', want: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1' },
  ]
  for (const { algorithm, want } of cases) {
    test(algorithm, () => expect(digestResponse(asked(algorithm), who, signed)).toBe(want))
  }
  test('the header names everything the server needs', () => {
    expect(formatAuthorization(asked('MD5'), who, signed)).toBe(
      'Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", ' +
      'response="8ca523f5e9506fed4657c9700eebdbec", algorithm=MD5, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", qop=auth, ' +
      'nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"')
  })
})

test('without qop the old form of RFC 2069 is used (RFC 2617 §3.2.2.1)', () => {
  const challenge = parseChallenge('Digest realm="r", nonce="n"') as Challenge
  const who = { username: 'u', password: 'p', hash }
  const want = hash('MD5', `${hash('MD5', 'u:r:p')}:n:${hash('MD5', 'BYE:sip:b@h')}`)
  expect(digestResponse(challenge, who, { method: 'BYE', uri: 'sip:b@h', nonceCount: 1, clientNonce: 'x' })).toBe(want)
})

describe('challenges we do not understand', () => {
  const cases = ['Basic realm="r"', 'Digest nonce="n"', 'Digest realm="r"', 'Digest realm="r", nonce="n", qop="auth-int"',
    'Digest realm="r", nonce="n", algorithm=MD5-sess', 'Digest realm="r, nonce="n"', 'Digest', '']
  for (const value of cases) test(JSON.stringify(value), () => expect(parseChallenge(value)).toBeNull())
})

describe('which challenge is answered (threat 7)', () => {
  const digest = (realm: string, nonce: string, more = ''): string => `Digest realm="${realm}", nonce="${nonce}", qop="auth"${more}`
  const credentials = { username: 'u', password: 'p', realm: 'carrier', clientNonceSeed: 'secret', hash }

  test('the strongest for our realm', () => {
    const response = refused(401, digest('other', 'a', ', algorithm=SHA-256'), digest('carrier', 'b'), digest('carrier', 'c', ', algorithm=SHA-256'))
    expect(chooseChallenge(response, 401, 'carrier')?.nonce).toBe('c')
  })
  test('none for another realm: no digest leaves (CVE-2021-41158)', () => {
    const authorisation = newAuthorisation(credentials)
    expect(acceptChallenge(authorisation, refused(401, digest('evil', 'a')), 0)).toBe(false)
    expect(proofLines(authorisation, 'BYE', 'sip:b@h')).toBe('')
  })
  test('none without credentials', () => expect(acceptChallenge(newAuthorisation(null), refused(401, digest('carrier', 'a')), 0)).toBe(false))
  test('a second one only when the nonce was stale: else our password is wrong', () => {
    const authorisation = newAuthorisation(credentials)
    expect(acceptChallenge(authorisation, refused(407, digest('carrier', 'a')), 0)).toBe(true)
    expect(acceptChallenge(authorisation, refused(407, digest('carrier', 'b')), 1)).toBe(false)
    expect(acceptChallenge(authorisation, refused(407, digest('carrier', 'b', ', stale=TRUE')), 1)).toBe(true)
  })
  test('never a third, however stale (CVE-2020-28242)', () => {
    expect(acceptChallenge(newAuthorisation(credentials), refused(407, digest('carrier', 'a', ', stale=true')), 2)).toBe(false)
  })
  test('a proxy and the far end may both ask', () => {
    const authorisation = newAuthorisation(credentials)
    expect(acceptChallenge(authorisation, refused(407, digest('carrier', 'a')), 0)).toBe(true)
    expect(acceptChallenge(authorisation, refused(401, digest('carrier', 'b')), 1)).toBe(true)
    expect(proofLines(authorisation, 'INVITE', 'sip:b@h')).toMatch(/^Authorization: .*"b".*\r\nProxy-Authorization: .*"a".*\r\n$/)
  })
  test('each use of a nonce counts and has its own client nonce', () => {
    const authorisation = newAuthorisation(credentials)
    acceptChallenge(authorisation, refused(401, digest('carrier', 'a')), 0)
    const lines = ['INVITE', 'ACK', 'BYE'].map((method) => proofLines(authorisation, method, 'sip:b@h'))
    expect(lines.map((each) => /nc=(\d+)/.exec(each)?.[1])).toEqual(['00000001', '00000002', '00000003'])
    expect(new Set(lines.map((each) => /cnonce="([^"]+)/.exec(each)?.[1])).size).toBe(3)
  })
})
