import { createHash, randomBytes } from 'node:crypto'
import { AGENT_REALM } from '@loopline/contracts/voice-link'

/** What a person types into a telephone, maybe by its keys: no upper case, and nothing that looks like another of these. 32 of them. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz123456789'
const SECRET_LENGTH = 32
const USER_LENGTH = 10

/** 160 bits: whoever records a digest proof has nothing to guess at. */
export const newSecret = (): string => letters(SECRET_LENGTH)

/** No number and no name: who hears it on the wire learns nothing of the agent. */
export const newSipUser = (): string => `d${letters(USER_LENGTH)}`

const letters = (count: number): string => [...randomBytes(count)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')

/** H(A1) of RFC 7616 §3.4.2, for both algorithms that telephones know. */
export function ha1Of(user: string, secret: string): { md5: string; sha256: string } {
  const hash = (algorithm: 'md5' | 'sha256'): string => createHash(algorithm).update(`${user}:${AGENT_REALM}:${secret}`).digest('hex')
  return { md5: hash('md5'), sha256: hash('sha256') }
}
