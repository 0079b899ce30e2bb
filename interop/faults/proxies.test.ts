/** A proxy that does not do what it says would let every fault test pass. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer, type Socket as TcpSocket } from 'node:net'
import { expect, test } from 'vitest'
import { seededRandom } from './seeded-random.ts'
import { startTcpProxy } from './tcp-proxy.ts'
import { startUdpProxy } from './udp-proxy.ts'
import { fateOf, GOOD_WIRE, type WireFaults } from './wire-faults.ts'

const fates = (faults: Partial<WireFaults>, count: number, seed = 7): number[][] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => fateOf({ ...GOOD_WIRE, ...faults }, random))
}
const share = (list: number[][], good: (fate: number[]) => boolean): number => list.filter(good).length / list.length

const cases: { name: string; faults: Partial<WireFaults>; good: (fate: number[]) => boolean; about: number }[] = [
  { name: 'a good wire delivers everything once and at once', faults: {}, good: (fate) => fate.length === 1 && fate[0] === 0, about: 1 },
  { name: 'thirty in a hundred are lost', faults: { lossPercent: 30 }, good: (fate) => fate.length === 0, about: 0.3 },
  { name: 'ten in a hundred come twice', faults: { duplicatePercent: 10 }, good: (fate) => fate.length === 2, about: 0.1 },
  { name: 'twenty in a hundred are overtaken', faults: { reorderPercent: 20, reorderMs: 40 }, good: (fate) => fate[0] === 40, about: 0.2 },
  { name: 'a cut wire delivers nothing', faults: { cut: true }, good: (fate) => fate.length === 0, about: 1 },
]
test.each(cases)('$name', ({ faults, good, about }) => {
  expect(share(fates(faults, 10_000), good)).toBeCloseTo(about, 1)
})

test('the same seed has the same accidents, another seed has others', () => {
  const faults = { lossPercent: 20, duplicatePercent: 10 }
  expect(fates(faults, 200, 1)).toEqual(fates(faults, 200, 1))
  expect(fates(faults, 200, 1)).not.toEqual(fates(faults, 200, 2))
})

async function udpEcho(): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address))
  return socket
}

test('two clients of a UDP proxy each get their own answers; a cut wire is silent and then whole again', async () => {
  const echo = await udpEcho()
  const proxy = await startUdpProxy({ target: `127.0.0.1:${echo.address().port}`, seed: 1 })
  const port = Number(proxy.address.split(':')[1])
  const [one, two] = [createSocket('udp4'), createSocket('udp4')]
  const ask = async (socket: Socket, text: string): Promise<string> => {
    socket.send(text, port, '127.0.0.1')
    const [answer] = (await once(socket, 'message')) as [Buffer]
    return answer.toString()
  }
  expect(await Promise.all([ask(one, 'one'), ask(two, 'two')])).toEqual(['one', 'two'])
  proxy.change({ cut: true })
  one.send('into the void', port, '127.0.0.1')
  while (proxy.counts.lost === 0) await new Promise((resolve) => setImmediate(resolve))
  proxy.change({ cut: false })
  expect(await ask(one, 'again')).toBe('again')
  for (const socket of [echo, one, two]) socket.close()
  proxy.close()
})

/** `once` would reject with the reset that is wanted here. */
const closed = (socket: TcpSocket): Promise<void> => new Promise((resolve) => void socket.on('error', () => undefined).once('close', () => resolve()))

test('a cut TCP wire holds bytes back and passes them later; a broken one resets, and refuses until told otherwise', async () => {
  const server = createServer((socket) => void socket.on('error', () => undefined).pipe(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  const proxy = await startTcpProxy(`127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`)
  const port = Number(proxy.address.split(':')[1])
  const open = connect(port, '127.0.0.1').setEncoding('utf8')
  open.write('before')
  expect((await once(open, 'data'))[0]).toBe('before')
  proxy.change({ cut: true })
  let heard = ''
  open.on('data', (text: string) => { heard += text })
  open.write('held')
  const other = connect(port, '127.0.0.1').on('error', () => undefined)
  await once(other, 'connect') // the proxy's loop has turned since, and nothing came
  expect(heard).toBe('')
  proxy.change({ cut: false })
  while (heard === '') await once(open, 'data')
  expect(heard).toBe('held')
  const gone = closed(open)
  proxy.break(true)
  await gone
  await closed(connect(port, '127.0.0.1'))
  proxy.break(false)
  const again = connect(port, '127.0.0.1').setEncoding('utf8')
  again.write('whole')
  expect((await once(again, 'data'))[0]).toBe('whole')
  again.destroy()
  await proxy.close()
  server.close()
})
