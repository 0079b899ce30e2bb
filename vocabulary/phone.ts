/** A telephone number in the international form of ITU-T E.164: `+` and 3 to 15 digits, no spaces. */
export type E164 = string & { readonly __brand: 'E164' }

const E164_FORM = /^\+[1-9]\d{2,14}$/

export function isE164(text: string): text is E164 {
  return E164_FORM.test(text)
}

/** + and the longest calling code (E.164 §6.2.1: 1 to 3 digits). */
const COUNTRY_CHARS = 4
/** +1 and three digits of area, which have laws of their own. */
const NORTH_AMERICAN_CHARS = 5

/** The beginning of a number that says where it belongs: country, and in North America the area. Nobody can be called by it. */
export const placePrefix = (phone: E164): string => phone.slice(0, phone.startsWith('+1') ? NORTH_AMERICAN_CHARS : COUNTRY_CHARS)

/** How a number is shown to whoever may not see it: country code and the last four digits stay, `+86 ••• 1234`. */
export function maskPhone(phone: E164): string {
  const country = phone.startsWith('+86') ? '+86' : phone.slice(0, 2)
  return `${country} ••• ${phone.slice(-4)}`
}

/**
 * A telephone number that cannot leak by accident: printing, logging or serialising it gives the masked form.
 * Only `reveal()` returns the digits; grep for it to see every place where a number is in clear.
 */
export class Phone {
  readonly #digits: E164
  constructor(digits: E164) {
    this.#digits = digits
  }
  reveal(): E164 {
    return this.#digits
  }
  toString(): string {
    return maskPhone(this.#digits)
  }
  toJSON(): string {
    return maskPhone(this.#digits)
  }
  get [Symbol.toStringTag](): string {
    return `Phone ${maskPhone(this.#digits)}`
  }
}
