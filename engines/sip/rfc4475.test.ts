import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CALL_PROFILE, refuse, type Profile } from './admission.ts'
import { parseMessage } from './message.ts'

/**
 * The torture messages of RFC 4475, one expectation each, as a user agent server sees them that registers, chats and calls.
 * `accepted`: read and not refused. `dropped`: read no further and not answered. A number: the status it is answered with,
 * and why. Where the RFC leaves the choice between strict and lenient we are strict: every leniency is a second reading of
 * the same bytes, and two readings are how smuggling works.
 */
const UAS: Profile = {
  ...CALL_PROFILE,
  methods: [...CALL_PROFILE.methods, 'REGISTER', 'MESSAGE'],
  bodies: [...CALL_PROFILE.bodies, 'multipart/*', 'text/plain'],
}

type Verdict = 'accepted' | { dropped: string } | { answered: number; because: string }
const cases: readonly { file: string; section: string; want: Verdict }[] = [
  { file: 'wsinv', section: '3.1.1.1', want: 'accepted' },
  { file: 'intmeth', section: '3.1.1.2', want: { answered: 501, because: 'unknown method' } }, // well-formed, and nobody's method
  { file: 'esc01', section: '3.1.1.3', want: 'accepted' },
  { file: 'escnull', section: '3.1.1.4', want: 'accepted' },
  { file: 'esc02', section: '3.1.1.5', want: { answered: 501, because: 'unknown method' } },   // RE%47IST%45R is not REGISTER
  { file: 'lwsdisp', section: '3.1.1.6', want: 'accepted' },
  { file: 'longreq', section: '3.1.1.7', want: 'accepted' },
  { file: 'dblreq', section: '3.1.1.8', want: 'accepted' },                                    // the second message is ignored
  { file: 'semiuri', section: '3.1.1.9', want: 'accepted' },
  { file: 'transports', section: '3.1.1.10', want: 'accepted' },
  { file: 'mpart01', section: '3.1.1.11', want: 'accepted' },
  { file: 'unreason', section: '3.1.1.12', want: 'accepted' },
  { file: 'noreason', section: '3.1.1.13', want: 'accepted' },
  { file: 'badinv01', section: '3.1.2.1', want: { answered: 400, because: 'malformed Via' } },
  { file: 'clerr', section: '3.1.2.2', want: { answered: 400, because: 'body-truncated' } },
  { file: 'ncl', section: '3.1.2.3', want: { answered: 400, because: 'bad-content-length' } },
  { file: 'scalar02', section: '3.1.2.4', want: { answered: 400, because: 'bad-cseq' } },
  { file: 'scalarlg', section: '3.1.2.5', want: { dropped: 'bad-cseq' } },
  { file: 'quotbal', section: '3.1.2.6', want: { answered: 400, because: 'malformed To' } },
  { file: 'ltgtruri', section: '3.1.2.7', want: { answered: 400, because: 'malformed Request-URI' } },
  { file: 'lwsruri', section: '3.1.2.8', want: { answered: 400, because: 'bad-start-line' } },
  { file: 'lwsstart', section: '3.1.2.9', want: { answered: 400, because: 'bad-start-line' } },
  { file: 'trws', section: '3.1.2.10', want: { answered: 400, because: 'bad-start-line' } },
  { file: 'escruri', section: '3.1.2.11', want: { answered: 400, because: 'headers in the Request-URI' } },
  { file: 'baddate', section: '3.1.2.12', want: { answered: 400, because: 'malformed Date' } },
  { file: 'regbadct', section: '3.1.2.13', want: { answered: 400, because: 'malformed contact' } },
  { file: 'badaspec', section: '3.1.2.14', want: { answered: 400, because: 'malformed To' } },
  { file: 'baddn', section: '3.1.2.15', want: { answered: 400, because: 'malformed From' } },
  { file: 'badvers', section: '3.1.2.16', want: { answered: 505, because: 'bad-version' } },
  { file: 'mismatch01', section: '3.1.2.17', want: { answered: 400, because: 'method-mismatch' } },
  { file: 'mismatch02', section: '3.1.2.18', want: { answered: 501, because: 'method-mismatch' } },
  { file: 'bigcode', section: '3.1.2.19', want: { dropped: 'bad-start-line' } },
  { file: 'badbranch', section: '3.2.1', want: { answered: 400, because: 'branch without an identifier' } },
  { file: 'insuf', section: '3.3.1', want: { answered: 400, because: 'missing-header' } },
  { file: 'unkscm', section: '3.3.2', want: { answered: 416, because: 'Request-URI scheme not served' } },
  { file: 'novelsc', section: '3.3.3', want: { answered: 416, because: 'Request-URI scheme not served' } },
  { file: 'unksm2', section: '3.3.4', want: { answered: 400, because: 'address of record is not a SIP URI' } },
  { file: 'bext01', section: '3.3.5', want: { answered: 420, because: 'extension required' } },
  { file: 'invut', section: '3.3.6', want: { answered: 415, because: 'body type not read' } },
  { file: 'regaut01', section: '3.3.7', want: 'accepted' },                                    // an unknown scheme proves nothing: as if absent
  { file: 'multi01', section: '3.3.8', want: { answered: 400, because: 'duplicate-header' } },
  { file: 'mcl01', section: '3.3.9', want: { answered: 400, because: 'duplicate-header' } },
  { file: 'bcast', section: '3.3.10', want: { dropped: 'too-many-via' } },
  { file: 'zeromf', section: '3.3.11', want: 'accepted' },                                     // we are the last hop
  { file: 'cparam01', section: '3.3.12', want: 'accepted' },
  { file: 'cparam02', section: '3.3.13', want: 'accepted' },
  { file: 'regescrt', section: '3.3.14', want: 'accepted' },
  { file: 'sdp01', section: '3.3.15', want: { answered: 406, because: 'the sender reads no SDP' } },
  { file: 'inv2543', section: '3.4.1', want: 'accepted' },
  { file: 'test', section: 'not from the RFC', want: { answered: 400, because: 'bad-start-line' } },
]

const FOLDER = new URL('./rfc4475/', import.meta.url)

function verdictOn(file: string): Verdict {
  const stored = readFileSync(new URL(`${file}.dat`, FOLDER)).toString('latin1')
  const message = parseMessage(file === 'baddn' ? `${stored}\r\n` : stored) // stored without the empty line that ends its headers
  if (message.kind === 'failure') {
    return message.status === null ? { dropped: message.code } : { answered: message.status, because: message.code }
  }
  const refused = message.kind === 'request' ? refuse(message, UAS) : null
  return refused === null ? 'accepted' : { answered: refused.status, because: refused.because }
}

for (const each of cases) {
  test(`${each.file}, RFC 4475 §${each.section}`, () => expect(verdictOn(each.file)).toEqual(each.want))
}

test('every stored message has its expectation', () => {
  const stored = readdirSync(FOLDER).filter((name) => name.endsWith('.dat')).map((name) => name.slice(0, -4))
  expect(cases.map((each) => each.file).sort()).toEqual(stored.sort())
  expect(cases).toHaveLength(50)
})
