import fc from 'fast-check'
import { expect, test } from 'vitest'
import { feed, newFraming, type Frame } from './stream-framing.ts'

const message = (body: string, name = 'Content-Length'): string =>
  `MESSAGE sip:a SIP/2.0\r\nVia: SIP/2.0/TCP b;branch=z9hG4bK1\r\n${name}: ${body.length}\r\nSubject: x\r\n\r\n${body}`

const fed = (chunks: readonly string[]): Frame[] => {
  const framing = newFraming()
  return chunks.flatMap((chunk) => feed(framing, chunk))
}

test('however the network cuts and joins them, the same messages come out', () => {
  const bodies = ['', 'hello', 'v=0\r\n\r\nMESSAGE sip:not-one SIP/2.0\r\n\r\n', 'x'.repeat(5_000)]
  const stream = bodies.map((body, index) => message(body, index % 2 === 0 ? 'l' : 'Content-Length ')).join('')
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 40 }), (cuts) => {
    const places = [0, ...cuts.sort((a, b) => a - b), stream.length]
    const chunks = places.slice(1).map((to, index) => stream.slice(places[index], to))
    const texts = fed(chunks).map((frame) => (frame.kind === 'message' ? frame.text : frame.kind))
    expect(texts.map((text) => text.slice(text.indexOf('\r\n\r\n') + 4))).toEqual(bodies)
  }))
})

test.each([
  { name: 'a ping', chunks: ['\r\n\r\n'], want: ['ping'] },
  { name: 'a ping in two halves', chunks: ['\r\n', '\r\n'], want: ['ping'] },
  { name: 'a ping in four', chunks: ['\r', '\n', '\r', '\n'], want: ['ping'] },
  { name: 'two pings and a message', chunks: [`\r\n\r\n\r\n\r\n${message('')}`], want: ['ping', 'ping', 'message'] },
  { name: 'the answer to a ping, then a message', chunks: ['\r\n', message('')], want: ['message'] },
  { name: 'messages with a ping between', chunks: [`${message('a')}\r\n\r\n${message('b')}`], want: ['message', 'ping', 'message'] },
  { name: 'half a message', chunks: [message('hello').slice(0, -1)], want: [] },
  { name: 'no length', chunks: ['OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n'], want: ['no-content-length'] },
  { name: 'two lengths', chunks: ['OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\nl: 5\r\n\r\n'], want: ['bad-content-length'] },
  { name: 'a negative length', chunks: ['OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n'], want: ['bad-content-length'] },
  { name: 'a length beyond the limit', chunks: ['OPTIONS sip:a SIP/2.0\r\nContent-Length: 99999999\r\n\r\n'], want: ['too-long'] },
  { name: 'headers that never end', chunks: Array.from({ length: 20 }, () => 'X: y\r\n'.repeat(200)), want: ['too-long'] },
  { name: 'one line that never ends', chunks: Array.from({ length: 20 }, () => 'x'.repeat(1_000)), want: ['too-long'] },
])('$name', ({ chunks, want }) => {
  const kinds = fed(chunks).map((frame) => (frame.kind === 'broken' ? frame.because : frame.kind))
  expect(kinds.slice(0, want.length || undefined)).toEqual(want)
})

test('after a break nothing follows, and nothing is kept', () => {
  const framing = newFraming()
  expect(feed(framing, `OPTIONS sip:a SIP/2.0\r\n\r\n${message('a')}`).map(({ kind }) => kind)).toEqual(['broken'])
  expect(framing.buffer).toBe('')
})

test('a peer that sends one byte at a time costs what its bytes cost', () => {
  const framing = newFraming()
  const stream = message('x'.repeat(10_000))
  const frames = [...stream].flatMap((byte) => feed(framing, byte))
  expect(frames).toEqual([{ kind: 'message', text: stream }])
})
