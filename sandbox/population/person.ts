import { chance, pick } from './chance.ts'
import { regionOf } from './region.ts'
import type { Region } from './region.ts'

export type Routine = 'office' | 'shop' | 'retired' | 'student' | 'night-shift'

/** One imagined owner of a number: fixed for a seed. */
export interface Person {
  readonly region: Region
  readonly routine: Routine
  /** What became of the number itself; most are in use. */
  readonly number: 'in-use' | 'invalid' | 'suspended'
  /** Times the routine's willingness to answer an unknown number. */
  readonly openness: number
  /** Of the calls not answered, the share that is pushed away rather than left to ring. */
  readonly rejects: number
  /** Median time to pick up, ms. */
  readonly pickUpMs: number
  /** Median length of a talk, ms. */
  readonly talkMs: number
}

const ROUTINES: readonly (readonly [Routine, number])[] =
  [['office', 48], ['shop', 22], ['retired', 12], ['student', 10], ['night-shift', 8]]

const NUMBERS: readonly (readonly [Person['number'], number])[] = [['in-use', 93], ['invalid', 4.5], ['suspended', 2.5]]

/** The person behind a number, in E.164. */
export function personAt(number: string, seed: number): Person {
  const draw = (trait: number): number => chance(number, seed, trait)
  return {
    region: regionOf(number),
    routine: pick(ROUTINES, draw(1)),
    number: pick(NUMBERS, draw(2)),
    openness: 0.4 + 1.2 * draw(3),
    rejects: 0.1 + 0.5 * draw(4),
    pickUpMs: 4_000 + 8_000 * draw(5),
    talkMs: 12_000 + 40_000 * draw(6) ** 2,
  }
}

/** Chance to pick up an unknown number in each hour 0..23 of the person's own day, before openness and region. */
export const ANSWERS_BY_HOUR: Readonly<Record<Routine, readonly number[]>> = {
  //             0    1    2    3    4    5    6    7    8    9    10   11   12   13   14   15   16   17   18   19   20   21   22   23
  office:       [.02, .01, .01, .01, .01, .02, .08, .20, .28, .30, .36, .40, .52, .44, .30, .32, .35, .40, .48, .52, .46, .30, .14, .05],
  shop:         [.03, .01, .01, .01, .01, .02, .06, .15, .32, .45, .48, .40, .34, .42, .50, .50, .46, .38, .30, .32, .36, .34, .20, .08],
  retired:      [.02, .01, .01, .01, .02, .08, .30, .48, .60, .64, .62, .52, .30, .22, .46, .58, .58, .50, .44, .42, .30, .12, .05, .02],
  student:      [.12, .05, .02, .01, .01, .01, .02, .05, .08, .10, .12, .22, .46, .36, .14, .14, .18, .34, .44, .42, .40, .40, .36, .24],
  'night-shift': [.30, .28, .24, .20, .16, .14, .12, .06, .03, .02, .02, .03, .05, .10, .26, .36, .44, .46, .44, .42, .40, .38, .36, .34],
}
