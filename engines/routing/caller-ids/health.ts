/**
 * Whether the answer rate of a number has dropped, by a CUSUM of the log-likelihood ratio (Page 1954; Lorden 1971: nothing finds a
 * drop sooner at the same rate of false alarms). A number whose calls phones show as "nuisance" is answered less from one day on,
 * while its neighbours are not: each call is held against what the number used to reach times how well its neighbours do at the
 * same time, so that a bad hour, list or carrier blames nobody. Pure; times are unix ms.
 */

/** A flagged number keeps this share of its answers, or less: between 70 % → 20 % and 80 % → 30 % of what is reported (asks.md 6). */
const KEPT_SHARE = 0.4
/**
 * The sum at which a number is suspected. Measured on numbers of 60 calls a day (health.test.ts): at 10, 0.6 % of steady numbers a
 * month are suspected wrongly, and a fall from 20 % to 7 % is seen after 132 calls (median; 248 at the 95th percentile); at 8, 3.9 %
 * and 112 calls; at 9, 0.8 % and 121, but bad days blame one number in twelve.
 */
export const SUSPECTED_AT = 10
/** From here on a number learns nothing about itself until the sum is lower again: what may be its fall is not taken for its habit. */
export const DOUBTED_AT = SUSPECTED_AT / 3
/** A new number is only learnt about for so many calls: before, nobody knows what it reaches. */
const LEARNT_CALLS = 120
/** What was seen before says half as much after this time: of a number itself, and of how things go right now. */
const HABIT_HALF_MS = 30 * 86_400_000
const NOW_HALF_MS = 60 * 60_000
/** Calls that what is believed beforehand is worth: of a new number, that it does as its neighbours; of the neighbours, that now is as ever. */
const HABIT_PRIOR = 60
const NOW_PRIOR = 10
/** The share of answers believed before anything was seen. */
const FIRST_RATE = 0.15
const FIRST_WEIGHT = 20
/** Neighbours on the same line are asked when they have made as many calls lately; else all numbers are. */
const NEIGHBOURS_MIN = 30

/** What is kept of one number. Counts are decayed as of `at`. */
export interface Health {
  readonly at: number
  readonly habitCalls: number
  readonly habitAnswered: number
  readonly nowCalls: number
  readonly nowAnswered: number
  /** Calls in a state of doubt, which are learnt when the doubt is over. */
  readonly doubtCalls: number
  readonly doubtAnswered: number
  readonly sum: number
  /** Since the sum was 0 last, the likeliest instant of the change: calls, answers, and the answers that were expected. */
  readonly since: { readonly from: number; readonly calls: number; readonly answered: number; readonly expected: number } | null
}

export const UNSEEN: Health = { at: 0, habitCalls: 0, habitAnswered: 0, nowCalls: 0, nowAnswered: 0, doubtCalls: 0, doubtAnswered: 0, sum: 0, since: null }

/** A number and its calls of one span of time. `poolId`: whose numbers are its neighbours (its line); `watched`: it may be suspected. */
export interface Watched {
  readonly id: string
  readonly poolId: string
  readonly health: Health
  readonly calls: number
  readonly answered: number
  readonly watched: boolean
}

export interface Judged {
  readonly id: string
  readonly health: Health
  /** Set when it is to be believed flagged from now on: what was reached and expected since the change. */
  readonly suspected: { readonly calls: number; readonly answered: number; readonly expected: number; readonly from: number } | null
}

/** Takes one span of time (minutes) of all numbers together. Order of the numbers does not matter. */
export function judgeSpan(numbers: readonly Watched[], at: number): Judged[] {
  const aged = numbers.map((one) => ({ ...one, before: agedTo(one.health, at) }))
  const totals = new Map<string, Totals>()
  const everybody: Totals = { habitCalls: 0, habitAnswered: 0, nowCalls: 0, nowAnswered: 0 }
  for (const { poolId, before, calls, answered } of aged) {
    const pool = totals.get(poolId) ?? { habitCalls: 0, habitAnswered: 0, nowCalls: 0, nowAnswered: 0 }
    totals.set(poolId, pool)
    for (const total of [pool, everybody]) add(total, { ...before, nowCalls: before.nowCalls + calls, nowAnswered: before.nowAnswered + answered })
  }
  return aged.map((one) => {
    const own = { ...one.before, nowCalls: one.before.nowCalls + one.calls, nowAnswered: one.before.nowAnswered + one.answered }
    const neighbours = without(totals.get(one.poolId) as Totals, own)
    return judge(one, own, neighbours.nowCalls >= NEIGHBOURS_MIN ? neighbours : without(everybody, own), at)
  })
}

