/**
 * What a client has to prove in a DTLS 1.2 handshake with certificates, checked here because werift's server reads these
 * messages and checks none of them (0.25.2: `certificate_verify` and `finished` are only logged). Without these three anybody
 * who saw the certificate, which travels in clear, could take the leg.
 */
import { createHash, createHmac, verify, X509Certificate } from 'node:crypto'
import type { ProofFailure } from './handshake-messages.ts'

/** One message of the handshake: its type, its body, and its bytes with header as both sides hashed them. */
export interface HandshakeMessage {
  readonly type: number
  readonly body: Uint8Array
  readonly bytes: Uint8Array
}

const CERTIFICATE_VERIFY = 15
const FINISHED = 20

export interface Proof {
  /** From the SDP: upper-case hex with colons. */
  readonly fingerprint: string
  readonly certificate: Uint8Array | undefined
  readonly masterSecret: Uint8Array
  /** From the ClientHello with cookie to at least their Finished, in the order of the handshake. */
  readonly messages: readonly HandshakeMessage[]
}

/** Null when the other side is who its SDP says; else what is wrong. */
export function checkProof({ fingerprint, certificate, masterSecret, messages }: Proof): ProofFailure | null {
  if (certificate === undefined || certificate.length === 0) return 'no-certificate'
  if (fingerprintOf(certificate) !== fingerprint) return 'wrong-fingerprint'
  if (!isSigned(certificate, messages)) return 'wrong-signature'
  return isFinished(masterSecret, messages) ? null : 'wrong-finished'
}

/** SHA-256 as `a=fingerprint` writes it (RFC 8122 §5). */
export function fingerprintOf(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('hex').toUpperCase().replaceAll(/(..)(?!$)/g, '$1:')
}

/** TLS HashAlgorithm numbers (RFC 5246 §7.4.1.4.1); SHA-1 is not taken. */
const HASHES: Readonly<Record<number, string>> = { 4: 'sha256', 5: 'sha384', 6: 'sha512' }
/** SignatureAlgorithm numbers and node's names of the keys they belong to. */
const KEY_TYPES: Readonly<Record<number, string>> = { 1: 'rsa', 3: 'ec' }

/** CertificateVerify (RFC 5246 §7.4.8): their key signed everything before it. */
function isSigned(certificate: Uint8Array, messages: readonly HandshakeMessage[]): boolean {
  const at = messages.findIndex(({ type }) => type === CERTIFICATE_VERIFY)
  const body = Buffer.from(messages[at]?.body ?? [])
  if (body.length < 4 || body.readUInt16BE(2) !== body.length - 4) return false
  const hash = HASHES[body[0] as number]
  try {
    const { publicKey } = new X509Certificate(certificate)
    if (hash === undefined || publicKey.asymmetricKeyType !== KEY_TYPES[body[1] as number]) return false
    return verify(hash, transcript(messages, at), publicKey, body.subarray(4))
  } catch {
    return false // not a certificate, or a signature that is none
  }
}

/** Finished (RFC 5246 §7.4.9): they have the master secret and saw the same handshake. */
function isFinished(masterSecret: Uint8Array, messages: readonly HandshakeMessage[]): boolean {
  const at = messages.findIndex(({ type }) => type === FINISHED)
  const seed = Buffer.concat([Buffer.from('client finished'), createHash('sha256').update(transcript(messages, at)).digest()])
  const first = createHmac('sha256', masterSecret).update(seed).digest()
  const expected = createHmac('sha256', masterSecret).update(first).update(seed).digest().subarray(0, 12)
  return at >= 0 && expected.equals(messages[at]?.body ?? new Uint8Array())
}

function transcript(messages: readonly HandshakeMessage[], end: number): Buffer {
  return Buffer.concat(messages.slice(0, Math.max(end, 0)).map(({ bytes }) => bytes))
}
