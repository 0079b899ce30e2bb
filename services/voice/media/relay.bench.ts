/**
 * What relaying costs: µs of processor per packet of G.711 on the media thread's own path, sockets included, plain on both
 * sides and with SRTP (AES-CM) on one. A generator process sends, another thread of it takes what comes out; only this
 * process is measured. Aim: plain ≤ 20, SRTP on one side ≤ 30.
 * Run: node services/voice/media/relay.bench.ts [calls] [seconds]. Prints JSON last.
 */
import { fork } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { randomBytes } from 'node:crypto'
import { masterBytes } from '@loopline/rtp/srtp/profile'
import { EndpointPool } from './endpoint-pool.ts'
import { Leg } from './leg.hot.ts'
import type { RemoteMedia, SrtpKeys } from './media-messages.ts'
import { OutStream } from './out-stream.hot.ts'
import { PlainLeg } from './plain-leg.hot.ts'
import { srtpOf } from './primitives.ts'

const calls = Number(process.argv[2] ?? 50)
const seconds = Number(process.argv[3] ?? 5)
const PACKETS_PER_SECOND = 50

interface Plan {
  /** Our ports, customer's and agent's of each call in turn. */
  targets: number[]
  /** What protects the packets to the second of each pair; '' for none. */
  keys: SrtpKeys | null
}

if (process.send === undefined) await measureAll()
else process.once('message', (plan: Plan) => { generate(plan).catch((error: unknown) => { throw error }) })

async function measureAll(): Promise<void> {
  const key = randomBytes(masterBytes('AES_CM_128_HMAC_SHA1_80')).toString('base64')
  const plain = await measure(null)
  const srtp = await measure({ profile: 'AES_CM_128_HMAC_SHA1_80', send: key, receive: key })
  console.log(`plain ${plain} µs, SRTP on one side ${srtp} µs per packet at ${calls} calls`)
  console.log(JSON.stringify({ calls, seconds, plainMicrosPerPacket: plain, srtpMicrosPerPacket: srtp }))
}

async function measure(keys: SrtpKeys | null): Promise<number> {
  const pool = await EndpointPool.bind({ host: '127.0.0.1', ports: null, shares: [2 * calls], restMs: 0 }, () => undefined)
  const targets = pool.ownedBy(0).map(({ port }) => port)
  const generator = fork(import.meta.filename, process.argv.slice(2))
  const ports = await new Promise<number[]>((resolve) => {
    generator.once('message', (message) => resolve(message as number[]))
    generator.send({ targets, keys } satisfies Plan)
  })
  const legs = ports.map((port, index) => plainLeg(pool, index, port, index % 2 === 1 ? keys : null))
  for (let index = 0; index < legs.length; index += 2) join(legs[index] as PlainLeg, legs[index + 1] as PlainLeg)
  const before = process.cpuUsage()
  generator.send('go')
  await new Promise((resolve) => generator.once('message', resolve))
  const spent = process.cpuUsage(before)
  const relayed = legs.reduce((sum, { leg }) => sum + leg.out.packets, 0)
  pool.close()
  await new Promise((resolve) => generator.once('exit', resolve))
  if (relayed < 0.9 * 2 * calls * PACKETS_PER_SECOND * seconds) console.log(`only ${relayed} packets were relayed: the machine was busy`)
  return Number(((spent.user + spent.system) / relayed).toFixed(1))
}

function plainLeg(pool: EndpointPool, index: number, port: number, keys: SrtpKeys | null): PlainLeg {
  const endpoint = pool.get(index)
  if (endpoint === null) throw new Error('no endpoint')
  const leg = new Leg(index + 1, new OutStream({ ssrc: index + 1, sequence: 1, timestamp: 1 }))
  const plain = new PlainLeg(endpoint, leg, { onRtcp: () => undefined })
  const remote: RemoteMedia = { host: '127.0.0.1', port, rtcpPort: port }
  plain.signal(remote, keys)
  leg.agree({ codec: 'PCMA', telephoneEvent: null, ptimeMs: 20, direction: 'sendrecv' })
  return plain
}

function join(a: PlainLeg, b: PlainLeg): void {
  a.leg.relayTo = b.leg
  b.leg.relayTo = a.leg
}

/** Far ends of all legs: a frame each 20 ms from each, whatever comes is read and forgotten. */
async function generate({ targets, keys }: Plan): Promise<void> {
  const peers = await Promise.all(targets.map(async (target, index) => {
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) })
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    socket.on('message', () => undefined)
    return { socket, target, srtp: keys !== null && index % 2 === 1 ? srtpOf(keys) : null, sequence: 0, ssrc: 0x1000 + index }
  }))
  process.send?.(peers.map(({ socket }) => socket.address().port))
  await new Promise((resolve) => process.once('message', resolve))
  const bytes = Buffer.alloc(200, 0xd5)
  let frame = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      for (const peer of peers) {
        peer.sequence += 1
        bytes.fill(0xd5, 12, 172)
        bytes.writeUInt16BE(0x8008, 0)
        bytes.writeUInt16BE(peer.sequence & 0xffff, 2)
        bytes.writeUInt32BE(peer.sequence * 160, 4)
        bytes.writeUInt32BE(peer.ssrc, 8)
        const length = peer.srtp === null ? 172 : peer.srtp.sender.protectRtp(bytes, 172)
        peer.socket.send(Buffer.from(bytes.subarray(0, length)), peer.target, '127.0.0.1')
      }
      frame += 1
      if (frame < PACKETS_PER_SECOND * seconds) return
      clearInterval(timer)
      resolve()
    }, 1_000 / PACKETS_PER_SECOND)
  })
  process.send?.('done')
  process.exit(0)
}
