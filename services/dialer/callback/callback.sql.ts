import type { AttemptId, CampaignId, CustomerId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'

export interface Promised {
  id: string
  customerId: CustomerId
  agentId: UserId | null
  teamId: TeamId | null
  campaignId: CampaignId | null
  at: Date
  madeBy: UserId
  madeAt: Date
  madeIn: AttemptId
}

/** Whose wish a call back after a missed one is: nobody's of ours. */
export const NOBODY = '00000000-0000-0000-0000-000000000000'

/** `isMissedCall`: nobody promised it, the customer called and nobody came, at `at`. */
export type DueCallback = Pick<Promised, 'id' | 'customerId' | 'agentId' | 'teamId' | 'at'> & { isMissedCall: boolean }

export async function insertCallback(queryable: Queryable, { id, customerId, agentId, teamId, campaignId, at, madeBy, madeAt, madeIn }: Promised): Promise<void> {
  await queryable.execute`
    insert into dialer.callback (customer_id, id, agent_id, team_id, campaign_id, at, made_by, made_at, made_in, state, not_before)
    values (${customerId}, ${id}, ${agentId}, ${teamId}, ${campaignId}, ${at}, ${madeBy}, ${madeAt}, ${madeIn}, 'open', ${at})`
}

/** How many calls are promised to this customer within these instants already. */
export async function countPromised(queryable: Queryable, customerId: CustomerId, from: Date, to: Date): Promise<number> {
  const [row] = await queryable.sql<{ count: number }>`
    select count(*) as count from dialer.callback where customer_id = ${customerId} and state = 'open' and at >= ${from} and at < ${to}`
  return row?.count ?? 0
}

/** Promises whose time has come, the oldest first. */
export function dueCallbacks(queryable: Queryable, now: Date, limit: number): Promise<DueCallback[]> {
  return queryable.sql<DueCallback>`
    select id, customer_id as "customerId", agent_id as "agentId", team_id as "teamId", at, made_by = ${NOBODY}::uuid as "isMissedCall"
      from dialer.callback where state = 'open' and not_before <= ${now} order by at limit ${limit}`
}

/** Lets a promise rest until then: a card of it is shown, or was put aside. */
export async function postponeCallback(queryable: Queryable, { customerId, id }: Pick<DueCallback, 'customerId' | 'id'>, until: Date): Promise<void> {
  await queryable.execute`update dialer.callback set not_before = ${until} where customer_id = ${customerId} and id = ${id} and state = 'open'`
}

export async function keepCallback(queryable: Queryable, { customerId, id }: Pick<DueCallback, 'customerId' | 'id'>, keptIn: AttemptId): Promise<void> {
  await queryable.execute`update dialer.callback set state = 'kept', kept_in = ${keptIn} where customer_id = ${customerId} and id = ${id} and state = 'open'`
}

/** Promises nobody kept in time. Answers how many. */
export function missCallbacks(queryable: Queryable, before: Date): Promise<number> {
  return queryable.execute`update dialer.callback set state = 'missed' where state = 'open' and at < ${before}`
}
