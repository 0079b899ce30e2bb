/**
 * Decides who may use which media port. All are bound at the start, so that no call ever fails for a descriptor; each sender
 * owns a slice and takes from it without asking. A port that was used rests before it is given back: the far end of the call
 * before may still be speaking to it.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { Endpoint } from './media-messages.ts'

export interface EndpointPlan {
  host: string
  /** `null`: the system chooses. RTP takes the even port of each pair, RTCP the odd one (RFC 3550 §11). */
  ports: { from: number; to: number } | null
  /** How many each sender owns. */
  shares: number[]
  restMs: number
}

/** Who hears what comes to an endpoint. */
export interface EndpointUser {
  onRtp(datagram: Buffer, from: RemoteInfo): void
  onRtcp(datagram: Buffer, from: RemoteInfo): void
}

export class BoundEndpoint {
  readonly index: number
  readonly owner: number
  readonly port: number
  readonly rtp: Socket
  readonly rtcp: Socket
  user: EndpointUser | null = null
  /** Datagrams to a port that no call uses. */
  unheard = 0
  /** Datagrams that a bug of ours could not bear. */
  failed = 0

  constructor(index: number, owner: number, pair: { rtp: Socket; rtcp: Socket }) {
    this.index = index
    this.owner = owner
    this.rtp = pair.rtp
    this.rtcp = pair.rtcp
    this.port = pair.rtp.address().port
    pair.rtp.on('message', (datagram, from) => this.#receive('onRtp', datagram, from))
    pair.rtcp.on('message', (datagram, from) => this.#receive('onRtcp', datagram, from))
    for (const socket of [pair.rtp, pair.rtcp]) socket.on('error', () => undefined) // what a send meets is the alarm's to notice
  }

  /** One datagram never ends the thread, and with it every call. */
  #receive(how: 'onRtp' | 'onRtcp', datagram: Buffer, from: RemoteInfo): void {
    if (this.user === null) {
      this.unheard += 1
      return
    }
    try {
      this.user[how](datagram, from)
    } catch {
      this.failed += 1
    }
  }
}

export class EndpointPool {
  readonly #endpoints: BoundEndpoint[]
  readonly #restMs: number
  readonly #resting = new Set<NodeJS.Timeout>()
  readonly #onReturned: (endpoint: BoundEndpoint) => void

  private constructor(endpoints: BoundEndpoint[], restMs: number, onReturned: (endpoint: BoundEndpoint) => void) {
    this.#endpoints = endpoints
    this.#restMs = restMs
    this.#onReturned = onReturned
  }

  /** @throws when the range is too small or its ports are taken. */
  static async bind(plan: EndpointPlan, onReturned: (endpoint: BoundEndpoint) => void): Promise<EndpointPool> {
    const owners = plan.shares.flatMap((share, owner) => Array.from({ length: share }, () => owner))
    const ports = portsOf(plan, owners.length)
    const endpoints: BoundEndpoint[] = []
    for (const owner of owners) endpoints.push(new BoundEndpoint(endpoints.length, owner, await bindPair(plan.host, ports)))
    return new EndpointPool(endpoints, plan.restMs, onReturned)
  }

  get(index: number): BoundEndpoint | null {
    return this.#endpoints[index] ?? null
  }

  ownedBy(owner: number): Endpoint[] {
    return this.#endpoints.filter((endpoint) => endpoint.owner === owner).map(({ index, port }) => ({ index, port }))
  }

  /** Nobody hears it from now on; after its rest its owner may take it again. */
  release(endpoint: BoundEndpoint): void {
    endpoint.user = null
    const timer = setTimeout(() => {
      this.#resting.delete(timer)
      this.#onReturned(endpoint)
    }, this.#restMs)
    this.#resting.add(timer)
  }

  close(): void {
    for (const timer of this.#resting) clearTimeout(timer)
    for (const { rtp, rtcp } of this.#endpoints) {
      rtp.close()
      rtcp.close()
    }
  }
}

/** Even ports to try, in an order that a stranger cannot guess (threat 9). */
function* portsOf({ ports }: EndpointPlan, count: number): Generator<number> {
  if (ports === null) {
    for (;;) yield 0
  }
  const first = ports.from + (ports.from % 2)
  const pairs = Array.from({ length: Math.max(0, Math.floor((ports.to - first + 1) / 2)) }, (_, pair) => first + 2 * pair)
  if (pairs.length < count) throw new Error(`${count} calls need ${2 * count} media ports; ${ports.from}–${ports.to} has ${2 * pairs.length}`)
  yield* pairs
}

/** The system may give a port whose neighbour is taken; of a range, pairs that others use are passed over. */
async function bindPair(host: string, ports: Iterator<number>): Promise<{ rtp: Socket; rtcp: Socket }> {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    const { value: wanted, done } = ports.next()
    if (done === true) break
    const rtp = await bind(host, wanted).catch(() => null)
    if (rtp === null) continue
    const rtcp = rtp.address().port < 65_535 ? await bind(host, rtp.address().port + 1).catch(() => null) : null
    if (rtcp !== null) return { rtp, rtcp }
    rtp.close()
  }
  throw new Error(`no pair of free media ports at ${host}`)
}

/** 20 ms of silence in the event loop are 5 packets per call; half a second of 300 calls fits. */
const BUFFER_BYTES = 2 ** 18
/** Every host given to these sockets is an address; asking the resolver at each send would cost more than the send. */
export const alreadyResolved = (host: string, _options: unknown, done: (error: Error | null, address: string, family: number) => void): void =>
  done(null, host, 4)

export function bind(host: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES, sendBufferSize: BUFFER_BYTES, lookup: alreadyResolved })
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}
