/**
 * What the handshake thread hears and says. It does DTLS for the legs of browsers and nothing else: a handshake costs
 * 11–15 ms of processor, which the media thread does not have. Datagrams are copied across; give it views of their own memory.
 */
import type { SrtpKeys } from './media-messages.ts'

export type ToHandshake =
  /** A leg whose DTLS may come now. `fingerprint`: SHA-256 of their certificate, upper-case hex with colons, from their SDP. */
  | { type: 'expect'; legKey: string; fingerprint: string }
  /** DTLS of that leg, and only from an address that its ICE agent proved; of a leg not expected it is dropped. */
  | { type: 'datagram'; legKey: string; datagram: Uint8Array }
  /** The leg is gone. */
  | { type: 'forget'; legKey: string }
  | { type: 'shut-down' }

export type FromHandshake =
  /** First of all: SHA-256 of our certificate, as SDP writes it. */
  | { type: 'ready'; fingerprint: string }
  | { type: 'send'; legKey: string; datagram: Uint8Array }
  /** They proved to hold the key of the certificate in their SDP. Once for each leg. */
  | { type: 'keys'; legKey: string; keys: SrtpKeys }
  /** The leg is forgotten; it will not get keys. */
  | { type: 'failed'; legKey: string; reason: HandshakeFailure }
  | { type: 'stopped' }

export type HandshakeFailure = 'too-many' | 'timed-out' | 'no-profile' | ProofFailure

/** What their side of a finished handshake did not prove. */
export type ProofFailure = 'no-certificate' | 'wrong-fingerprint' | 'wrong-signature' | 'wrong-finished'
