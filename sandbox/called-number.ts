import { createHmac } from 'node:crypto'
import { isE164 } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'

const USER_PART = /^(?:tel:([^;?]+)|sips?:([^@;?>]+)[^@>]*@)/i

/** The number in a Request-URI, whichever form the line was told to use; null when there is none. */
export function calledNumber(requestUri: string): E164 | null {
  const [, telephone, sipUser] = USER_PART.exec(requestUri) ?? []
  const user = telephone ?? sipUser
  if (user === undefined) return null
  const digits = decodedPlus(user).replace(/[-.()]/g, '')
  if (/^1\d{10}$/.test(digits)) return `+86${digits}` as E164 // a mainland mobile in national form
  if (/^00[1-9]/.test(digits)) return calledE164(`+${digits.slice(2)}`)
  if (/^0\d{9,11}$/.test(digits)) return `+86${digits.slice(1)}` as E164 // a mainland landline with its trunk zero
  return calledE164(digits) ?? calledE164(`+${digits}`)
}

const calledE164 = (text: string): E164 | null => (isE164(text) ? text : null)

const decodedPlus = (user: string): string => user.replace(/^%2b/i, '+')

/** Not a secret: it hides numbers from a reader of the log, and lets a test that knows a number find its calls. */
const LOG_KEY = 'loopline-sandbox-carrier-log'

/** How the log names a number: HMAC-SHA-256 under a fixed test key, 132 bits in base64url. */
export function numberHash(number: E164): string {
  return createHmac('sha256', LOG_KEY).update(number).digest('base64url').slice(0, 22)
}
