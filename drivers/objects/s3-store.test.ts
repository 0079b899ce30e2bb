/** Against a server nobody here wrote where LOOPLINE_TEST_S3 names one (interop/s3/s3.peer.ts starts it); its failures against servers of our own. */
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { objectStoreContract } from './object-store.contract.ts'
import { openS3Store } from './s3-store.ts'

const real = process.env['LOOPLINE_TEST_S3'] ?? ''

describe.skipIf(real === '')('a real S3 server', () => {
  const addressOf = (prefix: string): URL => {
    const url = new URL(real)
    url.pathname = prefix
    return url
  }
  const open = (prefix: string): Promise<ReturnType<typeof openS3Store>> => Promise.resolve(openS3Store(addressOf(prefix)))
  objectStoreContract('s3 with a prefix', () => open('/installation-1'))

  test('two installations in one bucket see nothing of each other', async () => {
    const [one, other] = await Promise.all([open('/one'), open('/one-more')])
    await one.put('a/x', Uint8Array.of(1))
    expect(await other.get('a/x')).toBeNull()
    expect(await other.list('a')).toEqual([])
    await Promise.all([one.close(), other.close()])
  })

  test('a folder of more names than one answer holds is listed whole', async () => {
    const store = await open('/many')
    const names = Array.from({ length: 1_050 }, (_, index) => `f/${String(index).padStart(6, '0')}`)
    for (let at = 0; at < names.length; at += 50) await Promise.all(names.slice(at, at + 50).map((name) => store.put(name, Uint8Array.of(1))))
    expect(await store.list('f')).toEqual(names)
    await store.close()
  })

  test('a bucket that is not there is an error, never an empty store', async () => {
    const url = addressOf('/x')
    url.hostname = 'no-such-bucket'
    const store = openS3Store(url)
    await expect(store.get('a/x')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
    await expect(store.list('a')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
    await expect(store.put('a/x', Uint8Array.of(1))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
    await store.close()
  })
})

const servers: Server[] = []
afterEach(() => { for (const server of servers.splice(0)) server.close() })

async function storeAt(server: Server): Promise<ReturnType<typeof openS3Store>> {
  servers.push(server)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return openS3Store(new URL(`s3://bucket/p?endpoint=http://127.0.0.1:${(server.address() as AddressInfo).port}`), { answerWithinMs: 3_000, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
}
const refusing = (status: number, code: string): RequestListener => (request, response) => {
  request.resume()
  request.on('end', () => response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code><Message>test</Message></Error>`))
}

test('f12 a store that answers 500 is asked again, then it is unreachable', async () => {
  let asked = 0
  const store = await storeAt(createHttpServer((request, response) => {
    asked += 1
    refusing(500, 'InternalError')(request, response)
  }))
  await expect(store.put('a/x', Uint8Array.of(1))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  expect(asked).toBe(3)
})

test('f12 a store that slows us down once is only asked again', async () => {
  let asked = 0
  const store = await storeAt(createHttpServer((request, response) => {
    asked += 1
    if (asked === 1) return refusing(503, 'SlowDown')(request, response)
    request.resume()
    request.on('end', () => response.writeHead(200).end())
  }))
  await store.put('a/x', Uint8Array.of(1))
  expect(asked).toBe(2)
})

test('f12 a full store says that it is full', async () => {
  const store = await storeAt(createHttpServer(refusing(507, 'XMinioStorageFull')))
  await expect(store.put('a/x', Uint8Array.of(1))).rejects.toMatchObject({ code: 'STORE_FULL' })
})

test('f12 a store that never answers is given up', async () => {
  const store = await storeAt(createTcpServer((socket) => void socket.resume()))
  await expect(store.get('a/x')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
})
