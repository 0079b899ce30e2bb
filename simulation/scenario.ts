/** A campaign to simulate. Times in seconds where the name says so; shares 0..1. */
export interface Scenario {
  readonly name: string
  readonly agents: number
  readonly hours: number
  /** Share of dialled numbers that a person answers, over the day. */
  readonly answerRate: number
  /** Factor on the answer rate at an hour of the campaign. */
  readonly drift?: (hour: number) => number
  /** Numbers differ: standard deviation of their log-odds, and of the forecaster's error; without it nobody forecasts. */
  readonly forecast?: { readonly spread: number; readonly error: number }
  readonly talkMeanS: number
  readonly wrapMeanS: number
  readonly ringMeanS: number
  readonly ringTimeoutS: number
  /** Hours in which every call fails at once. */
  readonly outage?: readonly [fromHour: number, toHour: number]
  /** Share of agents who leave after half of the time. */
  readonly leavers?: number
  /** Share of talks that end with a promise to call back. */
  readonly callbackShare?: number
  /** Calls that may be up at a time; without it twice what the agents could ever need. */
  readonly lines?: number
}

const DAY: Omit<Scenario, 'name' | 'agents'> = {
  hours: 3, answerRate: 0.28, talkMeanS: 110, wrapMeanS: 18, ringMeanS: 10, ringTimeoutS: 28,
}
const evening = (hour: number): number => (hour < 1 ? 0.7 : hour < 2 ? 1 + 0.5 * (hour - 1) : 1.5)

/** Small to large teams, and what goes wrong in practice. */
export const SCENARIOS: readonly Scenario[] = [
  ...[3, 8, 25, 80].map((agents): Scenario => ({ ...DAY, name: `day-${agents}`, agents })),
  ...[8, 25].map((agents): Scenario => ({ ...DAY, name: `evening-${agents}`, agents, drift: evening })),
  ...[8, 25].map((agents): Scenario => ({ ...DAY, name: `forecast-${agents}`, agents, forecast: { spread: 1.1, error: 0.7 } })),
  { ...DAY, name: 'outage-25', agents: 25, outage: [1, 1.1] },
  { ...DAY, name: 'half-leave-25', agents: 25, leavers: 0.5 },
  { ...DAY, name: 'callbacks-8', agents: 8, callbackShare: 0.08 },
  { ...DAY, name: 'slow-ring-12', agents: 12, ringMeanS: 15, ringTimeoutS: 40 },
  { ...DAY, name: 'few-lines-25', agents: 25, lines: 45 },
]
