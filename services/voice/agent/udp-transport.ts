/** SIP over UDP for desk telephones. Nothing is remembered of a source here, and what is no SIP at all costs one comparison. */
import { createSocket, type RemoteInfo } from 'node:dgram'
import { parseAddress } from '../line-socket.ts'
import type { AgentFlow, FlowHandlers } from './agent-flow.ts'

const BUFFER_BYTES = 2 ** 20
/** A telephone's INVITE is 1 to 2 kB; the network would cut anything much longer into fragments. */
const DATAGRAM_BYTES_MAX = 16_384

export interface AgentTransport {
  /** Where it listens, `host:port`. */
  readonly local: string
  close(): Promise<void>
}

/** What Via and Contact say of a socket: telephones send there, so that the wildcard becomes an address that they reach. */
export const announced = (host: string, port: number, reachable: () => string): string => `${host === '0.0.0.0' || host === '::' ? reachable() : host}:${port}`

/** @throws when the address is taken. */
export function openUdp(listen: string, { handlers, reachable }: { handlers: FlowHandlers; reachable: (source: string) => string }): Promise<AgentTransport> {
  const { host, port } = parseAddress(listen)
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: BUFFER_BYTES, sendBufferSize: BUFFER_BYTES })
  let bound = port
  socket.on('message', (datagram: Buffer, from: RemoteInfo) => {
    if (!beginsLikeSip(datagram)) return
    handlers.onMessage(flowTo(from), datagram.toString('latin1'))
  })
  const flowTo = ({ address, port: remotePort }: RemoteInfo): AgentFlow => ({
    id: `udp:${address}:${remotePort}`, transport: 'UDP', source: address, local: announced(host, bound, () => reachable(address)), agentId: null, remote: { address, port: remotePort },
    send: (text) => socket.send(Buffer.from(text, 'latin1'), remotePort, address, () => undefined),
    proven: () => undefined,
    close: () => undefined,
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', reject)
      socket.on('error', () => undefined)                  // a refused port of somebody else's must not end ours
      bound = socket.address().port
      resolve({ local: `${host}:${bound}`, close: () => new Promise((closed) => socket.close(() => closed())) })
    })
  })
}

/** Methods and `SIP/2.0` begin with a capital letter; STUN, DTLS, RTP and line breaks do not. */
function beginsLikeSip(datagram: Buffer): boolean {
  const first = datagram[0] ?? 0
  return first >= 65 && first <= 90 && datagram.length <= DATAGRAM_BYTES_MAX
}
