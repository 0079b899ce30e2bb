import type { RecordingView } from '@loopline/contracts/recording'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Actor } from '../attempt/scope.ts'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { readRecording, setHold } from './stored.sql.ts'
import { callToHear, viewRecording } from './view-recording.ts'

/**
 * Puts a recording under legal hold, or releases it; the act is audited first.
 * @throws CodedError RECORDING_NOT_FOUND · RECORDING_NOT_READY: there is none · RECORDING_DELETED · AUDIT_UNAVAILABLE
 */
export async function holdRecording(dialer: Dialer, actor: Actor, attemptId: AttemptId, { on, reason }: { on: boolean; reason: string }): Promise<RecordingView> {
  const { customerId } = await callToHear(dialer, actor, attemptId)
  const stored = await readRecording(dialer.db, customerId, attemptId)
  if (!stored) throw failed('RECORDING_NOT_READY')
  mustBeThere(stored.deletingAt)
  await audited(dialer, actor.identity, on ? 'recording:hold' : 'recording:release', attemptId, { customerId, reason })
  const hold = on ? { reason, by: actor.identity.name, at: new Date(dialer.clock.now()) } : null
  if (!(await setHold(dialer.db, { customerId, attemptId }, hold))) mustBeThere(new Date(dialer.clock.now()))
  return viewRecording(dialer, actor, attemptId)
}

/** @throws CodedError RECORDING_DELETED */
export function mustBeThere(deletedAt: Date | null): void {
  if (deletedAt !== null) throw failed('RECORDING_DELETED', { deletedAt: deletedAt.toISOString() })
}
