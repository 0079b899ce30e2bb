import { assert } from '@loopline/vocabulary/assert'
import { masterBytes, PROFILES, type SrtpProfile } from './profile.ts'
import type { SrtpPrimitives } from './primitives.ts'

/** What one direction of one protocol encrypts and authenticates with. GCM has no authentication key. */
export interface SessionKeys {
  readonly key: Uint8Array
  readonly salt: Uint8Array
  readonly authenticationKey: Uint8Array
}

/** Labels of RFC 3711 §4.3.1 and §4.3.2: encryption; authentication and salt follow. */
const LABEL = { rtp: 0, rtcp: 3 } as const
const AUTHENTICATION_KEY_BYTES = 20

/**
 * Session keys of one direction from its master key and salt (RFC 3711 §4.3; GCM derives the same way, its salt padded
 * with zeros to 112 bits, RFC 7714 §11). The key derivation rate is 0: derived once.
 */
export function deriveSessionKeys(
  { aes128Blocks }: SrtpPrimitives, { profile, master }: { profile: SrtpProfile; master: Uint8Array }, protocol: 'rtp' | 'rtcp',
): SessionKeys {
  assert(master.length === masterBytes(profile), `${profile} has a master key and salt of ${masterBytes(profile)} bytes`)
  const { keyBytes, saltBytes } = PROFILES[profile]
  const encrypt = aes128Blocks(master.subarray(0, keyBytes))
  const masterSalt = master.subarray(keyBytes)
  const label = LABEL[protocol]
  return {
    key: derive(encrypt, masterSalt, label, keyBytes),
    authenticationKey: derive(encrypt, masterSalt, label + 1, AUTHENTICATION_KEY_BYTES),
    salt: derive(encrypt, masterSalt, label + 2, saltBytes),
  }
}

/** AES-CM keystream from the IV (label << 48) XOR salt, << 16: the label meets byte 7 of the salt. */
function derive(encrypt: (blocks: Uint8Array) => Uint8Array, masterSalt: Uint8Array, label: number, bytes: number): Uint8Array {
  const blocks = new Uint8Array(16 * Math.ceil(bytes / 16))
  for (let at = 0; at < blocks.length; at += 16) {
    blocks.set(masterSalt, at)
    blocks[at + 7] = (blocks[at + 7] as number) ^ label
    blocks[at + 15] = at / 16
  }
  return Uint8Array.from(encrypt(blocks).subarray(0, bytes))
}
