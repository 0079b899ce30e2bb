import { chance } from './chance.ts'

/** A part of the country as its people take calls: how they differ from the average. */
export interface Region {
  readonly name: string
  /** IANA zone in which its people live their day. Ürümqi keeps Beijing time officially and lives two hours later. */
  readonly timeZone: string
  /** Hours behind Beijing in which the day is lived. */
  readonly laterHours: number
  /** Times the average willingness to answer. */
  readonly answers: number
  /** Times the average of being out of radio reach. */
  readonly outOfReach: number
  /** Share of the people. */
  readonly weight: number
}

export const REGIONS: readonly Region[] = [
  { name: '广东', timeZone: 'Asia/Shanghai', laterHours: 0.5, answers: 0.95, outOfReach: 0.8, weight: 13 },
  { name: '山东', timeZone: 'Asia/Shanghai', laterHours: 0, answers: 1.1, outOfReach: 1, weight: 10 },
  { name: '河南', timeZone: 'Asia/Shanghai', laterHours: 0, answers: 1.12, outOfReach: 1.1, weight: 10 },
  { name: '江苏', timeZone: 'Asia/Shanghai', laterHours: 0, answers: 1, outOfReach: 0.8, weight: 9 },
  { name: '四川', timeZone: 'Asia/Shanghai', laterHours: 0.5, answers: 1.08, outOfReach: 1.8, weight: 8 },
  { name: '浙江', timeZone: 'Asia/Shanghai', laterHours: 0, answers: 0.98, outOfReach: 0.9, weight: 7 },
  { name: '湖北', timeZone: 'Asia/Shanghai', laterHours: 0, answers: 1.05, outOfReach: 1.1, weight: 6 },
  { name: '上海', timeZone: 'Asia/Shanghai', laterHours: 0, answers: 0.78, outOfReach: 0.5, weight: 5 },
  { name: '北京', timeZone: 'Asia/Shanghai', laterHours: 0.3, answers: 0.75, outOfReach: 0.5, weight: 5 },
  { name: '云南', timeZone: 'Asia/Shanghai', laterHours: 1, answers: 1.12, outOfReach: 2.4, weight: 4 },
  { name: '新疆', timeZone: 'Asia/Urumqi', laterHours: 2, answers: 1.1, outOfReach: 2.6, weight: 2 },
]

const TOTAL = REGIONS.reduce((sum, region) => sum + region.weight, 0)

/** Digits of +86 and a mobile number that name its home register (HLR); neighbours in it live in one region. */
const AREA_DIGITS = 10

/** Where a number is at home. A fact of the numbering plan, so it does not depend on the seed. */
export function regionOf(number: string): Region {
  let rest = chance(number.slice(0, AREA_DIGITS)) * TOTAL
  return REGIONS.find((region) => (rest -= region.weight) < 0) ?? (REGIONS[0] as Region)
}
