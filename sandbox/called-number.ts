import { createHmac } from 'node:crypto'
import { isE164 } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'

const USER_PART = /^(?:sips?|tel):([^@;?>]+)/i

/** The number in a Request-URI, whichever form the line was told to use; null when there is none. */
export function calledNumber(requestUri: string): E164 | null {
  const user = USER_PART.exec(requestUri)?.[1]
  if (user === undefined) return null
  const digits = decodedPlus(user).replace(/[-.()]/g, '')
  const candidates = [digits, `+${digits}`]
  if (/^1\d{10}$/.test(digits)) return `+86${digits}` as E164 // a mainland mobile in national form
  if (/^0\d{9,11}$/.test(digits)) return `+86${digits.slice(1)}` as E164 // a mainland landline with its trunk zero
  return candidates.find(isE164) ?? null
}

const decodedPlus = (user: string): string => user.replace(/^%2b/i, '+')

/** Not a secret: it hides numbers from a reader of the log, and lets a test that knows a number find its calls. */
const LOG_KEY = 'loopline-sandbox-carrier-log'

/** How the log names a number: HMAC-SHA-256 under a fixed test key, 132 bits in base64url. */
export function numberHash(number: E164): string {
  return createHmac('sha256', LOG_KEY).update(number).digest('base64url').slice(0, 22)
}
