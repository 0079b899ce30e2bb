import { createHash, createHmac, randomBytes, sign, X509Certificate } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { DtlsClient, type Transport } from 'werift'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkProof, fingerprintOf, type HandshakeMessage } from '../media/dtls-proof.ts'
import { createCertificate, HANDSHAKE_LIMITS, Handshakes, type Certificate } from '../media/handshakes.ts'
import type { FromHandshake, ToHandshake } from '../media/handshake-messages.ts'
import type { SrtpKeys } from '../media/media-messages.ts'

type LegMessage = Extract<FromHandshake, { legKey: string }>
type Outcome = Extract<FromHandshake, { type: 'keys' | 'failed' }>

/** The thread with its messages sorted by leg, as the media thread has it. */
class Thread {
  readonly #worker = new Worker(new URL('../media/handshake-thread.ts', import.meta.url))
  readonly #legs = new Map<string, (message: LegMessage) => void>()
  readonly ready = new Promise<string>((resolve) => {
    this.#worker.on('message', (message: FromHandshake) => {
      if (message.type === 'ready') resolve(message.fingerprint)
      else if (message.type !== 'stopped') this.#legs.get(message.legKey)?.(message)
    })
  })

  say(message: ToHandshake): void {
    this.#worker.postMessage(message)
  }

  /** Expects a leg; its datagrams go to `send`, its end is the promise. */
  leg(legKey: string, fingerprint: string, send: (datagram: Uint8Array) => void): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#legs.set(legKey, (message) => (message.type === 'send' ? send(message.datagram) : resolve(message)))
      this.say({ type: 'expect', legKey, fingerprint })
    })
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => { this.#worker.once('exit', resolve) })
    this.say({ type: 'shut-down' })
    await gone
  }
}

interface Peer {
  client: DtlsClient
  transport: Transport
  connected: Promise<void>
}

/** werift's client, whose datagrams go to `send`. */
function peer(certificate: Certificate, send: (datagram: Uint8Array) => void): Peer {
  const transport: Transport = {
    type: 'test', address: { address: '', family: 'IPv4', port: 0 }, closed: false, onData: () => {},
    send: (data) => Promise.resolve(send(Uint8Array.from(data))), close: () => Promise.resolve(),
  }
  const client = new DtlsClient({
    cert: certificate.certPem, key: certificate.keyPem, signatureHash: { hash: 4, signature: 3 }, transport, srtpProfiles: [1], extendedMasterSecret: true,
  })
  return { client, transport, connected: new Promise((resolve) => { client.onConnect.once(() => resolve()) }) }
}

function deliver({ transport }: Peer, datagram: Uint8Array): void {
  transport.onData(Buffer.from(datagram), ['', 0])
}

let thread: Thread
let theirs: Certificate

beforeAll(async () => {
  thread = new Thread()
  theirs = await createCertificate()
  await thread.ready
})
afterAll(() => thread.stop())

function connect(legKey: string, fingerprint: string, certificate: Certificate): { outcome: Promise<Outcome>; peer: Peer } {
  const other = peer(certificate, (datagram) => thread.say({ type: 'datagram', legKey, datagram }))
  const outcome = thread.leg(legKey, fingerprint, (datagram) => deliver(other, datagram))
  void other.client.connect().catch(() => {})
  return { outcome, peer: other }
}

test('tells the fingerprint that its certificate has', async () => {
  expect(await thread.ready).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)
})

test('a handshake ends with keys that both sides share', async () => {
  const { outcome, peer: other } = connect('leg-1', theirs.fingerprint, theirs)
  const ended = await outcome
  await other.connected
  const { localKey, localSalt, remoteKey, remoteSalt } = other.client.extractSessionKeys(16, 14)
  expect(ended).toEqual({
    type: 'keys', legKey: 'leg-1', keys: {
      profile: 'AES_CM_128_HMAC_SHA1_80',
      send: Buffer.concat([remoteKey, remoteSalt]).toString('base64'),
      receive: Buffer.concat([localKey, localSalt]).toString('base64'),
    },
  })
})

test('the certificate in the SDP has to be the one that comes', async () => {
  const { outcome } = connect('leg-2', (await createCertificate()).fingerprint, theirs)
  expect(await outcome).toEqual({ type: 'failed', legKey: 'leg-2', reason: 'wrong-fingerprint' })
})

