import type { Queryable } from '@loopline/postgres/queryable'

export interface AudioRow {
  audioId: string
  name: string
  durationMs: number
  madeBy: string
  madeAt: Date
}

export async function insertAudio(queryable: Queryable, { audioId, name, durationMs, madeBy, madeAt }: AudioRow): Promise<void> {
  await queryable.execute`
    insert into dialer.audio (audio_id, name, duration_ms, made_by, made_at) values (${audioId}, ${name}, ${durationMs}, ${madeBy}, ${madeAt})`
}

export function readAudios(queryable: Queryable): Promise<AudioRow[]> {
  return queryable.sql<AudioRow>`
    select audio_id as "audioId", name, duration_ms as "durationMs", made_by as "madeBy", made_at as "madeAt"
      from dialer.audio where removed_at is null order by made_at desc, audio_id limit 500`
}

/** Keeps it from being removed while the transaction of whoever wants to play it goes on. Answers which of them there are. */
export async function lockAudios(queryable: Queryable, audioIds: readonly string[]): Promise<Set<string>> {
  const rows = await queryable.sql<{ audioId: string }>`
    select audio_id as "audioId" from dialer.audio where audio_id = any(${audioIds}::uuid[]) and removed_at is null for share`
  return new Set(rows.map(({ audioId }) => audioId))
}

/** Answers whether it was there and no campaign that is not over plays it. */
export async function markRemoved(queryable: Queryable, audioId: string, at: Date): Promise<boolean> {
  return (await queryable.execute`
    update dialer.audio set removed_at = ${at}
     where audio_id = ${audioId} and removed_at is null
       and not exists (select from dialer.campaign c where c.state in ('draft', 'running', 'paused') and (c.settings->>'fallbackAudioId' = ${audioId} or c.settings->>'announcementAudioId' = ${audioId}))`) === 1
}

export async function isThere(queryable: Queryable, audioId: string): Promise<boolean> {
  return (await queryable.sql`select from dialer.audio where audio_id = ${audioId} and removed_at is null`).length === 1
}
