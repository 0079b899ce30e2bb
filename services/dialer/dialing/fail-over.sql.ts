import type { EndedLeg, DialDecision } from '@loopline/contracts/call-event'
import type { LineType } from '@loopline/vocabulary/customer'
import type { AttemptId, CustomerId, LineId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

/** A leg as it is about to be ordered. */
export interface NextLeg {
  customerId: CustomerId
  attemptId: AttemptId
  /** 2 for the first that follows. */
  leg: number
  lineId: LineId
  lineName: string
  lineType: LineType
  callerId: string
  decision: DialDecision
  /** How the ones before it ended, in their order. */
  legs: readonly EndedLeg[]
  epoch: string
  dialBy: number
  /** Version of the customer that was decided about. */
  personVersion: number
}

/**
 * Writes legs down before their INVITEs leave. Only an attempt that is open, still at the leg before, ours, and of the voice
 * process that ended that leg, whose person is as decided about and whose campaign runs, gets one. Everybody else is left out of the answer.
 */
export async function writeLegs(queryable: Queryable, legs: readonly NextLeg[], dialerId: string): Promise<Set<AttemptId>> {
  const written = await queryable.sql<{ attemptId: AttemptId }>`
    update dialer.attempt a
       set leg = w.leg, legs = w.legs, line_id = w."lineId", line_name = w."lineName", line_type = w."lineType", caller_id = w."callerId",
           decision = w.decision, dial_by = to_timestamp(w."dialBy" / 1000.0)
      from (select * from json_to_recordset(${json(legs)}::json) as given(
             "customerId" uuid, "attemptId" uuid, leg smallint, legs json, "lineId" uuid, "lineName" text, "lineType" text, "callerId" text,
             decision json, epoch text, "dialBy" double precision, "personVersion" integer) order by "customerId") w
     where a.customer_id = w."customerId" and a.id = w."attemptId" and a.ended_at is null and a.leg = w.leg - 1
       and a.dialer_id = ${dialerId} and a.epoch = w.epoch
       and exists (select from dialer.person p where p.customer_id = a.customer_id and p.version = w."personVersion" and not p.deleted and not p.never_call)
       and (a.campaign_id is null or exists (select from dialer.campaign c where c.campaign_id = a.campaign_id and c.state = 'running'))
    returning a.id as "attemptId"`
  return new Set(written.map((row) => row.attemptId))
}

/** A leg that never left is undone: the attempt ends as the leg before it did, over that line. */
export async function undoLegs(queryable: Queryable, attempts: readonly { customerId: CustomerId; attemptId: AttemptId; back: EndedLeg; legs: readonly EndedLeg[] }[]): Promise<void> {
  if (attempts.length === 0) return
  const rows = attempts.map(({ customerId, attemptId, legs, back: { lineId, lineName, lineType, callerId } }) => ({ customerId, attemptId, leg: legs.length, legs: legs.slice(0, -1), lineId, lineName, lineType, callerId }))
  await queryable.execute`
    update dialer.attempt a
       set leg = w.leg, legs = w.legs, line_id = w."lineId", line_name = w."lineName", line_type = w."lineType", caller_id = w."callerId"
      from (select * from json_to_recordset(${json(rows)}::json) as given(
             "customerId" uuid, "attemptId" uuid, leg smallint, legs json, "lineId" uuid, "lineName" text, "lineType" text, "callerId" text) order by "customerId") w
     where a.customer_id = w."customerId" and a.id = w."attemptId" and a.ended_at is null and a.leg = w.leg + 1`
}
