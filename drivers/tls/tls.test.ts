import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { AUTHORITY_DAYS, SERVER_DAYS, createAuthority, issue, maySignFor, type KeyPair } from './certificate-authority.ts'
import { followCertificate, readCertificate } from './certificate-files.ts'
import { keepCertificate } from './installation-certificate.ts'
import { isDnsName, ownNames, type ServerNames } from './server-names.ts'

const DAY_MS = 86_400_000
const NAMES: ServerNames = { dns: ['localhost', 'desk'], ip: ['127.0.0.1', '192.168.1.5'] }
const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'loopline-tls-'))
  folders.push(folder)
  return folder
}
afterAll(() => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }) })

let authority: KeyPair
beforeAll(async () => { authority = await createAuthority(NAMES, Date.now()) })

/** What a client that trusts `ca` says of a server that shows `pair`, under the name it asked for: `ok`, or OpenSSL's code. */
async function visit(pair: KeyPair, { ca, as }: { ca: string; as: string }): Promise<string> {
  const server = createServer({ cert: pair.certificate, key: pair.key, minVersion: 'TLSv1.3' }, (socket) => socket.on('error', () => undefined))
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const isAddress = /^[\d.]+$/.test(as)
  const said = await new Promise<string>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca, ...(isAddress ? {} : { servername: as }), ...(isAddress ? { checkServerIdentity: (_host, peer) => (new X509Certificate(peer.raw).checkIP(as) === undefined ? Object.assign(new Error('address'), { code: 'WRONG_ADDRESS' }) : undefined) } : {}) }, () => resolve(socket.authorized ? 'ok' : String(socket.authorizationError)))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  server.close()
  return said
}

