/**
 * A proxy as a process of its own, for tests that may not import from here: started over IPC with its options as JSON,
 * it answers `{ address }`, obeys `{ faults }` and `{ break }`, and, when asked to watch, tells each UDP datagram.
 *
 *   fork('interop/faults/proxy-process.ts', ['udp', '{"target":"127.0.0.1:5062","seed":7,"watch":true}'])
 */
import { startTcpProxy } from './tcp-proxy.ts'
import { startUdpProxy } from './udp-proxy.ts'
import type { WireFaults } from './wire-faults.ts'

interface Start {
  target: string
  seed: number
  faults?: Partial<WireFaults>
  watch?: boolean
}
type Order = { faults: Partial<WireFaults> } | { break: boolean } | { counts: true }

const [kind = 'udp', text = '{}'] = process.argv.slice(2)
const { target, seed, faults = {}, watch = false } = JSON.parse(text) as Start
const say = (message: object): void => void process.send?.(message)

if (kind === 'udp') {
  const proxy = await startUdpProxy({
    target, seed, faults,
    ...(watch ? { onDatagram: (direction, bytes) => say({ direction, text: bytes.toString('latin1') }) } : {}),
  })
  process.on('message', (order: Order) => {
    if ('faults' in order) proxy.change(order.faults)
    if ('counts' in order) say({ counts: proxy.counts })
  })
  say({ address: proxy.address })
} else {
  const proxy = await startTcpProxy(target)
  process.on('message', (order: Order) => {
    if ('faults' in order) proxy.change(order.faults)
    if ('break' in order) proxy.break(order.break)
    if ('counts' in order) say({ counts: proxy.counts })
  })
  say({ address: proxy.address })
}
process.once('disconnect', () => process.exit(0))
