import { Readable } from 'node:stream'
import type { AttemptId } from '@loopline/vocabulary/ids'
import { rangeOf } from '@loopline/recording/wav'
import type { Actor } from '../attempt/scope.ts'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { openAudio } from './audio.ts'
import { mustBeThere } from './hold-recording.ts'
import { readRecording } from './stored.sql.ts'
import { callToHear } from './view-recording.ts'

/** A player asks for a recording piece by piece: that is one act of listening. */
const ONE_ACT_MS = 10 * 60_000
const KNOWN_MAX = 10_000
const known = new Map<string, number>()

export interface Heard {
  status: 200 | 206
  headers: Record<string, string>
  body: Readable
}

/**
 * A recording, or the part of it that a Range header asks for. The act is in the audit before the first byte leaves (P17).
 * @throws CodedError RECORDING_NOT_FOUND · RECORDING_NOT_READY · RECORDING_DELETED · RANGE_NOT_SATISFIABLE · AUDIT_UNAVAILABLE
 */
export async function listen(dialer: Dialer, actor: Actor, attemptId: AttemptId, wanted: { range: string | undefined; download: boolean }): Promise<Heard> {
  const call = await callToHear(dialer, actor, attemptId)
  const stored = await readRecording(dialer.db, call.customerId, attemptId)
  mustBeThere(stored?.deletingAt ?? null)
  const audio = dialer.objects === null ? null : await openAudio(dialer.objects, dialer.keys, attemptId)
  if (!audio) throw failed('RECORDING_NOT_READY')
  const range = rangeOf(wanted.range, audio.bytes)
  if (range === 'unsatisfiable') throw failed('RANGE_NOT_SATISFIABLE', { bytes: audio.bytes })
  await note(dialer, actor, attemptId, { customerId: call.customerId, download: wanted.download })
  const { from, to } = range ?? { from: 0, to: audio.bytes }
  return {
    status: range === null ? 200 : 206,
    headers: {
      'content-type': 'audio/wav', 'content-length': String(to - from), 'accept-ranges': 'bytes', 'cache-control': 'no-store',
      ...(range === null ? {} : { 'content-range': `bytes ${from}-${to - 1}/${audio.bytes}` }),
      ...(wanted.download ? { 'content-disposition': `attachment; filename="${attemptId}.wav"` } : {}),
    },
    body: Readable.from(audio.read(from, to)),
  }
}

async function note(dialer: Dialer, { identity }: Actor, attemptId: AttemptId, details: { customerId: string; download: boolean }): Promise<void> {
  const act = `${identity.sub}/${attemptId}/${details.download}`
  const now = dialer.clock.monotonic()
  if ((known.get(act) ?? 0) > now) return
  await audited(dialer, identity, details.download ? 'recording:download' : 'recording:listen', attemptId, { customerId: details.customerId })
  if (known.size >= KNOWN_MAX) known.delete(known.keys().next().value as string)
  known.set(act, now + ONE_ACT_MS)
}
