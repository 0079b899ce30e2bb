/**
 * A TCP wire that can be slow, stand still, and break. Standing still is what a frozen peer or a dead router looks like:
 * nobody is told. Breaking resets every connection.
 */
import { connect, createServer, type Socket } from 'node:net'
import { parseAddress } from './udp-proxy.ts'
import { GOOD_WIRE, type WireFaults } from './wire-faults.ts'

export interface TcpProxy {
  /** host:port to connect to instead of the target. */
  readonly address: string
  /** Connections made so far, and open now. */
  readonly counts: { made: number; open: number }
  /** `delayMs` and `cut`; the others are UDP's. */
  change(faults: Partial<Pick<WireFaults, 'delayMs' | 'cut'>>): void
  /** Resets every connection. `refuse` also turns new ones away until called with false. */
  break(refuse?: boolean): void
  close(): Promise<void>
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const faults: WireFaults = { ...GOOD_WIRE }
  const counts = { made: 0, open: 0 }
  const pairs = new Set<Pair>()
  let refusing = false
  const server = createServer((client) => {
    if (refusing) return void client.resetAndDestroy()
    counts.made += 1
    counts.open += 1
    const pair = new Pair(client, target, faults)
    pairs.add(pair)
    client.once('close', () => {
      counts.open -= 1
      pairs.delete(pair)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const reset = (): void => { for (const pair of pairs) pair.reset() }
  return {
    address: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    counts,
    change(changed) {
      Object.assign(faults, changed)
      for (const pair of pairs) pair.flow()
    },
    break(refuse = refusing) {
      refusing = refuse
      reset()
    },
    close() {
      reset()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** One connection through the proxy. */
class Pair {
  readonly #ends: readonly [Socket, Socket]
  readonly #faults: Readonly<WireFaults>

  constructor(client: Socket, target: string, faults: Readonly<WireFaults>) {
    const upstream = connect({ ...parseAddress(target), noDelay: true })
    client.setNoDelay(true)
    this.#ends = [client, upstream]
    this.#faults = faults
    this.#join(client, upstream)
    this.#join(upstream, client)
    this.flow()
  }

  /** Lets bytes wait in the kernel while the wire is cut, and pass when it is whole. */
  flow(): void {
    for (const end of this.#ends) {
      if (this.#faults.cut) end.pause()
      else end.resume()
    }
  }

  reset(): void {
    for (const end of this.#ends) if (!end.destroyed) end.resetAndDestroy()
  }

  #join(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      const pass = (): void => { if (to.writable) to.write(bytes) }
      if (this.#faults.delayMs === 0) pass()
      else setTimeout(pass, this.#faults.delayMs)
    })
    from.on('error', () => undefined) // 'close' follows and does the work
    from.on('close', () => { if (!to.destroyed) to.destroy() })
  }
}
