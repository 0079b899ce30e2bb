import { expect, test } from 'vitest'
import { header, parseMessage, type SipRequest, type SipResponse } from './message.ts'
import { newRegistration, registrationWakeAt, stepRegistration, type Registration } from './registration.ts'
import { formatResponse } from './serialise.ts'

/** No hash at all: what is proven is not the matter here, but that it is. */
const hash = (algorithm: string, text: string): string => `${algorithm}-${text.length}`
const begun = (): Registration => newRegistration({
  callId: 'r', fromTag: 't', branchSeed: 'b', addressOfRecord: 'sip:us@carrier', registrar: 'sip:carrier', contact: 'sip:us@192.0.2.1:5060', sentBy: '192.0.2.1:5060', expiresS: 300,
  credentials: { username: 'us', password: 'secret', realm: 'carrier', clientNonceSeed: 's', hash },
}, 0)
const requestOf = (text: string | undefined): SipRequest => {
  const message = parseMessage(text ?? '')
  if (message.kind !== 'request') throw new Error('no request was sent')
  return message
}
const wake = (registration: Registration, now: number): SipRequest => requestOf(stepRegistration(registration, { kind: 'wake' }, now)[0])
function answer(registration: Registration, request: SipRequest, status: number, headers: string, now: number): string[] {
  return stepRegistration(registration, { kind: 'response', response: parseMessage(formatResponse(request, status, { toTag: 'c', headers })) as SipResponse }, now)
}
const CHALLENGE = 'WWW-Authenticate: Digest realm="carrier", nonce="n", qop="auth"\r\n'

test('a challenge is answered, the binding renewed before it ends, with the proof at once', () => {
  const registration = begun()
  const first = wake(registration, 0)
  expect(first).toMatchObject({ method: 'REGISTER', uri: 'sip:carrier', cseq: 1 })
  expect(header(first, 'authorization')).toBeNull()
  const proven = requestOf(answer(registration, first, 401, CHALLENGE, 10)[0])
  expect(proven.cseq).toBe(2)
  expect(header(proven, 'authorization')).toContain('username="us"')
  expect(answer(registration, proven, 200, 'Contact: <sip:us@192.0.2.1:5060>;expires=100\r\n', 20)).toEqual([])
  expect(registration.state).toBe('registered')
  // The answered transaction lingers five seconds (timer K), then nothing is due until 70 of 100 seconds.
  expect(stepRegistration(registration, { kind: 'wake' }, 5_020)).toEqual([])
  expect(registrationWakeAt(registration)).toBe(70_020)
  const renewed = wake(registration, 70_020)
  expect(renewed.cseq).toBe(3)
  expect(header(renewed, 'authorization')).toContain('nc=00000002')
})

test('a wrong password is not tried over and over', () => {
  const registration = begun()
  const proven = requestOf(answer(registration, wake(registration, 0), 401, CHALLENGE, 10)[0])
  expect(answer(registration, proven, 401, CHALLENGE, 20)).toEqual([])
  expect(registration).toMatchObject({ state: 'waiting', reason: 'registration-refused: 401', dueAt: 2_020 })
})

test('a registrar that wants longer lives gets them', () => {
  const registration = begun()
  const longer = requestOf(answer(registration, wake(registration, 0), 423, 'Min-Expires: 3600\r\n', 10)[0])
  expect(header(longer, 'expires')).toBe('3600')
})

test('silence: repeated, given up, asked again later and later; a binding stands until its end', () => {
  const registration = begun()
  const sent: number[] = []
  for (let now = 0; now < 120_000; now = Math.max(now + 1, registrationWakeAt(registration))) {
    if (stepRegistration(registration, { kind: 'wake' }, now).length > 0) sent.push(now)
  }
  expect(sent.slice(0, 3)).toEqual([0, 500, 1_500])
  expect(registration).toMatchObject({ state: 'waiting', reason: 'registration-unanswered' })

  const bound = begun()
  answer(bound, wake(bound, 0), 200, 'Expires: 300\r\n', 10)
  for (let now = 5_010; now < 290_000; now = Math.max(now + 1, registrationWakeAt(bound))) stepRegistration(bound, { kind: 'wake' }, now)
  expect(bound.state).toBe('registered')
  stepRegistration(bound, { kind: 'wake' }, 300_010)
  expect(bound).toMatchObject({ state: 'waiting', reason: 'registration-unanswered' })
})

test('whoever leaves takes his binding back', () => {
  const registration = begun()
  answer(registration, wake(registration, 0), 200, '', 10)
  expect(header(requestOf(stepRegistration(registration, { kind: 'leave' }, 20)[0]), 'expires')).toBe('0')
})
