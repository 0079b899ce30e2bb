import type { Transaction } from '@loopline/postgres/queryable'
import { arrayLiteral } from '../customer/array-literal.ts'
import type { CustomerRow } from '../customer/customer-row.ts'

/**
 * Writes what calls and rules change, one statement for a batch. Tags travel as array literals, since unnest would
 * flatten arrays of arrays.
 */
export async function saveOutcomes(transaction: Transaction, rows: readonly CustomerRow[]): Promise<void> {
  const column = <Key extends keyof CustomerRow>(key: Key): CustomerRow[Key][] => rows.map((row) => row[key])
  await transaction.sql`
    update crm.customer c
       set version = new.version, status = new.status, owner_id = new.owner_id, team_id = new.team_id, tags = new.tags::text[],
           intent = new.intent, last_follow_up_at = new.last_follow_up_at, follow_up_paused_until = new.follow_up_paused_until,
           last_outcome = new.last_outcome, last_called_at = new.last_called_at, no_answer_streak = new.no_answer_streak,
           rejected_count = new.rejected_count, attempt_count = new.attempt_count, updated_at = new.updated_at,
           touched_at = new.touched_at
      from unnest(${column('customerId')}::uuid[], ${column('version')}::integer[], ${column('status')}::text[],
             ${column('ownerId')}::uuid[], ${column('teamId')}::uuid[], ${column('tags').map(arrayLiteral)}::text[],
             ${column('intent')}::text[], ${column('lastFollowUpAt')}::timestamptz[], ${column('followUpPausedUntil')}::timestamptz[],
             ${column('lastOutcome')}::text[], ${column('lastCalledAt')}::timestamptz[], ${column('noAnswerStreak')}::integer[],
             ${column('rejectedCount')}::integer[], ${column('attemptCount')}::integer[], ${column('updatedAt')}::timestamptz[],
             ${column('touchedAt')}::timestamptz[])
        as new (customer_id, version, status, owner_id, team_id, tags, intent, last_follow_up_at, follow_up_paused_until,
                last_outcome, last_called_at, no_answer_streak, rejected_count, attempt_count, updated_at, touched_at)
     where c.customer_id = new.customer_id`
}
