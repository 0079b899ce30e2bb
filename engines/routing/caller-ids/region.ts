import { AREAS } from './areas.ts'

/** A place of the mainland: a province, and where it is known the area code of a city in it. */
export interface Region {
  /** 广东: the short form, without 省, 市 or 自治区. */
  readonly province: string
  /** 0755. */
  readonly area: string | null
}

/** How near two places are: the same area code, the same province, or neither of them (also where one is unknown). */
export type Nearness = 'area' | 'province' | 'any'

interface City {
  readonly name: string
  readonly region: Region & { readonly area: string }
}

const CITIES: readonly City[] = AREAS.trim().split('\n').flatMap((row) => {
  const [province = '', cities = ''] = row.split(': ')
  return cities.split(', ').flatMap((each) => {
    const [area = '', names = ''] = each.split(' ')
    return names.split('/').map((name) => ({ name, region: { province, area } }))
  })
})
const BY_AREA = new Map(CITIES.map(({ region }) => [region.area, region]))
export const PROVINCES: readonly string[] = [...new Set(CITIES.map(({ region }) => region.province))]
// The longest name first: 吉林市 before 吉林, 海南州 (青海) before 海南.
const CITIES_BY_LENGTH = CITIES.toSorted((one, other) => other.name.length - one.name.length)

/**
 * The place that a text of a record names: `广东`, `广东省深圳市`, `深圳`. A province beside a city decides between places of one
 * name (朝阳 of 辽宁, and of 北京); null when it names none.
 */
export function regionOf(text: string | null): Region | null {
  const known = text === null ? null : asked.get(text)
  if (known !== undefined) return known
  const region = find(text as string)
  // Regions of records are few; whoever writes sentences there does not fill the memory.
  if (asked.size < ASKED_MAX) asked.set(text as string, region)
  return region
}
const ASKED_MAX = 5_000
const asked = new Map<string, Region | null>()

function find(text: string): Region | null {
  const city = CITIES_BY_LENGTH.find(({ name }) => text.includes(name))
  const province = PROVINCES.find((name) => text.startsWith(name)) ?? PROVINCES.find((name) => text.includes(name))
  if (province === undefined) return city?.region ?? null
  const within = CITIES_BY_LENGTH.find(({ name, region }) => region.province === province && name !== province && text.includes(name))
  const areas = new Set(CITIES.filter(({ region }) => region.province === province).map(({ region }) => region.area))
  return within?.region ?? { province, area: areas.size === 1 ? ([...areas][0] as string) : null }
}

/**
 * The place of a number of ours, by its significant digits (`numberDigits`): landlines tell it. Null for mobile numbers, 400, 95 and
 * numbers abroad: theirs is written by hand.
 */
export function regionOfNumber(digits: string): Region | null {
  if (digits.startsWith('+') || /^1[3-9]/.test(digits) || digits.length < 9) return null
  return BY_AREA.get(`0${digits.slice(0, 2)}`) ?? BY_AREA.get(`0${digits.slice(0, 3)}`) ?? null
}

export function nearness(one: Region | null | undefined, other: Region | null | undefined): Nearness {
  if (!one || !other || one.province !== other.province) return 'any'
  return one.area !== null && one.area === other.area ? 'area' : 'province'
}

/**
 * The digits that tell a telephone number from others, however it is written: without plus, 00, the country of the mainland and
 * the trunk zero. `+86 20 1234 5678`, `0086-20-12345678` and `02012345678` are one number; one abroad keeps its plus.
 */
export function numberDigits(number: string): string {
  const digits = number.replaceAll(/\D/g, '')
  const isInternational = number.trim().startsWith('+') || digits.startsWith('00')
  const international = digits.replace(/^00/, '')
  if (isInternational && international.startsWith('86')) return international.slice(2).replace(/^0/, '')
  return isInternational ? `+${international}` : digits.replace(/^86(?=1[3-9]\d{9}$|\d{9,11}$)/, '').replace(/^0/, '')
}
