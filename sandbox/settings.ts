import { CARRIER_PROFILES } from './carrier-profile.ts'
import type { CarrierProfile } from './carrier-profile.ts'

/** How the population and the carrier are tuned; changed at run time over the control port. */
export interface CarrierSettings {
  profile: CarrierProfile
  /** Added to the real time: the hour at the callee (the console's demo clock). */
  calleeOffsetMs: number
  /** Times every ring, talk and announcement of the population is multiplied with; test numbers keep theirs. */
  timeScale: number
  /** How many of those whose telephone rang in vain call back, percent; the number that always does does so anyway. */
  callBackPercent: number
  /** Our own numbers that telephones show as a nuisance, E.164: fewer people answer them. */
  flaggedCallers: readonly string[]
}

export const DEFAULT_SETTINGS: Readonly<CarrierSettings> = { profile: 'chinese', calleeOffsetMs: 0, timeScale: 1, callBackPercent: 0, flaggedCallers: [] }

const CHECKS: { [Name in keyof CarrierSettings]: (value: unknown) => string | null } = {
  profile: (value) => (CARRIER_PROFILES.some((profile) => profile === value) ? null : `profile is one of ${CARRIER_PROFILES.join(', ')}`),
  calleeOffsetMs: (value) => (Number.isSafeInteger(value) ? null : 'calleeOffsetMs is whole milliseconds'),
  timeScale: (value) => (typeof value === 'number' && value > 0 && value <= 100 ? null : 'timeScale is above 0, up to 100'),
  callBackPercent: (value) => (typeof value === 'number' && value >= 0 && value <= 100 ? null : 'callBackPercent is 0 to 100'),
  flaggedCallers: (value) => (Array.isArray(value) && value.every((each) => typeof each === 'string') ? null : 'flaggedCallers is a list of numbers'),
}

const SIGNIFICANT_DIGITS = 10

/** Whether telephones show this caller as a nuisance, however the line writes its number. */
export function isFlagged({ flaggedCallers }: Pick<CarrierSettings, 'flaggedCallers'>, caller: string): boolean {
  const ending = (number: string): string => number.replaceAll(/\D/g, '').slice(-SIGNIFICANT_DIGITS)
  return flaggedCallers.some((number) => ending(number) === ending(caller))
}

/** The change in a request body; a text saying what is wrong with it otherwise. */
export function readSettings(body: unknown): Partial<CarrierSettings> | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'an object of settings is wanted'
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(CHECKS, name)) return `no setting ${name}; there are ${Object.keys(CHECKS).join(', ')}`
    const problem = CHECKS[name as keyof CarrierSettings](value)
    if (problem !== null) return problem
  }
  return body as Partial<CarrierSettings>
}
