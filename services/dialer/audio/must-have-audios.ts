import type { Queryable } from '@loopline/postgres/queryable'
import { failed } from '../errors.ts'
import { lockAudios } from './audio.sql.ts'

/** In the transaction that saves the campaign. @throws CodedError AUDIO_NOT_FOUND: a campaign may only play what is there. */
export async function mustHaveAudios(queryable: Queryable, { fallbackAudioId, announcementAudioId }: { [Which in 'fallbackAudioId' | 'announcementAudioId']?: string | null | undefined }): Promise<void> {
  const wanted = [fallbackAudioId, announcementAudioId].flatMap((id) => id ?? [])
  if (wanted.length === 0) return
  const there = await lockAudios(queryable, wanted)
  const missing = wanted.find((id) => !there.has(id))
  if (missing !== undefined) throw failed('AUDIO_NOT_FOUND', { audioId: missing })
}
