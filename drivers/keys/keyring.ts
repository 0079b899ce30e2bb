import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomFillSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { Phone, isE164 } from '@loopline/vocabulary/phone'
import { hmacSha256 } from './hmac-sha256.ts'
import { KeyError, parseKeySet, readOrCreateKeyFile } from './key-file.ts'
import type { KeySet } from './key-file.ts'

/** What a derived key is for. One key per purpose: a session secret can never sign a service token. */
export type SigningPurpose = 'identity' | 'session' | 'audit-head' | 'webhook' | 'api-key' | 'cursor' | 'backup'

/**
 * Seals what must not be readable in the database, in events or in backups.
 *
 * Sealed form: byte 0 key version, 12 bytes nonce, ciphertext, 16 bytes tag (AES-256-GCM). The context (a customer id,
 * a row's name) is bound as associated data: a sealed number moved to another customer does not open.
 */
export interface Keyring {
  /** 5–10 µs each way on two shared cores (keyring.bench.ts). */
  seal(plain: string, context: string): Buffer
  /** @throws KeyError SEAL_BROKEN (wrong context, changed bytes) · KEY_VERSION_UNKNOWN */
  open(sealed: Uint8Array, context: string): string
  /** The same for bytes: a chunk of a recording, an upload. 64 kB take 40 µs. */
  sealBytes(plain: Uint8Array, context: string): Buffer
  /** @throws KeyError SEAL_BROKEN · KEY_VERSION_UNKNOWN */
  openBytes(sealed: Uint8Array, context: string): Buffer
  sealPhone(phone: Phone, customerId: string): Buffer
  openPhone(sealed: Uint8Array, customerId: string): Phone
  /** HMAC-SHA256 of the number, 32 bytes: equality without the number. */
  blindIndex(e164: string): Buffer
  /** The same in hexadecimal, as COPY wants it: 2 µs. */
  blindIndexHex(e164: string): string
  /** HMAC-SHA256 cut to 8 bytes. 10,000 values only, so treat it as readable: check permission, keep it out of events. */
  lastFourIndex(lastFour: string): Buffer
  /** 256-bit HMAC key of this purpose (HKDF-SHA256). */
  signingKey(purpose: SigningPurpose): KeyObject
  /** The version that seals now. */
  readonly newestVersion: number
}

const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + NONCE_BYTES
/** By how much sealed bytes are longer. */
export const SEAL_BYTES = HEADER_BYTES + TAG_BYTES

/**
 * The keyring from the environment's value when there is one, else from the key file (made on first start).
 * @throws KeyError
 */
export function loadKeyring({ file, value }: { file: string; value?: string | undefined }): Keyring {
  return createKeyring(value === undefined || value === '' ? readOrCreateKeyFile(file) : parseKeySet(value))
}

/** A keyring over these keys. Key objects are made once: passing raw bytes to each call costs about twice the time. */
export function createKeyring(keys: KeySet): Keyring {
  const dataKeys = new Map(keys.dataKeys.map(({ version, key }) => [version, secret(key)]))
  const newestVersion = Math.max(...dataKeys.keys())
  const newestKey = dataKeys.get(newestVersion) as KeyObject
  const blindIndexOf = hmacSha256(Buffer.from(keys.blindIndexKey, 'base64'))
  const lastFourOf = hmacSha256(Buffer.from(keys.lastFourKey, 'base64'))
  const nextNonce = noncePool()

  const sealBytes = (plain: string | Uint8Array, context: string): Buffer => {
    const nonce = nextNonce()
    const cipher = createCipheriv('aes-256-gcm', newestKey, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(context))
    const text = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
    cipher.final()
    return Buffer.concat([Buffer.of(newestVersion), nonce, text, cipher.getAuthTag()])
  }

  const openBytes = (sealed: Uint8Array, context: string): Buffer => {
    if (sealed.length < HEADER_BYTES + TAG_BYTES) throw new KeyError('SEAL_BROKEN', 'a sealed value is too short')
    const key = dataKeys.get(sealed[0] as number)
    if (!key) throw new KeyError('KEY_VERSION_UNKNOWN', `no data key of version ${sealed[0]}`)
    const end = sealed.length - TAG_BYTES
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, HEADER_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(sealed.subarray(end))
    const text = decipher.update(sealed.subarray(HEADER_BYTES, end))
    try {
      decipher.final()
    } catch {
      throw new KeyError('SEAL_BROKEN', 'a sealed value was changed, or belongs to another context')
    }
    return text
  }
  const open = (sealed: Uint8Array, context: string): string => openBytes(sealed, context).toString('utf8')

  return {
    newestVersion,
    seal: sealBytes,
    open,
    sealBytes,
    openBytes,
    sealPhone: (phone, customerId) => sealBytes(phone.reveal(), customerId),
    openPhone(sealed, customerId) {
      const digits = open(sealed, customerId)
      if (!isE164(digits)) throw new KeyError('SEAL_BROKEN', 'a sealed value holds no telephone number')
      return new Phone(digits)
    },
    blindIndex: (e164) => Buffer.from(blindIndexOf(e164), 'hex'),
    blindIndexHex: blindIndexOf,
    lastFourIndex: (lastFour) => Buffer.from(lastFourOf(lastFour).slice(0, 16), 'hex'),
    signingKey: derivedKeys(keys.signingRoot),
  }
}

const secret = (base64: string): KeyObject => createSecretKey(Buffer.from(base64, 'base64'))

function derivedKeys(root: string): (purpose: SigningPurpose) => KeyObject {
  const rootKey = secret(root)
  const known = new Map<SigningPurpose, KeyObject>()
  return (purpose) => {
    const found = known.get(purpose)
    if (found) return found
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', rootKey, '', `loopline/${purpose}`, 32)))
    known.set(purpose, key)
    return key
  }
}

/** Random nonces drawn 256 at a time: a system call each would cost more than the encryption. Use one before the next. */
function noncePool(): () => Buffer {
  const pool = Buffer.alloc(NONCE_BYTES * 256)
  let offset = pool.length
  return () => {
    if (offset === pool.length) {
      randomFillSync(pool)
      offset = 0
    }
    offset += NONCE_BYTES
    return pool.subarray(offset - NONCE_BYTES, offset)
  }
}
