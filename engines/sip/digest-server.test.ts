import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { formatAuthorization, parseChallenge, type Challenge, type DigestAlgorithm, type DigestHash } from './digest.ts'
import { challengeLines, checkProof, newDigestServer, type DigestServer, type Verdict } from './digest-server.ts'
import { parseMessage, type SipRequest } from './message.ts'

const hash: DigestHash = (algorithm, text) => createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text, 'latin1').digest('hex')
const nonceHash = (text: string): string => createHmac('sha256', 'key').update(text).digest('hex').slice(0, 32)
const HA1 = { md5: hash('MD5', 'wang:loopline:secret'), sha256: hash('SHA-256', 'wang:loopline:secret') }
const ha1Of = (user: string) => (user === 'wang' ? HA1 : null)
const HERE = { scope: '192.0.2.1', isStale: false }

const serverOf = (change: Partial<DigestServer> = {}): DigestServer => newDigestServer({ realm: 'loopline', hash, nonceHash, ...change })

function request(authorizations: string[], method = 'REGISTER', uri = 'sip:loopline'): SipRequest {
  const message = parseMessage([
    `${method} ${uri} SIP/2.0`, 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1', 'From: <sip:wang@loopline>;tag=1', 'To: <sip:wang@loopline>', 'Call-ID: 1', `CSeq: 1 ${method}`,
    ...authorizations.map((value) => `Authorization: ${value}`), 'Content-Length: 0', '', '',
  ].join('\r\n'))
  if (message.kind !== 'request') throw new Error('unreadable')
  return message
}

const challengesOf = (server: DigestServer, now = 1_000): Challenge[] =>
  challengeLines(server, HERE, now).trim().split('\r\n').map((text) => parseChallenge(text.replace('WWW-Authenticate: ', '')) as Challenge)

interface Proved {
  algorithm?: DigestAlgorithm
  password?: string
  username?: string
  count?: number
  uri?: string
  madeAt?: number
  /** Answered instead of a new one. */
  challenges?: Challenge[]
}

function proofFor(server: DigestServer, { algorithm = 'SHA-256', password = 'secret', username = 'wang', count = 1, uri = 'sip:loopline', madeAt = 1_000, challenges = challengesOf(server, madeAt) }: Proved = {}): string {
  const challenge = challenges.find((each) => each.algorithm === algorithm) as Challenge
  return formatAuthorization(challenge, { username, password, hash }, { method: 'REGISTER', uri, nonceCount: count, clientNonce: 'abc' })
}

/** Two phones behind one address may be challenged in one millisecond. */
test('no two challenges have the same nonce', () => {
  const server = serverOf()
  expect(challengesOf(server)[0]?.nonce).not.toBe(challengesOf(server)[0]?.nonce)
})

const check = (server: DigestServer, authorization: string, now = 2_000, scope = HERE.scope): Verdict =>
  checkProof(server, { request: request([authorization]), scope, ha1Of }, now)

test('challenges the strongest first, one header each', () => {
  expect(challengesOf(serverOf()).map(({ algorithm, realm, qopAuth }) => ({ algorithm, realm, qopAuth }))).toEqual([
    { algorithm: 'SHA-256', realm: 'loopline', qopAuth: true }, { algorithm: 'MD5', realm: 'loopline', qopAuth: true },
  ])
})

test.each(['SHA-256', 'MD5'] as const)('a right proof by %s is believed', (algorithm) => {
  const server = serverOf()
  expect(check(server, proofFor(server, { algorithm }))).toEqual({ kind: 'proven', username: 'wang' })
})

test.each([
  { name: 'a wrong password', proved: { password: 'guess' }, because: 'failed' },
  { name: 'a user that nobody knows', proved: { username: 'li' }, because: 'failed' },
  { name: 'a proof for another address', proved: { uri: 'sip:elsewhere' }, because: 'failed' },
  { name: 'a nonce that is too old', now: 302_000, because: 'stale' },
  { name: 'a nonce from the future', proved: { madeAt: 3_000 }, because: 'stale' },
  { name: 'a nonce of another source', scope: '198.51.100.7', because: 'stale' },
  { name: 'a wrong password with an old nonce: nothing is learnt', proved: { password: 'guess' }, now: 302_000, because: 'failed' },
])('$name is challenged again as $because', ({ proved = {}, now, scope, because }) => {
  const server = serverOf()
  expect(check(server, proofFor(server, proved), now, scope)).toEqual({ kind: 'challenge', because })
})

