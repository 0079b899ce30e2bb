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

/** A port that was free a moment ago. */
export function freePort(host = '127.0.0.1', wanted = 0): Promise<number> {
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

/** The same for datagrams: a port may be free for one and taken for the other. */
export function freeUdpPort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createSocket('udp4')
    probe.once('error', reject)
    probe.bind(0, host, () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** The asked port or an error; without one 8080 or one of the twenty after it, or any free one. */
export async function gatewayPort(host: string, asked: number): Promise<number> {
  if (asked !== 0) return freePort(host, asked).catch((error: unknown) => { throw new PortTakenError(host, asked, error) })
  for (let port = PREFERRED_GATEWAY_PORT; port < PREFERRED_GATEWAY_PORT + 20; port += 1) {
    const free = await freePort(host, port).catch(() => null)
    if (free !== null) return free
  }
  return freePort(host)
}