interface Totals {
  habitCalls: number
  habitAnswered: number
  nowCalls: number
  nowAnswered: number
}

function judge({ id, before, calls, answered, watched }: Watched & { before: Health }, own: Totals, others: Totals, at: number): Judged {
  const expected = expectedRate(before, others)
  const isLearnt = before.habitCalls + before.doubtCalls >= LEARNT_CALLS
  const step = calls === 0 || !isLearnt ? 0 : answered * Math.log(KEPT_SHARE) + (calls - answered) * Math.log((1 - KEPT_SHARE * expected) / (1 - expected))
  const sum = Math.max(0, before.sum + step)
  const since = sum === 0 ? null : {
    from: before.since?.from ?? at, calls: (before.since?.calls ?? 0) + calls, answered: (before.since?.answered ?? 0) + answered,
    expected: (before.since?.expected ?? 0) + calls * expected,
  }
  const learns = sum < DOUBTED_AT
  const newCalls = before.doubtCalls + calls
  const newAnswered = before.doubtAnswered + answered
  const health: Health = {
    at, nowCalls: own.nowCalls, nowAnswered: own.nowAnswered, sum, since,
    habitCalls: before.habitCalls + (learns ? newCalls : 0), habitAnswered: before.habitAnswered + (learns ? newAnswered : 0),
    doubtCalls: learns ? 0 : newCalls, doubtAnswered: learns ? 0 : newAnswered,
  }
  return { id, health, suspected: watched && sum >= SUSPECTED_AT && calls > 0 ? since : null }
}

/** The share of answers that this number should reach now: its habit, times how well the others do now against their habit. */
export function expectedRate(own: Pick<Health, 'habitCalls' | 'habitAnswered'>, others: Totals): number {
  const poolHabit = (others.habitAnswered + FIRST_WEIGHT * FIRST_RATE) / (others.habitCalls + FIRST_WEIGHT)
  const poolNow = (others.nowAnswered + NOW_PRIOR * poolHabit) / (others.nowCalls + NOW_PRIOR)
  const habit = (own.habitAnswered + HABIT_PRIOR * poolHabit) / (own.habitCalls + HABIT_PRIOR)
  return Math.min(0.95, Math.max(0.02, (habit * poolNow) / poolHabit))
}

/** A number that was rested and comes back: what it reached before it was suspected stays its habit, and it may prove itself. */
export const forgiven = (health: Health): Health => ({ ...health, doubtCalls: 0, doubtAnswered: 0, sum: 0, since: null })

function agedTo(health: Health, at: number): Health {
  const passed = Math.max(0, at - health.at)
  const habit = 0.5 ** (passed / HABIT_HALF_MS)
  const now = 0.5 ** (passed / NOW_HALF_MS)
  return {
    ...health, at, habitCalls: health.habitCalls * habit, habitAnswered: health.habitAnswered * habit,
    nowCalls: health.nowCalls * now, nowAnswered: health.nowAnswered * now,
  }
}

function add(total: Totals, one: Totals): void {
  total.habitCalls += one.habitCalls
  total.habitAnswered += one.habitAnswered
  total.nowCalls += one.nowCalls
  total.nowAnswered += one.nowAnswered
}

function without(total: Totals, one: Totals): Totals {
  const less = (all: number, part: number): number => Math.max(0, all - part)
  return {
    habitCalls: less(total.habitCalls, one.habitCalls), habitAnswered: less(total.habitAnswered, one.habitAnswered),
    nowCalls: less(total.nowCalls, one.nowCalls), nowAnswered: less(total.nowAnswered, one.nowAnswered),
  }
}
