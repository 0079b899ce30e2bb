import { chance } from './random.ts'
import type { Chance } from './random.ts'
import type { TrialCustomer, TrialMoment } from './best-hour-forecaster.ts'

/**
 * People with hidden habits of answering: their segment's hours at work and at weekends, which move with time; their region's
 * and their carrier's; hours of their own, which some change half-way; a level of their own; weariness of being called. Some
 * numbers are dead. Whether a person answers at a day and hour is drawn once: two ways of choosing hours meet the same people.
 */
export interface HabitWorld {
  readonly people: readonly HabitPerson[]
  readonly days: number
  /** Probability of an answer, 0..1. `wearied`: attempts of the last days, each halved every three days. */
  readonly answerProbability: (person: HabitPerson, at: TrialMoment, wearied: number) => number
  readonly answers: (person: HabitPerson, at: TrialMoment, wearied: number) => boolean
}

export interface HabitPerson {
  readonly index: number
  readonly view: TrialCustomer
  readonly segment: Segment
  readonly region: Group
  readonly carrier: Group
  readonly level: number
  readonly peak: number
  readonly peakLater: number
  readonly strength: number
  readonly moves: boolean
  readonly dead: boolean
}

interface Group {
  readonly level: number
  readonly peak: number
}

interface Segment extends Group {
  readonly width: number
  readonly weekendPeak: number
  readonly weekendLevel: number
  /** Hours by which the peak moves over all the days. */
  readonly drift: number
}

export interface HabitOptions {
  readonly people: number
  readonly days: number
  /** Log-odds of an answer in general. */
  readonly level: number
  /** How much hours matter to segments, regions, carriers and persons, in log-odds. */
  readonly strengths: { readonly segment: number; readonly region: number; readonly carrier: number; readonly person: number }
  /** Of a person's own hours: a smooth bump, or all within an hour and a half. */
  readonly shape: 'bump' | 'window'
  readonly deadShare: number
}

const FIRST_HOUR = 9
const LAST_HOUR = 20
export const HOURS: readonly number[] = Array.from({ length: LAST_HOUR - FIRST_HOUR + 1 }, (_, at) => FIRST_HOUR + at)

const WEARINESS = 0.25
const LEVEL_SPREAD = 0.6
const STREAM = { groups: 101, person: 102, answer: 103 }
const HALF = 0.35

export function habitWorld(seed: number, options: HabitOptions): HabitWorld {
  const next = chance(seed, STREAM.groups, 0)
  const segments = Array.from({ length: 5 }, () => segmentBy(next))
  const regions = Array.from({ length: 6 }, () => groupBy(next))
  const carriers = Array.from({ length: 4 }, () => groupBy(next))
  const people = Array.from({ length: options.people }, (_, index): HabitPerson => {
    const own = chance(seed, STREAM.person, index)
    const [segment, region, carrier] = [Math.floor(own() * 5), Math.floor(own() * 6), Math.floor(own() * 4)]
    return {
      index, view: { id: `person-${index}`, segment: `segment-${segment}`, region: `region-${region}`, carrier: `carrier-${carrier}` },
      segment: (segments[segment] as Segment), region: (regions[region] as Group), carrier: (carriers[carrier] as Group), level: LEVEL_SPREAD * normal(own), peak: anyHour(own), peakLater: anyHour(own),
      strength: options.strengths.person * (0.4 + 1.2 * own()), moves: own() < 0.15, dead: own() < options.deadShare,
    }
  })
  const answerProbability = (person: HabitPerson, at: TrialMoment, wearied: number): number => {
    if (person.dead) return 0
    const logit = options.level + person.level + levelOfGroups(person, at, options) + ownHours(person, at, options) - WEARINESS * wearied
    return 1 / (1 + Math.exp(-logit))
  }
  return {
    people, days: options.days, answerProbability,
    answers: (person, at, wearied) => chance(seed, STREAM.answer, person.index * 100_003 + at.day * 24 + at.hour)() < answerProbability(person, at, wearied),
  }
}

function levelOfGroups({ segment, region, carrier }: HabitPerson, { day, hour, weekend }: TrialMoment, { days, strengths }: HabitOptions): number {
  const peak = weekend ? segment.weekendPeak : segment.peak + (segment.drift * day) / days
  return segment.level + region.level + carrier.level + (weekend ? segment.weekendLevel : 0)
    + strengths.segment * 2 * (bump(hour, peak, segment.width) - HALF)
    + strengths.region * 2 * (bump(hour, region.peak, 2) - HALF)
    + strengths.carrier * 2 * (bump(hour, carrier.peak, 2) - HALF)
}

function ownHours(person: HabitPerson, { day, hour }: TrialMoment, { days, shape }: HabitOptions): number {
  const peak = person.moves && day > days / 2 ? person.peakLater : person.peak
  if (shape === 'window') return person.strength * (Math.abs(hour - peak) <= 1.5 ? 1.6 : -0.5)
  return person.strength * 2 * (bump(hour, peak, 1.5) - HALF)
}

function segmentBy(next: Chance): Segment {
  return {
    ...groupBy(next), width: 1.5 + 1.5 * next(), weekendPeak: anyHour(next), weekendLevel: 0.4 * normal(next), drift: (next() < 0.5 ? -1 : 1) * (1 + 2 * next()),
  }
}

function groupBy(next: Chance): Group {
  return { level: 0.3 * normal(next), peak: anyHour(next) }
}

function anyHour(next: Chance): number {
  return FIRST_HOUR + (LAST_HOUR - FIRST_HOUR) * next()
}

function bump(hour: number, peak: number, width: number): number {
  return Math.exp(-0.5 * ((hour - peak) / width) ** 2)
}

function normal(next: Chance): number {
  return Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next())
}
