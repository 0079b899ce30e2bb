import type { RecordingView } from '@loopline/contracts/recording'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Manifest } from '@loopline/recording/manifest'
import { scopedTo } from '../attempt/scope.ts'
import type { Actor } from '../attempt/scope.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { readManifest } from './audio.ts'
import { readCall, readRecording } from './recording.sql.ts'
import type { CallOfRecording, StoredRecording } from './recording.sql.ts'

const SAMPLES_PER_MS = 8

/** Whether and why a call was recorded, and whether the recording is whole. */
export async function viewRecording(dialer: Dialer, actor: Actor, attemptId: AttemptId): Promise<RecordingView> {
  const call = await callToHear(dialer, actor, attemptId)
  const stored = await readRecording(dialer.db, call.customerId, attemptId)
  if (!stored) return notRecorded(attemptId, whyNot(call))
  const manifest = stored.state === 'recording' || dialer.objects === null ? null : await readManifest(dialer.objects, dialer.keys, attemptId)
  return recorded(attemptId, stored, manifest)
}

/** @throws CodedError RECORDING_NOT_FOUND: there is no such call, or the actor may not hear it. */
export async function callToHear(dialer: Dialer, actor: Actor, attemptId: AttemptId): Promise<CallOfRecording> {
  const call = await readCall(dialer.db, attemptId)
  if (!call || !mayHear(actor, call)) throw failed('RECORDING_NOT_FOUND')
  return call
}

/** One's own calls and those with one's own customers; a lead also those with the team's. */
function mayHear(actor: Actor, call: CallOfRecording): boolean {
  const { ownerId, teamId } = scopedTo(actor)
  if (actor.identity.sub === call.agentId) return true
  return (ownerId === null || ownerId === call.ownerId) && (teamId === null || teamId === call.teamId)
}

function whyNot({ decision, answeredAt, connectedAt }: CallOfRecording): string {
  const plan = decision.recording
  if (!plan) return 'no-agent'
  if (plan.record === 'no') return plan.reason
  if (answeredAt === null) return 'not-answered'
  return connectedAt === null ? 'not-connected' : 'announcement-not-heard'
}

function recorded(attemptId: AttemptId, { state, basis, startedAt, samples, gaps, keptUntil, legalHold }: StoredRecording, manifest: Manifest | null): RecordingView {
  return {
    attemptId, state, because: basis, startedAt: startedAt.toISOString(), durationMs: Math.round((manifest?.length ?? samples) / SAMPLES_PER_MS),
    gaps: (gaps ?? []).map(({ from, to, why }) => ({ fromMs: from / SAMPLES_PER_MS, toMs: to / SAMPLES_PER_MS, why })),
    keptUntil: keptUntil.toISOString(), legalHold,
    peaks: { customer: [...(manifest?.peaks.customer ?? [])], seller: [...(manifest?.peaks.seller ?? [])] },
  }
}

function notRecorded(attemptId: AttemptId, because: string): RecordingView {
  return { attemptId, state: 'not-recorded', because, startedAt: null, durationMs: 0, gaps: [], keptUntil: null, legalHold: false, peaks: { customer: [], seller: [] } }
}
