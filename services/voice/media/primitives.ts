/**
 * SRTP's and ICE's primitives by node:crypto, each in the fastest form Node 24 has (engines/rtp/srtp/primitives.ts holds
 * the measurements; srtp.bench.ts repeats them).
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'
import type { Aead, SrtpPrimitives } from '@loopline/rtp/srtp/primitives'
import { SrtpReceiver } from '@loopline/rtp/srtp/receiver.hot'
import { SrtpSender } from '@loopline/rtp/srtp/sender.hot'
import type { SrtpKeys } from './media-messages.ts'

const TAG_BYTES = 16

function aes128Blocks(key: Uint8Array): (blocks: Uint8Array) => Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false)
  return (blocks) => cipher.update(blocks)
}

/** A KeyObject: a raw key costs 16–23 µs more for each packet on Node 24. */
function aes128Gcm(rawKey: Uint8Array): Aead {
  const key = createSecretKey(rawKey)
  return {
    seal: (nonce, associated, text, tag) => seal(key, nonce, associated, text, tag),
    open: (nonce, associated, text, tag) => open(key, nonce, associated, text, tag),
  }
}

function seal(key: KeyObject, nonce: Uint8Array, associated: Uint8Array, text: Uint8Array, tag: Uint8Array): void {
  const cipher = createCipheriv('aes-128-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(associated)
  text.set(cipher.update(text))
  cipher.final()
  tag.set(cipher.getAuthTag())
}

function open(key: KeyObject, nonce: Uint8Array, associated: Uint8Array, text: Uint8Array, tag: Uint8Array): boolean {
  const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(associated)
  decipher.setAuthTag(tag)
  const plain = decipher.update(text)
  try {
    decipher.final()
  } catch {
    return false // node says a wrong tag by throwing
  }
  text.set(plain)
  return true
}

export const srtpPrimitives: SrtpPrimitives = { aes128Blocks, aes128Gcm, sha1: (data) => hash('sha1', data, 'binary') }

/** HMAC-SHA1 for STUN's MESSAGE-INTEGRITY: some checks a second, so the plain form will do. */
export const hmacSha1 = (key: Uint8Array, data: Uint8Array): Uint8Array => createHmac('sha1', key).update(data).digest()

const master = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'))

/** Seals what we send under our key. */
export const srtpSenderOf = ({ profile, send }: SrtpKeys): SrtpSender => new SrtpSender(srtpPrimitives, { profile, master: master(send) })

/** Opens what comes under theirs. */
export const srtpReceiverOf = ({ profile, receive }: SrtpKeys): SrtpReceiver => new SrtpReceiver(srtpPrimitives, { profile, master: master(receive) })

/** Both directions of one leg. */
export const srtpOf = (keys: SrtpKeys): { sender: SrtpSender; receiver: SrtpReceiver } => ({ sender: srtpSenderOf(keys), receiver: srtpReceiverOf(keys) })
