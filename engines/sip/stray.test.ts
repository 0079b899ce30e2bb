import { expect, test } from 'vitest'
import { header, parseMessage } from './message.ts'
import { answerStray } from './stray.ts'

const cases = [
  { method: 'OPTIONS', to: '<sip:b@h>', want: 200 },
  { method: 'OPTIONS', to: '<sip:b@h>;tag=gone', want: 481 },
  { method: 'BYE', to: '<sip:b@h>;tag=gone', want: 481 },
  { method: 'BYE', to: '<sip:b@h>', want: 481 },
  { method: 'CANCEL', to: '<sip:b@h>', want: 481 },
  { method: 'INVITE', to: '<sip:b@h>', want: 403 },
  { method: 'INVITE', to: '<sip:b@h>;tag=gone', want: 481 },
  { method: 'REGISTER', to: '<sip:b@h>', want: 405 },
  { method: 'MESSAGE', to: '<sip:b@h>', want: 405 },
  { method: 'SUBSCRIBE', to: '<sip:b@h>;tag=gone', want: 405 },
  { method: 'invite', to: '<sip:b@h>', want: 501 },
  { method: 'ACK', to: '<sip:b@h>;tag=gone', want: null },
]
for (const { method, to, want } of cases) {
  test(`${method} to ${to}: ${want ?? 'silence'}`, () => {
    const request = parseMessage(`${method} sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:a@h>;tag=1\r\nTo: ${to}\r\nCall-ID: c\r\nCSeq: 1 ${method}\r\n\r\n`)
    if (request.kind !== 'request') throw new Error('no request')
    const text = answerStray(request, 'us')
    if (text === null) return expect(want).toBeNull()
    const answer = parseMessage(text)
    expect(answer.kind === 'response' ? answer.status : null).toBe(want)
    expect(header(answer, 'to')).toBe(to.includes('tag=') ? to : `${to};tag=us`)
    expect(header(answer, 'allow') !== null).toBe(want !== 481)
  })
}