test('who trusts the authority trusts the server under each of its names and addresses, and under no other', async () => {
  const server = await issue(authority, NAMES, Date.now())
  const ca = authority.certificate
  for (const as of ['localhost', 'desk', '127.0.0.1', '192.168.1.5']) expect([as, await visit(server, { ca, as })]).toEqual([as, 'ok'])
  expect(await visit(server, { ca, as: 'elsewhere' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  expect(await visit(server, { ca, as: '192.168.1.6' })).toBe('WRONG_ADDRESS')
  const stranger = await createAuthority(NAMES, Date.now())
  expect(await visit(server, { ca: stranger.certificate, as: 'desk' })).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/)
})

/** Node has no name of its own for OpenSSL's X509_V_ERR_PERMITTED_VIOLATION. */
const NOT_PERMITTED = 'UNSPECIFIED'

test("a stolen authority's key signs for nobody else: OpenSSL refuses what it may not sign", async () => {
  const bank = await issue(authority, { dns: ['bank.example.com'], ip: [] }, Date.now())
  expect(await visit(bank, { ca: authority.certificate, as: 'bank.example.com' })).toBe(NOT_PERMITTED)
  const abroad = await issue(authority, { dns: [], ip: ['198.51.100.7'] }, Date.now())
  expect(await visit(abroad, { ca: authority.certificate, as: '198.51.100.7' })).toBe(NOT_PERMITTED)
  expect(maySignFor(authority.certificate, { dns: ['bank.example.com'], ip: [] })).toBe(false)
  expect(maySignFor(authority.certificate, { dns: ['desk.local', 'pbx.lan'], ip: ['10.1.2.3', '172.31.0.1', 'fd00::7'] })).toBe(true)
})

test('an expired certificate is refused', async () => {
  const old = await issue(authority, NAMES, Date.now() - (SERVER_DAYS + 1) * DAY_MS)
  expect(await visit(old, { ca: authority.certificate, as: 'desk' })).toBe('CERT_HAS_EXPIRED')
})

interface Kept {
  folder: string
  /** May be changed. */
  world: { names: ServerNames; now: number }
  renewed: string[]
  failed: unknown[]
  keep(): ReturnType<typeof keepCertificate>
}

function keeping(folder = newFolder()): Kept {
  const kept: Kept = {
    folder, world: { names: NAMES, now: Date.now() }, renewed: [], failed: [],
    keep: () => keepCertificate({ folder, names: () => kept.world.names, now: () => kept.world.now, onRenewed: (why) => kept.renewed.push(why), onFailed: (error) => kept.failed.push(error), lookEveryMs: 10 }),
  }
  return kept
}

test('a second start finds the same certificate; the files are only ours to read', async () => {
  const kept = keeping()
  const first = await kept.keep()
  const text = readFileSync(first.file, 'utf8')
  expect([statSync(first.file).mode & 0o777, statSync(join(kept.folder, 'authority.pem')).mode & 0o777, statSync(kept.folder).mode & 0o777]).toEqual([0o600, 0o600, 0o700])
  expect(readFileSync(first.authorityFile, 'utf8')).not.toContain('PRIVATE')
  first.stop()
  const second = await kept.keep()
  expect(readFileSync(second.file, 'utf8')).toBe(text)
  expect(second.authorityFingerprint).toBe(first.authorityFingerprint)
  expect(second.names()).toEqual(NAMES)
  readCertificate({ cert: second.file, key: second.file })
  second.stop()
})

test('another address or the end of its time makes it anew under the same authority, while it runs', async () => {
  const kept = keeping()
  const running = await kept.keep()
  const { authorityFingerprint } = running
  kept.world.names = { ...NAMES, ip: ['127.0.0.1', '10.9.8.7'] }
  await vi.waitFor(() => expect(kept.renewed).toEqual(['names']))
  expect(running.names()).toEqual(kept.world.names)
  kept.world.now += (SERVER_DAYS - 29) * DAY_MS
  await vi.waitFor(() => expect(kept.renewed).toEqual(['names', 'age']))
  expect(Date.parse(new X509Certificate(readFileSync(running.file)).validTo)).toBeGreaterThan(kept.world.now + 80 * DAY_MS)
  expect(running.authorityFingerprint).toBe(authorityFingerprint)
  running.stop()
})

test('a public address that the authority may not sign for, or its own end, takes a new authority, and says so', async () => {
  const kept = keeping()
  const running = await kept.keep()
  const seen = new Set([running.authorityFingerprint])
  kept.world.names = { ...NAMES, ip: ['203.0.113.9'] }
  await vi.waitFor(() => expect(kept.renewed).toEqual(['authority']))
  seen.add(running.authorityFingerprint)
  kept.world.now += (AUTHORITY_DAYS - 10) * DAY_MS
  await vi.waitFor(() => expect(kept.renewed).toEqual(['authority', 'authority']))
  seen.add(running.authorityFingerprint)
  expect(seen.size).toBe(3)
  running.stop()
})

test('a server file of another authority is replaced, and a broken authority is told, not replaced', async () => {
  const kept = keeping()
  ;(await kept.keep()).stop()
  const stranger = await issue(await createAuthority(NAMES, Date.now()), NAMES, Date.now())
  writeFileSync(join(kept.folder, 'server.pem'), stranger.key + stranger.certificate)
  const again = await kept.keep()
  expect(readFileSync(again.file, 'utf8')).not.toContain(stranger.certificate)
  again.stop()
  writeFileSync(join(kept.folder, 'authority.pem'), 'half a fi')
  await expect(kept.keep()).rejects.toThrow(/holds no key and certificate/)
})

test('files that change are read again; halves of two makings are not, and what was read stays', async () => {
  const [folder, first, second] = [newFolder(), await issue(authority, NAMES, Date.now()), await issue(authority, NAMES, Date.now())]
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  writeFileSync(files.cert, first.certificate)
  writeFileSync(files.key, first.key)
  const [changed, failed]: [string[], unknown[]] = [[], []]
  const followed = followCertificate(files, { onChanged: ({ cert }) => changed.push(cert.toString()), onFailed: (error) => failed.push(error), onEnding: () => undefined, now: Date.now, lookEveryMs: 10 })
  writeFileSync(files.cert, second.certificate)
  await vi.waitFor(() => expect(failed).toHaveLength(1))
  expect(changed).toEqual([])
  writeFileSync(files.key, second.key)
  await vi.waitFor(() => expect(changed).toEqual([second.certificate]))
  followed.stop()
})

test('the end of a certificate that nobody renews is told 30, 7 and 1 days before, once each', async () => {
  const [folder, pair] = [newFolder(), await issue(authority, NAMES, Date.now())]
  const file = join(folder, 'both.pem')
  writeFileSync(file, pair.key + pair.certificate)
  const told: number[] = []
  let now = Date.now()
  const followed = followCertificate({ cert: file, key: file }, { onChanged: () => undefined, onFailed: () => undefined, onEnding: (days) => told.push(days), now: () => now, lookEveryMs: 10 })
  for (const [left, count] of [[29.5, 1], [6.5, 2], [0.5, 3], [-3, 4]] as const) {
    now = Date.parse(new X509Certificate(pair.certificate).validTo) - left * DAY_MS
    await vi.waitFor(() => expect(told).toHaveLength(count))
  }
  expect(told).toEqual([29, 6, 0, 0])
  followed.stop()
})

test('names of this machine can stand in a certificate', () => {
  const { dns, ip } = ownNames(['PBX.example.com', 'not a name', '10.0.0.1'])
  expect(dns).toEqual(expect.arrayContaining(['localhost', 'pbx.example.com']))
  expect(dns.every(isDnsName)).toBe(true)
  expect(ip[0]).toBe('127.0.0.1')
})
