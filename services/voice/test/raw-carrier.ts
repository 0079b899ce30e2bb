/** A carrier whose every datagram the test writes: for answers that no well-behaved engine would give. */
import { createSocket } from 'node:dgram'
import { parseMessage, type SipMessage, type SipRequest } from '@loopline/sip/message'
import { formatResponse } from '@loopline/sip/serialise'
import { tagOf } from '@loopline/sip/header/name-addr'
import { header } from '@loopline/sip/message'
import { SDP } from './scripted-carrier.ts'

export interface RawCarrier {
  address: string
  /** Everything that came, in order. */
  heard: SipMessage[]
  /** The first request of that method, now or later; of that dialog when a tag is given. */
  request(method: string, toTag?: string): Promise<SipRequest>
  /** Answers an INVITE; with a session description unless it says otherwise. */
  answer(request: SipRequest, status: number, toTag: string, sdp?: string): void
  close(): void
}

export async function rawCarrier(): Promise<RawCarrier> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const address = `127.0.0.1:${socket.address().port}`
  const heard: SipMessage[] = []
  const waiting = new Set<() => void>()
  let peerPort = 0
  const send = (text: string): void => socket.send(Buffer.from(text, 'latin1'), peerPort, '127.0.0.1')
  socket.on('message', (datagram, from) => {
    peerPort = from.port
    const message = parseMessage(datagram.toString('latin1'))
    if (message.kind === 'failure') throw new Error(`voice sent what nobody can read: ${message.code}`)
    heard.push(message)
    // What needs no thought: the line is there, and a CANCEL or BYE is heard.
    if (message.kind === 'request' && ['OPTIONS', 'CANCEL', 'BYE'].includes(message.method)) send(formatResponse(message, 200, { toTag: 'raw' }))
    for (const look of waiting) look()
  })
  return {
    address, heard,
    request: (method, toTag) => new Promise((resolve) => {
      const look = (): void => {
        const found = heard.find((each): each is SipRequest => each.kind === 'request' && each.method === method &&
          (toTag === undefined || tagOf(header(each, 'to') as string) === toTag))
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    }),
    answer(request, status, toTag, sdp = SDP) {
      const described = sdp === '' ? '' : 'Content-Type: application/sdp\r\n'
      send(formatResponse(request, status, { toTag, headers: `Contact: <sip:leg-${toTag}@${address}>\r\n${described}`, body: sdp }))
    },
    close: () => socket.close(),
  }
}