test('who shows the certificate without having its key is refused (threat 11)', async () => {
  const own = await createCertificate()
  const { outcome } = connect('leg-3', theirs.fingerprint, { ...own, certPem: theirs.certPem })
  expect(await outcome).toEqual({ type: 'failed', legKey: 'leg-3', reason: 'wrong-signature' })
})

test('threat-11: fifty at once all end, while ClientHellos are sprayed at legs known and unknown', async () => {
  const hellos: Uint8Array[] = []
  void peer(await createCertificate(), (datagram) => hellos.push(datagram)).client.connect().catch(() => {})
  await expect.poll(() => hellos.length).toBeGreaterThan(0)
  const all = Array.from({ length: 50 }, (_, at) => connect(`many-${at}`, theirs.fingerprint, theirs).outcome)
  for (let at = 0; at < 2_000; at++) thread.say({ type: 'datagram', legKey: `nobody-${at}`, datagram: hellos[0] as Uint8Array })
  for (let at = 0; at < 500; at++) thread.say({ type: 'datagram', legKey: `many-${at % 50}`, datagram: randomBytes(60).fill(22, 0, 1) })
  expect((await Promise.all(all)).map(({ type }) => type)).toEqual(Array.from({ length: 50 }, () => 'keys'))
})

describe('what comes at the wrong time', () => {
  /** Handshakes of this thread, so that what they refuse can be seen. */
  async function until(phase: 'answered' | 'done'): Promise<{ handshakes: Handshakes; said: FromHandshake[]; fromClient: Uint8Array[] }> {
    const said: FromHandshake[] = []
    const fromClient: Uint8Array[] = []
    const handshakes: Handshakes = new Handshakes(await createCertificate(), (message) => {
      said.push(message)
      if (message.type === 'send' && (phase === 'done' || fromClient.length < 2)) deliver(other, message.datagram)
    })
    const other = peer(theirs, (datagram) => {
      fromClient.push(datagram)
      handshakes.receive('leg', datagram)
    })
    handshakes.expect('leg', theirs.fingerprint)
    void other.client.connect().catch(() => {})
    await expect.poll(() => (phase === 'done' ? said.some(({ type }) => type === 'keys') : fromClient.length >= 2)).toBe(true)
    return { handshakes, said, fromClient }
  }

  test('a ClientHello after the end begins nothing', async () => {
    const { handshakes, said, fromClient } = await until('done')
    const before = said.length
    handshakes.receive('leg', fromClient[0] as Uint8Array)
    handshakes.receive('leg', fromClient[1] as Uint8Array)
    expect(handshakes.refused).toBe(2)
    expect(said).toHaveLength(before)
    handshakes.close()
  })

  test('a ClientHello without cookie does not restart a handshake that answered one with it (CVE-2023-51443)', async () => {
    const { handshakes, fromClient } = await until('answered')
    handshakes.receive('leg', fromClient[0] as Uint8Array)
    expect(handshakes.refused).toBe(1)
    handshakes.close()
  })

  test('alerts in clear, cut records and nothing at all are refused', async () => {
    const { handshakes } = await until('answered')
    for (const hex of ['15fefd000000000000000000020228', '16fefd0000000000000000ffff01', '', '16', '14fefd00000000000000000001']) {
      handshakes.receive('leg', Uint8Array.from(Buffer.from(hex, 'hex')))
    }
    expect(handshakes.refused).toBe(5)
    handshakes.close()
  })
})

test('legs are bounded in number and in time', async () => {
  const said: FromHandshake[] = []
  const handshakes = new Handshakes(await createCertificate(), (message) => said.push(message), { ...HANDSHAKE_LIMITS, handshakesMax: 1, handshakeMs: 20 })
  handshakes.expect('first', theirs.fingerprint)
  handshakes.expect('second', theirs.fingerprint)
  expect(said).toEqual([{ type: 'failed', legKey: 'second', reason: 'too-many' }])
  await expect.poll(() => said.at(-1)).toEqual({ type: 'failed', legKey: 'first', reason: 'timed-out' })
  handshakes.expect('third', theirs.fingerprint)
  expect(said).toHaveLength(2)
  handshakes.close()
})

