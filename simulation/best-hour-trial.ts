import { createForecaster } from './best-hour-forecaster.ts'
import type { TrialMoment } from './best-hour-forecaster.ts'
import { HOURS } from './habits.ts'
import type { HabitPerson, HabitWorld } from './habits.ts'
import { chance } from './random.ts'

/** A way of choosing the hour of a person's attempt on a day. `random`: an hour drawn for that attempt, the same for all ways. */
export interface HourPolicy {
  choose(person: HabitPerson, day: { readonly day: number; readonly weekend: boolean }, random: number): number
  learn(person: HabitPerson, at: TrialMoment, answered: boolean): void
  /** What it expects of an attempt, where it is a forecast. */
  expects?(person: HabitPerson, at: TrialMoment): number
}

export interface TrialResult {
  readonly attempts: number
  readonly connectRate: number
  readonly probabilities: readonly number[]
  readonly answered: readonly number[]
}

/** Share of people tried on a day. */
const TRIED = 0.5
/** One attempt in so many is placed at a random hour by every way: who only repeats himself learns nothing new. */
const EXPLORED = 0.05
const STREAM = 104

/** The same people tried on the same days: only hours differ. */
export function tryHours(world: HabitWorld, seed: number, policy: HourPolicy): TrialResult {
  const wearied = world.people.map(() => ({ attempts: 0, day: 0 }))
  const probabilities: number[] = []
  const answers: number[] = []
  for (let day = 0; day < world.days; day += 1) {
    const weekend = day % 7 >= 5
    for (const person of world.people) {
      const next = chance(seed, STREAM, person.index * 1_009 + day)
      if (next() > TRIED) continue
      const random = (HOURS[Math.floor(next() * HOURS.length)] as number)
      const hour = next() < EXPLORED ? random : policy.choose(person, { day, weekend }, random)
      const at = { day, hour, weekend }
      const tired = (wearied[person.index] as (typeof wearied)[number])
      tired.attempts *= 0.5 ** ((day - tired.day) / 3)
      tired.day = day
      const answered = world.answers(person, at, tired.attempts)
      tired.attempts += 1
      if (policy.expects) probabilities.push(policy.expects(person, at))
      answers.push(answered ? 1 : 0)
      policy.learn(person, at, answered)
    }
  }
  return { attempts: answers.length, connectRate: answers.reduce((sum, one) => sum + one, 0) / answers.length, probabilities, answered: answers }
}

export const randomHours: HourPolicy = { choose: (_person, _day, random) => random, learn: () => undefined }

/** The best hour of the person's segment, by the average of its attempts so far, workdays and weekends apart. */
export function segmentHours(): HourPolicy {
  const counts = new Map<string, { tried: number; answered: number }>()
  const keyOf = (person: HabitPerson, hour: number, weekend: boolean): string => `${person.view.segment} ${hour} ${weekend}`
  const average = (key: string): number => {
    const { tried, answered } = counts.get(key) ?? { tried: 0, answered: 0 }
    return (answered + 1) / (tried + 4)
  }
  return {
    choose: (person, { weekend }) => best((hour) => average(keyOf(person, hour, weekend))),
    learn: (person, { hour, weekend }, answered) => {
      const key = keyOf(person, hour, weekend)
      const { tried, answered: before } = counts.get(key) ?? { tried: 0, answered: 0 }
      counts.set(key, { tried: tried + 1, answered: before + (answered ? 1 : 0) })
    },
  }
}

export function forecastHours(seed: number): HourPolicy {
  const forecaster = createForecaster({ seed })
  return {
    choose: (person, day) => best((hour) => forecaster.predict(person.view, { ...day, hour })),
    learn: (person, at, answered) => forecaster.learn(person.view, at, answered),
    expects: (person, at) => forecaster.predict(person.view, at),
  }
}

/** Who knows all habits: what there is to be had. */
export function knownHours(world: HabitWorld): HourPolicy {
  return { choose: (person, day) => best((hour) => world.answerProbability(person, { ...day, hour }, 0)), learn: () => undefined }
}

function best(worth: (hour: number) => number): number {
  let chosen = (HOURS[0] as number)
  let most = -1
  for (const hour of HOURS) {
    const value = worth(hour)
    if (value <= most) continue
    most = value
    chosen = hour
  }
  return chosen
}
