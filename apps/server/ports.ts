/** Decides on which ports of this machine the processes of one installation listen: the same after a restart of each. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

const PREFERRED_GATEWAY_PORT = 8080

/** The one port that was asked for cannot be had. */
export class PortTakenError extends Error {
  constructor(host: string, port: number, cause: unknown) {
    const why = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'somebody else has it' : (cause as Error).message
    super(`Loopline cannot listen on ${host}, port ${port}: ${why}. Without PORT a free one is taken.`, { cause })
  }
}

/**
 * Ours are taken from here: below the ports that systems give to outgoing connections (Linux 32768 and up, others 49152),
 * one of which would sooner or later sit on the port of a process that is just being restarted.
 */
const OURS = { from: 20_000, to: 32_000 }
const TRIES = 50

/** A TCP port that was free a moment ago. */
export const freePort = (host = '127.0.0.1'): Promise<number> => oneOfOurs((port) => probeTcp(host, port))

/** The same for datagrams: a port may be free for one and taken for the other. */
export const freeUdpPort = (host = '127.0.0.1'): Promise<number> => oneOfOurs((port) => probeUdp(host, port))

/** The first of some that is free, drawn by lot so that two who look at the same instant find different ones; else any. */
async function oneOfOurs(probe: (port: number) => Promise<number>): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = OURS.from + Math.floor(Math.random() * (OURS.to - OURS.from))
    if (await probe(port).then(() => true, () => false)) return port
  }
  return probe(0)
}

function probeTcp(host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(wanted, host, () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : wanted
      probe.close(() => resolve(port))
    })
  })
}

function probeUdp(host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createSocket('udp4')
    probe.once('error', reject)
    probe.bind(wanted, host, () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** The asked port or an error; without one 8080 or one of the twenty after it, or any free one. */
export async function gatewayPort(host: string, asked: number): Promise<number> {
  if (asked !== 0) return probeTcp(host, asked).catch((error: unknown) => { throw new PortTakenError(host, asked, error) })
  for (let port = PREFERRED_GATEWAY_PORT; port < PREFERRED_GATEWAY_PORT + 20; port += 1) {
    const free = await probeTcp(host, port).catch(() => null)
    if (free !== null) return free
  }
  return freePort(host)
}
