import type { AgentDay } from '@loopline/contracts/agent'

/** ISO days of this zone, both included. */
export interface Range {
  from: string
  to: string
}

const DAY_MS = 86_400_000

export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone

/** sv-SE writes a day as ISO does. */
const dayOf = (at: number): string => new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(at)

/** The last so many days, today included. */
export const lastDays = (count: number, now = Date.now()): Range => ({ from: dayOf(now - (count - 1) * DAY_MS), to: dayOf(now) })

export const PARTS = ['ready', 'dialing', 'talking', 'hold', 'wrapUp'] as const
type Part = (typeof PARTS)[number]
/** What a day of one agent, and a sum over several, have in common. */
export type Spent = Pick<AgentDay, 'calls' | 'pausedMs' | `${Part}Ms`>

export const pausedMs = ({ pausedMs: by }: Pick<Spent, 'pausedMs'>): number => Object.values(by).reduce((sum, ms) => sum + ms, 0)
export const onDutyMs = (spent: Spent): number => PARTS.reduce((sum, part) => sum + spent[`${part}Ms`], pausedMs(spent))

/** All of them as one. */
export function sumOf(days: readonly Spent[]): Spent {
  const sum = { calls: 0, readyMs: 0, dialingMs: 0, talkingMs: 0, holdMs: 0, wrapUpMs: 0, pausedMs: {} as Record<string, number> }
  for (const day of days) {
    sum.calls += day.calls
    for (const part of PARTS) sum[`${part}Ms`] += day[`${part}Ms`]
    for (const [reason, ms] of Object.entries(day.pausedMs)) sum.pausedMs[reason] = (sum.pausedMs[reason] ?? 0) + ms
  }
  return sum
}