test('a nonce of nobody with a right proof is stale: voice was restarted, and no person must type a password for it', () => {
  const server = serverOf()
  const other = serverOf({ nonceHash: (text) => nonceHash(`${text} of another process`) })
  expect(check(server, proofFor(other))).toEqual({ kind: 'challenge', because: 'stale' })
  expect(challengeLines(server, { ...HERE, isStale: true }, 0)).toContain(', stale=true\r\n')
})

test('known and unknown users cost the same hashes', () => {
  const work = (username: string): string[] => {
    const done: string[] = []
    const server = serverOf({ hash: (algorithm, text) => { done.push(`${algorithm} ${text.length}`); return hash(algorithm, text) } })
    const proof = proofFor(serverOf(), { username, password: 'guess' })
    check(server, proof)
    return done
  }
  expect(work('wang')).toEqual(work('liwe'))
  expect(work('wang')).toHaveLength(2)
})

test('a count is good once; within a window they may overtake each other', () => {
  const server = serverOf()
  const challenges = challengesOf(server)
  const verdicts = (counts: number[]): string[] => counts.map((count) => {
    const verdict = check(server, proofFor(server, { count, challenges }))
    return verdict.kind === 'proven' ? 'ok' : verdict.because
  })
  expect(verdicts([1, 1, 3, 2, 2, 3, 40, 9, 8, 8, 7, 41, 40, 9])).toEqual(['ok', 'stale', 'ok', 'ok', 'stale', 'stale', 'ok', 'ok', 'ok', 'stale', 'stale', 'ok', 'stale', 'stale'])
})

test('what is remembered of nonces is bounded, and what was forgotten is not believed', () => {
  const server = serverOf({ noncesMax: 3 })
  const proofs = [1_000, 1_100, 1_200, 1_300].map((madeAt) => proofFor(server, { madeAt }))
  for (const proof of proofs) expect(check(server, proof).kind).toBe('proven')
  expect(server.used.size).toBe(3)
  expect(check(server, proofs[0] as string)).toEqual({ kind: 'challenge', because: 'stale' })
  check(server, proofFor(server, { madeAt: 400_000 }), 400_000)
  expect(server.used.size).toBe(1)
})

test.each([
  'Basic d2FuZzpzZWNyZXQ=', 'Digest', 'Digest username="wang"', 'Digest username="wang", realm="other", nonce="1-2", uri="sip:loopline", response="0", qop=auth, nc=00000001, cnonce="a"',
  'Digest username="wang", realm="loopline", nonce="1-2", uri="sip:loopline", response="0"',
  'Digest username="wang", realm="loopline", nonce="1-2", uri="sip:loopline", response="0", qop=auth-int, nc=00000001, cnonce="a"',
  'Digest username="wang", realm="loopline", nonce="1-2", uri="sip:loopline", response="0", qop=auth, nc=1, cnonce="a"',
  'Digest username="wang", realm="loopline", nonce="1-2", uri="sip:loopline", response="0", qop=auth, nc=00000001, cnonce="a", algorithm=SHA-512-256',
  `Digest username="${'w'.repeat(600)}", realm="loopline", nonce="1-2", uri="sip:loopline", response="0", qop=auth, nc=00000001, cnonce="a"`,
])('%s is no proof', (authorization) => {
  expect(check(serverOf(), authorization)).toEqual({ kind: 'challenge', because: 'none' })
})

test('the proof for our realm is found among those for others, and no more than a few are looked at', () => {
  const server = serverOf()
  const other = 'Digest username="wang", realm="other", nonce="1-2", uri="sip:loopline", response="0", qop=auth, nc=00000001, cnonce="a"'
  const checked = (others: number): string => checkProof(server, { request: request([...Array.from({ length: others }, () => other), proofFor(server)]), scope: HERE.scope, ha1Of }, 2_000).kind
  expect(checked(3)).toBe('proven')
  expect(checked(4)).toBe('challenge')
})
