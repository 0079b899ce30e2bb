/** What became of a campaign, from the database: who worked how long, who answered, and whom nobody came for. */
import type { Database } from '@loopline/postgres/queryable'
import { shareBelow } from './percentile.ts'

export interface Span {
  campaignId: string
  from: Date
  to: Date
}

/** Shares 0..1, of the time that agents were signed on within the span. */
export interface Utilisation {
  talking: number
  wrapUp: number
  idle: number
  other: number
}

const MINUTE_MS = 60_000

/** How the agents' time was spent; a state that still goes on counts up to the end of the span. */
export async function utilisationOf(db: Database, { from, to }: Pick<Span, 'from' | 'to'>): Promise<Utilisation> {
  const rows = await db.sql<{ state: string; seconds: number }>`
    select state, sum(extract(epoch from least(to_at, ${to}) - greatest(from_at, ${from})))::float8 as seconds
      from (select state, from_at, to_at from dialer.agent_time union all select state, since, ${to}::timestamptz from dialer.agent_session) as times
     where state <> 'offline' and to_at > ${from} and from_at < ${to} group by state`
  const of = (...states: string[]): number => rows.filter(({ state }) => states.includes(state)).reduce((sum, { seconds }) => sum + seconds, 0)
  const all = rows.reduce((sum, { seconds }) => sum + seconds, 0) || 1
  const [talking, wrapUp, idle] = [of('talking', 'on-hold') / all, of('wrap-up') / all, of('ready') / all]
  return { talking, wrapUp, idle, other: Math.max(0, 1 - talking - wrapUp - idle) }
}

export interface Answers {
  calls: number
  answered: number
  abandoned: number
  givenUp: number
  /** From the answer until the agent was there, ms. */
  connectP50Ms: number
  connectP99Ms: number
  /** The minute in which most were abandoned: the share of its answers. */
  worstMinute: { abandoned: number; answered: number; share: number }
}

export async function answersOf(db: Database, { campaignId, from, to }: Span, givenUp: number): Promise<Answers> {
  const rows = await db.sql<{ outcome: string | null; answeredAt: Date | null; connectedAt: Date | null }>`
    select outcome, answered_at as "answeredAt", connected_at as "connectedAt" from dialer.attempt
     where campaign_id = ${campaignId} and started_at >= ${from} and started_at < ${to}`
  const answered = rows.filter(({ outcome, connectedAt }) => outcome === 'abandoned' || (outcome === 'connected' && connectedAt !== null))
  const abandoned = answered.filter(({ outcome }) => outcome === 'abandoned')
  const waits = answered.flatMap(({ answeredAt, connectedAt }) => (answeredAt && connectedAt ? [connectedAt.getTime() - answeredAt.getTime()] : []))
  const minutes = Map.groupBy(answered, ({ answeredAt }) => Math.floor(((answeredAt ?? from).getTime() - from.getTime()) / MINUTE_MS))
  const byMinute = [...minutes.values()].map((calls) => {
    const left = calls.filter(({ outcome }) => outcome === 'abandoned').length
    return { abandoned: left, answered: calls.length, share: left / calls.length }
  })
  return {
    calls: rows.length, answered: answered.length, abandoned: abandoned.length, givenUp,
    connectP50Ms: shareBelow(0.5, waits), connectP99Ms: shareBelow(0.99, waits),
    worstMinute: byMinute.toSorted((one, other) => other.share - one.share || other.abandoned - one.abandoned)[0] ?? { abandoned: 0, answered: 0, share: 0 },
  }
}
