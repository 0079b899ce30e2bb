/** A carrier whose every datagram the test writes: for answers that no well-behaved engine would give. */
import { createSocket } from 'node:dgram'
import { parseMessage, type SipMessage, type SipRequest, type SipResponse } from '@loopline/sip/message'
import { formatRequest, formatResponse } from '@loopline/sip/serialise'
import { parseNameAddr, tagOf } from '@loopline/sip/header/name-addr'
import { header } from '@loopline/sip/message'
import { SDP } from './scripted-carrier.ts'

export interface RawCarrier {
  address: string
  /** While it is set, a BYE or CANCEL is heard and not answered: the far end has lost its power. */
  isDead: boolean
  /** Everything that came, in order. */
  heard: SipMessage[]
  /** The first request of that method, now or later; of that dialog when a tag is given. */
  request(method: string, toTag?: string): Promise<SipRequest>
  /** Answers an INVITE; with a session description unless it says otherwise. */
  answer(request: SipRequest, status: number, toTag: string, sdp?: string): void
  /** Asks within the dialog that an INVITE of ours began, as its far end: a BYE, a re-INVITE, the ACK of its answer. */
  ask(invite: SipRequest, method: string, how: { cseq: number; toTag: string; sdp?: string }): void
  /** The answer to such a request, now or later. */
  response(method: string, cseq: number): Promise<SipResponse>
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
    if (message.kind === 'request' && !carrier.isDead && ['OPTIONS', 'CANCEL', 'BYE'].includes(message.method)) send(formatResponse(message, 200, { toTag: 'raw' }))
    for (const look of waiting) look()
  })
  const carrier: RawCarrier = {
    address, heard, isDead: false,
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
    ask(invite, method, { cseq, toTag, sdp = '' }) {
      send(formatRequest({
        method, uri: parseNameAddr(header(invite, 'contact') as string)?.uriText ?? '', sentBy: address, branch: `z9hG4bK${method}${cseq}`, cseq,
        from: `${header(invite, 'to')};tag=${toTag}`, to: header(invite, 'from') as string, callId: invite.callId,
        headers: `Contact: <sip:leg-${toTag}@${address}>\r\n${sdp === '' ? '' : 'Content-Type: application/sdp\r\n'}`, body: sdp,
      }))
    },
    response: (method, cseq) => new Promise((resolve) => {
      const look = (): void => {
        const found = heard.find((each): each is SipResponse => each.kind === 'response' && each.cseqMethod === method && each.cseq === cseq && each.status >= 200)
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    }),
    close: () => socket.close(),
  }
  return carrier
}
