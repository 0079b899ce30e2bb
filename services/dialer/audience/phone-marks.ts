import type { Keyring } from '@loopline/keys/keyring'
import { KeyError } from '@loopline/keys/key-file'
import { placePrefix } from '@loopline/vocabulary/phone'
import type { CustomerState } from '@loopline/contracts/customer-event'

export type PhoneKeys = Pick<Keyring, 'openPhone' | 'blindIndexHex'>

/** A number by what the gate may know of it. */
export interface PhoneMark {
  phoneId: string
  /** Blind index in hexadecimal. */
  blind: string
  /** Where it belongs: country, and in North America the area, which has laws of its own. */
  prefix: string
}

/** Marks of all numbers, in the order given; null when one does not open: who cannot be checked is not called. About 10 µs a number. */
export function phoneMarksOf({ customerId, phones }: Pick<CustomerState, 'customerId' | 'phones'>, keys: PhoneKeys): PhoneMark[] | null {
  try {
    return phones.map(({ phoneId, sealed }) => {
      const digits = keys.openPhone(Buffer.from(sealed, 'base64'), customerId).reveal()
      return { phoneId, blind: keys.blindIndexHex(digits), prefix: placePrefix(digits) }
    })
  } catch (error) {
    if (error instanceof KeyError) return null
    throw error
  }
}
