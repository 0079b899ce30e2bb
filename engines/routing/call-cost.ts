/** What a carrier asks for a call. Money in millionths of its currency, so that sums are exact. */
export interface Tariff {
  readonly microsPerMinute: number
  readonly currency: string
  /** Seconds that an answered call pays at least, and the steps in which it pays what follows: 60/60, 60/6, 1/1. */
  readonly firstSeconds: number
  readonly stepSeconds: number
}

/** A tariff and from when on it holds, unix ms. */
export interface TariffSince extends Tariff {
  readonly since: number
}

/** What a call of so long an answer costs, in millionths; a step that was begun is paid whole, a call nobody answered is free. */
export function callCost({ microsPerMinute, firstSeconds, stepSeconds }: Tariff, answeredMs: number | null): number {
  if (answeredMs === null) return 0
  const beyond = Math.max(0, Math.ceil(answeredMs / 1_000) - firstSeconds)
  const seconds = firstSeconds + Math.ceil(beyond / stepSeconds) * stepSeconds
  return Math.round((microsPerMinute * seconds) / 60)
}

/** The tariff that held at an instant; null before the first. `tariffs`: oldest first; one without a price ends those before. */
export function tariffAt(tariffs: readonly (TariffSince | { readonly since: number; readonly microsPerMinute: null })[], at: number): Tariff | null {
  const found = tariffs.findLast(({ since }) => since <= at)
  return found === undefined || found.microsPerMinute === null ? null : (found as TariffSince)
}
