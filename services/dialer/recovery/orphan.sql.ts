import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { readOpenAttempts } from '../outcome/outcome.sql.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'

/** Open attempts of this process beyond the known ones, past their deadline. */
export async function readOrphans(queryable: Queryable, dialerId: string, known: readonly AttemptId[]): Promise<OpenAttempt[]> {
  const rows = await queryable.sql<{ attemptId: AttemptId }>`
    select id as "attemptId" from dialer.attempt
     where ended_at is null and dialer_id = ${dialerId} and dial_by < now() - interval '1 second' and not (id = any(${known}::uuid[]))`
  return readOpenAttempts(queryable, rows.map((row) => row.attemptId))
}

/** Of these, the attempts that somebody else has ended meanwhile. */
export async function endedElsewhere(queryable: Queryable, attemptIds: readonly AttemptId[]): Promise<AttemptId[]> {
  if (attemptIds.length === 0) return []
  const rows = await queryable.sql<{ attemptId: AttemptId }>`select id as "attemptId" from dialer.attempt where id = any(${attemptIds}::uuid[]) and ended_at is not null`
  return rows.map((row) => row.attemptId)
}
