/**
 * An authority of one installation: browsers of an office trust it once, and from then on whatever certificate the server
 * has. It may sign for private networks, this machine's own names and addresses and nothing else (RFC 5280 §4.2.1.10): who
 * steals its key can pose as this server, never as a bank.
 */
import { webcrypto } from 'node:crypto'
import { BlockList, isIPv6 } from 'node:net'
import { AsnConvert } from '@peculiar/asn1-schema'
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints, id_ce_nameConstraints } from '@peculiar/asn1-x509'
import * as x509 from '@peculiar/x509'
import type { ServerNames } from './server-names.ts'

/** A certificate and its private key, PEM both. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

const DAY_MS = 86_400_000
/** A telephone whose clock is a day behind must not refuse a certificate of today. */
const BACKDATED_MS = DAY_MS
export const AUTHORITY_DAYS = 3_650
/** Apple takes at most 825 days from an authority that a person trusted; shorter costs nothing, for it is renewed by itself. */
export const SERVER_DAYS = 90

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** RFC 1918, 6598, 3927, 4193 and the loopback. */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '127.0.0.0/8', 'fc00::/7', 'fe80::/10', '::1/128']
/** Names that the public DNS never has (RFC 6761, 6762, 8375; ICANN for `internal`), and what routers call a home. */
const PRIVATE_DOMAINS = ['localhost', 'local', 'internal', 'home.arpa', 'lan']

/** A new authority for these names and private networks. `now`: Unix ms. */
export async function createAuthority(names: ServerNames, now: number): Promise<KeyPair> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(), name: [{ CN: [`Loopline of ${names.dns.find((name) => name !== 'localhost') ?? 'this machine'}`] }],
    notBefore: new Date(now - BACKDATED_MS), notAfter: new Date(now + AUTHORITY_DAYS * DAY_MS), keys, signingAlgorithm: ECDSA,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x509.Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraintsFor(names))),
    ],
  })
  return { certificate: pemOf(certificate), key: await keyPem(keys.privateKey) }
}

/** A certificate of the authority for a server of these names. @throws when the authority's files are no key pair */
export async function issue(authority: KeyPair, names: ServerNames, now: number): Promise<KeyPair> {
  const keys = await newKeys()
  const issuer = new x509.X509Certificate(authority.certificate)
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(), subject: 'CN=Loopline', issuer: issuer.subjectName,
    notBefore: new Date(now - BACKDATED_MS), notAfter: new Date(now + SERVER_DAYS * DAY_MS),
    publicKey: keys.publicKey, signingKey: await signingKey(authority.key), signingAlgorithm: ECDSA,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([...names.dns.map((value) => ({ type: 'dns' as const, value })), ...names.ip.map((value) => ({ type: 'ip' as const, value }))]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { certificate: pemOf(certificate), key: await keyPem(keys.privateKey) }
}

/** Whether the authority may sign for all of these. @throws when `certificate` is none */
export function maySignFor(certificate: string, names: ServerNames): boolean {
  const extension = new x509.X509Certificate(certificate).getExtension(id_ce_nameConstraints)
  if (extension === null) return true
  const permitted = [...(AsnConvert.parse(extension.value, NameConstraints).permittedSubtrees ?? [])].map(({ base }) => base)
  const domains = permitted.flatMap(({ dNSName }) => dNSName ?? [])
  const networks = new BlockList()
  for (const { iPAddress } of permitted) if (iPAddress !== undefined) addNetwork(networks, iPAddress)
  return names.dns.every((name) => domains.some((domain) => name === domain || name.endsWith(`.${domain}`))) &&
    names.ip.every((address) => networks.check(address, familyOf(address)))
}

function constraintsFor({ dns, ip }: ServerNames): NameConstraints {
  const bases = [
    ...unique([...PRIVATE_DOMAINS, ...dns]).map((dNSName) => new GeneralName({ dNSName })),
    ...unique([...PRIVATE_NETWORKS, ...ip.map((address) => `${address}/${isIPv6(address) ? 128 : 32}`)]).map((iPAddress) => new GeneralName({ iPAddress })),
  ]
  return new NameConstraints({ permittedSubtrees: new GeneralSubtrees(bases.map((base) => new GeneralSubtree({ base }))) })
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]

function addNetwork(networks: BlockList, cidr: string): void {
  const [address = '', prefix = ''] = cidr.split('/')
  networks.addSubnet(address, Number(prefix), familyOf(address))
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** RFC 5280 §4.1.2.2: positive, at most 20 octets. */
function newSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40
  return Buffer.from(bytes).toString('hex')
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>

const pemOf = (certificate: x509.X509Certificate): string => `${certificate.toString('pem')}\n`

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), x509.PemConverter.PrivateKeyTag)}\n`
}

async function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), ECDSA, false, ['sign'])
}
