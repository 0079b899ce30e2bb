/** A port that nobody has, for UDP and TCP: a telephone must know where voice listens before it does. */
import { createSocket } from 'node:dgram'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  const udp = createSocket('udp4')
  const isFree = await new Promise<boolean>((resolve) => {
    udp.once('error', () => resolve(false))
    udp.bind(port, '127.0.0.1', () => resolve(true))
  })
  if (isFree) udp.close()
  await new Promise((resolve) => probe.close(resolve))
  return isFree ? port : freePort()
}
