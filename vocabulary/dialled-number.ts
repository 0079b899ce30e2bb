import type { E164 } from './phone.ts'

/** How a carrier wants a number written: E.164 with its plus or without, or as it is dialled at home. */
export const NUMBER_FORMATS = ['e164', 'e164-no-plus', 'national'] as const
export type NumberFormat = (typeof NUMBER_FORMATS)[number]

/** The number rules of one line. Absent rules change nothing. */
export interface NumberRules {
  readonly numberFormat: NumberFormat
  /** Calling code of the country that `national` is the form of, digits alone; absent: 86. */
  readonly countryCode?: string
  /** Taken off the front of the written form, where it stands there. */
  readonly stripPrefix?: string
  /** Put in front, last of all. */
  readonly addPrefix?: string
}

/** The number as this line's carrier wants it in the request line. In national form any other country stays in 00 form. */
export function dialledForm({ numberFormat, countryCode = '86', stripPrefix = '', addPrefix = '' }: NumberRules, number: E164): string {
  const written = writtenAs(numberFormat, countryCode, number)
  return addPrefix + (stripPrefix !== '' && written.startsWith(stripPrefix) ? written.slice(stripPrefix.length) : written)
}

function writtenAs(format: NumberFormat, countryCode: string, number: E164): string {
  switch (format) {
    case 'e164': return number
    case 'e164-no-plus': return number.slice(1)
    case 'national': return number.startsWith(`+${countryCode}`) ? number.slice(countryCode.length + 1) : `00${number.slice(1)}`
  }
}

/** Whether a line may call this number. `places`: beginnings of numbers in E.164, such as `+86` or `+8610`; none: everywhere. */
export const reaches = (places: readonly string[], number: E164): boolean => places.length === 0 || places.some((place) => number.startsWith(place))
