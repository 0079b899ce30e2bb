import type { AttemptId, CampaignId, CustomerId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import type { PromiseAhead } from './promises-ahead.ts'

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
export async function countPromised(queryable: Queryable, customerId: CustomerId, from: Date, to: Date, exceptId: string | null): Promise<number> {
  const [row] = await queryable.sql<{ count: number }>`
    select count(*) as count from dialer.callback where customer_id = ${customerId} and state = 'open' and at >= ${from} and at < ${to} and id is distinct from ${exceptId}::uuid`
  return row?.count ?? 0
}

/** Who could make a promised call now. */
export interface FreeToCall {
  agentIds: readonly UserId[]
  teamIds: readonly TeamId[]
  /** Promises of before this instant are anybody's of the team, whomever they name. */
  anyoneBefore: Date
  slots: readonly number[]
}

/**
 * Promises whose time has come and for whom somebody is free, the oldest first. Those whose seller is away do not stand
 * before the others.
 */
export function dueCallbacks(queryable: Queryable, now: Date, { agentIds, teamIds, anyoneBefore, slots }: FreeToCall, limit: number): Promise<DueCallback[]> {
  return queryable.sql<DueCallback>`
    select id, customer_id as "customerId", agent_id as "agentId", team_id as "teamId", at, made_by = ${NOBODY}::uuid as "isMissedCall"
      from dialer.callback
     where state = 'open' and not_before <= ${now} and loopline.bucket(customer_id) % 64 = any(${slots}::smallint[])
       and (agent_id = any(${agentIds}::uuid[])
            or ((agent_id is null or at <= ${anyoneBefore}) and (team_id is null or team_id = any(${teamIds}::uuid[]))))
     order by at limit ${limit}`
}

/** Open promises of before `until` that no card shows, over all slots. */
export async function promisesAhead(queryable: Queryable, now: Date, until: Date, limit: number): Promise<PromiseAhead[]> {
  const rows = await queryable.sql<Omit<PromiseAhead, 'at'> & { at: Date }>`
    select customer_id as "customerId", agent_id as "agentId", team_id as "teamId", campaign_id as "campaignId", greatest(at, not_before) as at
      from dialer.callback where state = 'open' and not_before <= ${until} and (shown_as is null or not_before <= ${now}) order by at limit ${limit}`
  return rows.map((row) => ({ ...row, at: row.at.getTime() }))
}

/** Shows a promise by this card: it rests until then, and the card's call keeps it, whatever becomes of this process. */
export async function showAs(queryable: Queryable, { customerId, id }: Pick<DueCallback, 'customerId' | 'id'>, attemptId: AttemptId, until: Date): Promise<boolean> {
  const shown = await queryable.execute`
    update dialer.callback set not_before = ${until}, shown_as = ${attemptId} where customer_id = ${customerId} and id = ${id} and state = 'open'`
  return shown > 0
}

/** Promises whose call was written down by a process that died before it said so. Answers how many. */
export function keepCalled(queryable: Queryable, now: Date): Promise<number> {
  return queryable.execute`
    update dialer.callback c set state = 'kept', kept_in = c.shown_as
     where c.state = 'open' and c.not_before <= ${now} and c.shown_as is not null
       and exists (select from dialer.attempt a where a.customer_id = c.customer_id and a.id = c.shown_as)`
}

/** Gives the promises of people who left to their teams. Answers how many. */
export function giveToTeams(queryable: Queryable, agentIds: readonly UserId[]): Promise<number> {
  return queryable.execute`update dialer.callback set agent_id = null where state = 'open' and agent_id = any(${agentIds}::uuid[])`
}

/** Lets a promise rest until then: its card was put aside. */
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
