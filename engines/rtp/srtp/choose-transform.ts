import { AesCmTransform } from './aes-cm-transform.hot.ts'
import { GcmTransform } from './gcm-transform.hot.ts'
import { deriveSessionKeys } from './key-derivation.ts'
import { PROFILES, type SrtpProfile } from './profile.ts'
import type { SrtpPrimitives } from './primitives.ts'
import type { Transform } from './transform.ts'

/** Keys of one direction. */
export interface DirectionKeys {
  profile: SrtpProfile
  /** Master key, then master salt. */
  master: Uint8Array
}

/** The transform of a profile with the session keys derived for it. */
export function transformFor(primitives: SrtpPrimitives, keys: DirectionKeys): Transform {
  const session = { rtp: deriveSessionKeys(primitives, keys, 'rtp'), rtcp: deriveSessionKeys(primitives, keys, 'rtcp') }
  return keys.profile === 'AEAD_AES_128_GCM'
    ? new GcmTransform(primitives, session)
    : new AesCmTransform(primitives, PROFILES[keys.profile], session)
}