describe('proof of a handshake', () => {
  const masterSecret = randomBytes(48)
  const message = (type: number, body: Uint8Array): HandshakeMessage => ({ type, body, bytes: Uint8Array.from([type, ...body]) })

  /** Hello, their signature over it, and a Finished over both by PRF (RFC 5246 §5, one block). */
  function signed(hash: number): { certificate: Uint8Array; messages: HandshakeMessage[] } {
    const certificate = new X509Certificate(theirs.certPem).raw
    const hello = message(1, randomBytes(40))
    const signature = sign('sha256', hello.bytes, theirs.keyPem)
    const verify = message(15, Uint8Array.from([hash, 3, 0, signature.length, ...signature]))
    const seed = Buffer.concat([Buffer.from('client finished'), createHash('sha256').update(hello.bytes).update(verify.bytes).digest()])
    const hmac = (data: Uint8Array): Buffer => createHmac('sha256', masterSecret).update(data).digest()
    return { certificate, messages: [hello, verify, message(20, hmac(Buffer.concat([hmac(seed), seed])).subarray(0, 12))] }
  }

  test('certificate, signature and Finished together are enough', () => {
    expect(checkProof({ fingerprint: theirs.fingerprint, masterSecret, ...signed(4) })).toBeNull()
  })
  test('a Finished under another secret, or none, is refused', () => {
    const proof = { fingerprint: theirs.fingerprint, masterSecret: randomBytes(48), ...signed(4) }
    expect(checkProof(proof)).toBe('wrong-finished')
    expect(checkProof({ ...proof, masterSecret, messages: proof.messages.slice(0, 2) })).toBe('wrong-finished')
  })
  test('a signature over something else, by SHA-1, or none is refused', () => {
    const proof = { fingerprint: theirs.fingerprint, masterSecret, ...signed(4) }
    expect(checkProof({ ...proof, messages: [message(1, randomBytes(40)), ...proof.messages.slice(1)] })).toBe('wrong-signature')
    expect(checkProof({ ...proof, ...signed(2) })).toBe('wrong-signature')
    expect(checkProof({ ...proof, messages: [] })).toBe('wrong-signature')
  })
  test('no certificate, and bytes that are none, are refused', () => {
    const noCertificate = randomBytes(100)
    expect(checkProof({ fingerprint: theirs.fingerprint, masterSecret, certificate: undefined, messages: [] })).toBe('no-certificate')
    expect(checkProof({ fingerprint: fingerprintOf(noCertificate), masterSecret, certificate: noCertificate, messages: [] })).toBe('wrong-signature')
  })
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe.runIf(hasOpenssl)('with OpenSSL as the client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loopline-dtls-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  async function handshakeOf(profile: string, keyBytes: number): Promise<{ keys: SrtpKeys; material: Buffer }> {
    const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
    writeFileSync(certificate, theirs.certPem)
    writeFileSync(key, theirs.keyPem)
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => { socket.bind(0, '127.0.0.1', resolve) })
    const client = spawn('openssl', [
      's_client', '-dtls1_2', '-connect', `127.0.0.1:${socket.address().port}`, '-cert', certificate, '-key', key,
      '-use_srtp', profile, '-keymatexport', 'EXTRACTOR-dtls_srtp', '-keymatexportlen', String(keyBytes * 2),
    ])
    let output = ''
    client.stdout.on('data', (text: Buffer) => { output += text.toString() })
    try {
      const clientPort = new Promise<number>((resolve) => { socket.once('message', (_, from) => resolve(from.port)) })
      socket.on('message', (datagram) => thread.say({ type: 'datagram', legKey: profile, datagram: Uint8Array.from(datagram) }))
      const ended = await thread.leg(profile, theirs.fingerprint, (datagram) => { void clientPort.then((to) => socket.send(datagram, to, '127.0.0.1')) })
      if (ended.type === 'failed') throw new Error(ended.reason)
      await expect.poll(() => output, { timeout: 10_000 }).toMatch(/Keying material: [0-9A-F]{10}/)
      return { keys: ended.keys, material: Buffer.from(/Keying material: ([0-9A-F]+)/.exec(output)?.[1] as string, 'hex') }
    } finally {
      client.kill()
      socket.close()
    }
  }

  test.each([['SRTP_AES128_CM_SHA1_80', 'AES_CM_128_HMAC_SHA1_80', 14], ['SRTP_AEAD_AES_128_GCM', 'AEAD_AES_128_GCM', 12]])('%s: the keys agree', async (name, profile, saltBytes) => {
    const { keys, material } = await handshakeOf(name, 16 + saltBytes)
    const part = (from: number, bytes: number): Buffer => material.subarray(from, from + bytes)
    expect(keys).toEqual({
      profile,
      receive: Buffer.concat([part(0, 16), part(32, saltBytes)]).toString('base64'),
      send: Buffer.concat([part(16, 16), part(32 + saltBytes, saltBytes)]).toString('base64'),
    })
  })
})
