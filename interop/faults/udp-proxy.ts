/**
 * A UDP wire that can lose, double, delay, overtake and be cut, by a seed. Each client address gets a socket of its own
 * towards the target, as behind a NAT, so that answers and requests of the target find their way back.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { seededRandom } from './seeded-random.ts'
import { fateOf, GOOD_WIRE, type WireFaults } from './wire-faults.ts'

/** Which way a datagram goes: from a client to the target, or back. */
export type Direction = 'to-target' | 'to-client'

export interface UdpProxyOptions {
  /** host:port; the host is an address. */
  target: string
  seed: number
  faults?: Partial<WireFaults>
  /** Sees every datagram as it comes in, before its fate is decided. */
  onDatagram?: (direction: Direction, bytes: Buffer) => void
}

export interface UdpProxy {
  /** host:port to send to instead of the target. */
  readonly address: string
  /** What happened so far; a fault that never struck proves nothing. */
  readonly counts: Readonly<Record<'passed' | 'lost' | 'doubled' | 'held', number>>
  change(faults: Partial<WireFaults>): void
  close(): void
}

export async function startUdpProxy({ target, seed, faults: wanted = {}, onDatagram }: UdpProxyOptions): Promise<UdpProxy> {
  const random = seededRandom(seed)
  const faults: WireFaults = { ...GOOD_WIRE, ...wanted }
  const counts = { passed: 0, lost: 0, doubled: 0, held: 0 }
  const to = parseAddress(target)
  const upstream = new Map<string, Promise<Socket>>()
  const timers = new Set<NodeJS.Timeout>()
  const front = await bound()

  const carry = (direction: Direction, bytes: Buffer, deliver: () => void): void => {
    onDatagram?.(direction, bytes)
    const arrivals = fateOf(faults, random)
    if (arrivals.length === 0) counts.lost += 1
    if (arrivals.length === 2) counts.doubled += 1
    for (const afterMs of arrivals) {
      counts.passed += 1
      if (afterMs > faults.delayMs) counts.held += 1
      if (afterMs === 0) deliver()
      else later(timers, afterMs, deliver)
    }
  }
  const openUpstream = async (client: RemoteInfo): Promise<Socket> => {
    const socket = await bound()
    socket.on('message', (bytes) => carry('to-client', bytes, () => front.send(bytes, client.port, client.address, ignore)))
    return socket
  }
  front.on('message', (bytes, client) => {
    const key = `${client.address}:${client.port}`
    const socket = upstream.get(key) ?? openUpstream(client)
    upstream.set(key, socket)
    carry('to-target', bytes, () => void socket.then((open) => open.send(bytes, to.port, to.host, ignore)))
  })
  return {
    address: `127.0.0.1:${front.address().port}`, counts,
    change: (changed) => void Object.assign(faults, changed),
    close() {
      for (const timer of timers) clearTimeout(timer)
      front.close()
      for (const socket of upstream.values()) void socket.then((open) => open.close())
    },
  }
}

function bound(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 })
  socket.on('error', ignore)
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket)))
}

function later(timers: Set<NodeJS.Timeout>, ms: number, act: () => void): void {
  const timer = setTimeout(() => {
    timers.delete(timer)
    act()
  }, ms)
  timers.add(timer)
}

export function parseAddress(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':')
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) }
}

/** Whoever is not there any more is one of the faults under test. */
function ignore(): void {}
