/** What may come from a telephone that is broken or bad (reliability: malformed and smuggled SIP). No socket: the bytes are what counts. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newDigestServer } from '@loopline/sip/digest-server'
import { createLogger } from '@loopline/telemetry/logger'
import type { UserId } from '@loopline/vocabulary/ids'
import type { AgentFlow } from '../agent/agent-flow.ts'
import { AgentSignalling } from '../agent/agent-signalling.ts'
import { DeskPhones } from '../agent/desk-phones.ts'
import { LegNews } from '../agent/leg-news.ts'
import { StandingLegs } from '../agent/standing-legs.ts'
import { digestHash } from '../call-table.ts'
import type { ToMedia } from '../media/media-messages.ts'
import { BROWSER_OFFER, newAgentId } from './phone-of-test.ts'

interface Bench {
  signalling: AgentSignalling
  sent: string[]
  errors: string[]
  media: ToMedia[]
  flow: AgentFlow
}

function benchFor(agentId: UserId): Bench {
  const [sent, errors, media]: [string[], string[], ToMedia[]] = [[], [], []]
  const log = createLogger({ name: 'test', level: 'error', destination: { write: (line: string) => { errors.push(line) } } })
  const news = new LegNews(() => undefined)
  const legs = new StandingLegs({
    place: () => ({ address: '192.0.2.7', candidates: ['192.0.2.7'], browser: { port: 40_000, fingerprint: 'AB' } }), endpoints: { take: () => null, giveBack: () => undefined },
    toMedia: (message) => { media.push(message) }, news, onError: (what) => { errors.push(what) },
  })
  const phones = new DeskPhones({ open: () => '' }, () => undefined)
  const digest = newDigestServer({ realm: 'loopline', hash: digestHash, nonceHash: (text) => text })
  const flow: AgentFlow = {
    id: 'ws:1', transport: 'WS', source: '192.0.2.1', local: '127.0.0.1:80', remote: null, agentId, send: (text) => { sent.push(text) }, proven: () => undefined, close: () => undefined,
  }
  return { signalling: new AgentSignalling({ phones, legs, news, digest, log }), sent, errors, media, flow }
}

const messageOf = (agentId: string, method: string, body: string): string => [
  `${method} sip:desk@loopline SIP/2.0`, 'Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1', 'Max-Forwards: 69', 'To: <sip:desk@loopline>', `From: "W" <sip:${agentId}@loopline>;tag=1`,
  'Call-ID: one', `CSeq: 1 ${method}`, 'Contact: <sip:x@a.invalid;transport=ws>;+sip.instance="<urn:uuid:1>";reg-id=1;expires=600', 'Content-Type: application/sdp',
  'Session-Expires: 90', 'Supported: path,gruu,outbound', `Content-Length: ${body.length}`, '', body,
].join('\r\n')

const PIECES = ['', '\r\n', '\r\n ', ':', ';', ',', '"', '<', '>', '\0', '\xff', '%', '=', '@', '?', '0', '-1', '4294967296', 'sip:', '<sip:', '*', 'a=', 'm=audio 9 X 300', 'X-Internal : y', 'x'.repeat(9_000)]

test('whatever is cut out of a message, put into it or doubled, no step breaks and no line is smuggled into an answer', () => {
  const agentId = newAgentId()
  const originals = [messageOf(agentId, 'INVITE', BROWSER_OFFER), messageOf(agentId, 'REGISTER', ''), messageOf(agentId, 'BYE', ''), messageOf(agentId, 'UPDATE', BROWSER_OFFER)]
  const change = fc.record({ at: fc.nat(3_000), length: fc.nat(40), piece: fc.constantFrom(...PIECES) })
  fc.assert(fc.property(fc.constantFrom(...originals), fc.array(change, { minLength: 1, maxLength: 4 }), (original, changes) => {
    const { signalling, sent, errors, flow } = benchFor(agentId)
    const text = changes.reduce((now, { at, length, piece }) => now.slice(0, at % now.length) + piece + now.slice((at % now.length) + length), original)
    signalling.onMessage(flow, original)
    signalling.onMessage(flow, text)
    expect(errors).toEqual([])
    for (const answer of sent) expect(answer.split('\r\n\r\n')[0]).not.toMatch(/[\0\n]X-|\r(?!\n)|(?<!\r)\n/)
  }), { numRuns: 3_000 })
})

/** Threat 6: what looks like a word between our own services is read by nobody. */
test.each(['X-Internal : agent', 'X-Loopline-Agent: other', 'P-Asserted-Identity: <sip:other@loopline>', 'P-Asserted-Identity : <sip:other@loopline>', 'Remote-Party-ID: <sip:other@loopline>'])('%s changes nothing', (line) => {
  const agentId = newAgentId()
  const { signalling, sent, media, flow } = benchFor(agentId)
  signalling.onMessage(flow, messageOf(agentId, 'INVITE', BROWSER_OFFER).replace('Max-Forwards: 69', `Max-Forwards: 69\r\n${line}`))
  expect(media).toMatchObject([{ type: 'open-agent', agentId }])
  expect(sent[0]).toMatch(/^SIP\/2.0 200/)
})

test.each([
  { name: 'two From', from: (agentId: string) => `From: <sip:${agentId}@loopline>;tag=1\r\nFrom: <sip:other@loopline>;tag=2`, status: null },
  { name: 'a second From in its compact form', from: (agentId: string) => `f: <sip:other@loopline>;tag=2\r\nFrom: <sip:${agentId}@loopline>;tag=1`, status: null },
  { name: 'a From that is folded', from: (agentId: string) => `From:\r\n <sip:${agentId}@loopline>;tag=1`, status: 200 },
  { name: 'another in the display name', from: (agentId: string) => `From: "sip:other@loopline" <sip:${agentId}@loopline>;tag=1`, status: 200 },
  { name: 'its name as a display name only', from: (agentId: string) => `From: "${agentId}" <sip:other@loopline>;tag=1`, status: 403 },
  { name: 'its name as a parameter', from: (agentId: string) => `From: <sip:other;x=${agentId}@loopline>;tag=1`, status: 403 },
  { name: 'its name as a password', from: (agentId: string) => `From: <sip:other:${agentId}@loopline>;tag=1`, status: 403 },
])('an INVITE with $name is answered $status', ({ from, status }) => { // null: a message that can be read in two ways is not answered at all
  const agentId = newAgentId()
  const { signalling, sent, flow } = benchFor(agentId)
  signalling.onMessage(flow, messageOf(agentId, 'INVITE', BROWSER_OFFER).replace(/From: .*/, from(agentId)))
  expect(sent[0]?.split(' ')[1] ?? null).toBe(status === null ? null : String(status))
})
