/** The DTLS handshakes of all browser legs: which datagram goes to which, who is done, who has failed. */
import { CipherContext, DtlsServer, HashAlgorithm, NamedCurveAlgorithm, SignatureAlgorithm, type Transport } from 'werift'
import { X509Certificate } from 'node:crypto'
import { checkProof, fingerprintOf } from './dtls-proof.ts'
import { isClientHelloWithCookie, isWelcome, type DtlsPhase } from './dtls-screen.ts'
import type { FromHandshake, HandshakeFailure } from './handshake-messages.ts'
import type { SrtpKeys } from './media-messages.ts'

export interface HandshakeLimits {
  /** Legs that may be under way at once; 50 at once keep the thread busy for about 180 ms (measured when it was chosen). */
  handshakesMax: number
  /** Legs known at all: a leg that is done still has to answer a repeated flight. */
  legsMax: number
  /** From `expect` to the keys. Chromium gives up after some 30 s, a seller long before. */
  handshakeMs: number
}

export const HANDSHAKE_LIMITS: HandshakeLimits = { handshakesMax: 500, legsMax: 4_000, handshakeMs: 15_000 }

export interface Certificate {
  certPem: string
  keyPem: string
  signatureHash: { hash: number; signature: number }
  fingerprint: string
}

/** One ECDSA P-256 certificate for the whole process: its fingerprint stands in every SDP of ours. */
export async function createCertificate(): Promise<Certificate> {
  const made = await CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 }, NamedCurveAlgorithm.secp256r1_23,
  )
  return { ...made, fingerprint: fingerprintOf(new X509Certificate(made.certPem).raw) }
}

/** AES-CM with HMAC-SHA1-80 before GCM: 1.9 against 4.0 µs a packet on the media thread (srtp.bench.ts). */
const SRTP_PROFILES: [1, 7] = [1, 7]

interface Leg {
  readonly legKey: string
  readonly fingerprint: string
  phase: DtlsPhase
  /** Null until the first ClientHello. */
  server: DtlsServer | null
  transport: LegTransport | null
  readonly timer: NodeJS.Timeout
}

type LegTransport = Transport & { onData: (data: Buffer) => void }

export class Handshakes {
  readonly #legs = new Map<string, Leg>()
  readonly #certificate: Certificate
  readonly #say: (message: FromHandshake) => void
  readonly #limits: HandshakeLimits
  #underWay = 0
  /** Datagrams not given to the library: of unknown legs, cut short, or of no use at their time. */
  refused = 0

  constructor(certificate: Certificate, say: (message: FromHandshake) => void, limits: HandshakeLimits = HANDSHAKE_LIMITS) {
    this.#certificate = certificate
    this.#say = say
    this.#limits = limits
  }

  expect(legKey: string, fingerprint: string): void {
    this.forget(legKey)
    if (this.#underWay >= this.#limits.handshakesMax || this.#legs.size >= this.#limits.legsMax) {
      return this.#say({ type: 'failed', legKey, reason: 'too-many' })
    }
    const timer = setTimeout(() => this.#fail(legKey, 'timed-out'), this.#limits.handshakeMs)
    this.#legs.set(legKey, { legKey, fingerprint, phase: 'open', server: null, transport: null, timer })
    this.#underWay++
  }

  receive(legKey: string, datagram: Uint8Array): void {
    const leg = this.#legs.get(legKey)
    if (leg === undefined || !isWelcome(datagram, leg.phase)) {
      this.refused++
      return
    }
    leg.server ??= this.#start(leg)
    try {
      leg.transport?.onData(Buffer.from(datagram))
    } catch {
      this.refused++ // what the library throws is the datagram's fault: the leg goes on
    }
    if (leg.phase === 'open' && leg.server.dtls.flight >= 4 && isClientHelloWithCookie(datagram)) leg.phase = 'answered'
  }

  forget(legKey: string): void {
    const leg = this.#legs.get(legKey)
    if (leg === undefined) return
    clearTimeout(leg.timer)
    this.#legs.delete(legKey)
    if (leg.phase !== 'done') this.#underWay--
    if (leg.transport) leg.transport.closed = true
    if (leg.server) leg.server.dtls.flight = 6 // or its flight would be repeated for half a minute
  }

  close(): void {
    for (const legKey of this.#legs.keys()) this.forget(legKey)
  }

  #start(leg: Leg): DtlsServer {
    leg.transport = this.#transport(leg.legKey)
    const { certPem, keyPem, signatureHash } = this.#certificate
    const server = new DtlsServer({
      cert: certPem, key: keyPem, signatureHash: signatureHash as { hash: 4; signature: 3 }, transport: leg.transport,
      srtpProfiles: SRTP_PROFILES, extendedMasterSecret: true, certificateRequest: true,
    })
    server.onConnect.subscribe(() => this.#onConnect(leg, server))
    server.onError.subscribe(() => { this.refused++ }) // one bad message; whether the leg fails, its time decides
    return server
  }

  #transport(legKey: string): LegTransport {
    const say = this.#say
    const transport: LegTransport = {
      type: 'leg', address: { address: '', family: 'IPv4', port: 0 }, closed: false, onData: () => {},
      send: (data: Buffer) => {
        if (!transport.closed) say({ type: 'send', legKey, datagram: Uint8Array.from(data) })
        return Promise.resolve()
      },
      close: () => Promise.resolve(),
    }
    return transport
  }

  /** The library says so again whenever it repeats its last flight. */
  #onConnect(leg: Leg, server: DtlsServer): void {
    if (leg.phase === 'done' || this.#legs.get(leg.legKey) !== leg) return
    const failure = checkProof({
      fingerprint: leg.fingerprint,
      certificate: server.remoteCertificate,
      masterSecret: server.cipher.masterSecret,
      messages: server.dtls.sortedHandshakeCache.map((each) => ({ type: each.msg_type, body: each.fragment, bytes: each.serialize() })),
    })
    const keys = failure === null ? keysOf(server) : null
    if (keys === null) return this.#fail(leg.legKey, failure ?? 'no-profile')
    clearTimeout(leg.timer)
    leg.phase = 'done'
    this.#underWay--
    this.#say({ type: 'keys', legKey: leg.legKey, keys })
  }

  #fail(legKey: string, reason: HandshakeFailure): void {
    this.forget(legKey)
    this.#say({ type: 'failed', legKey, reason })
  }
}

/** Keys by the exporter (RFC 5764 §4.2), null when no profile of ours was offered. */
function keysOf(server: DtlsServer): SrtpKeys | null {
  const { srtpProfile } = server.srtp
  if (srtpProfile !== 7 && srtpProfile !== 1) return null
  const { localKey, localSalt, remoteKey, remoteSalt } = server.extractSessionKeys(16, srtpProfile === 7 ? 12 : 14)
  return {
    profile: srtpProfile === 7 ? 'AEAD_AES_128_GCM' : 'AES_CM_128_HMAC_SHA1_80',
    send: Buffer.concat([localKey, localSalt]).toString('base64'),
    receive: Buffer.concat([remoteKey, remoteSalt]).toString('base64'),
  }
}
