import type { RecordingState, RecordingView } from '@loopline/contracts/recording'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Manifest } from '@loopline/recording/manifest'
import { scopedTo } from '../attempt/scope.ts'
import type { Actor } from '../attempt/scope.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { readManifest } from './audio.ts'
import { readCall } from './recording.sql.ts'
import type { CallOfRecording } from './recording.sql.ts'
import { readRecording } from './stored.sql.ts'
import type { StoredRecording } from './stored.sql.ts'

export const SAMPLES_PER_MS = 8

/** Whether and why a call was recorded, and whether the recording is whole. */
export async function viewRecording(dialer: Dialer, actor: Actor, attemptId: AttemptId): Promise<RecordingView> {
  const call = await callToHear(dialer, actor, attemptId)
  const stored = await readRecording(dialer.db, call.customerId, attemptId)
  if (!stored) return notRecorded(attemptId, whyNot(call))
  const hasManifest = stored.state !== 'recording' && stored.deletingAt === null
  const manifest = hasManifest && dialer.objects !== null ? await readManifest(dialer.objects, dialer.keys, attemptId).catch(() => null) : null
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

/** What is being deleted is told as deleted: nobody can hear it any more. */
export const stateOf = ({ state, deletingAt }: Pick<StoredRecording, 'state' | 'deletingAt'>): RecordingState => (deletingAt === null ? state : 'deleted')

/** Why a call was not recorded. */
export function whyNot({ decision, answeredAt, connectedAt }: Pick<CallOfRecording, 'decision' | 'answeredAt' | 'connectedAt'>): string {
  const plan = decision.recording
  if (!plan) return 'no-agent'
  if (plan.record === 'no') return plan.reason
  if (answeredAt === null) return 'not-answered'
  return connectedAt === null ? 'not-connected' : 'announcement-not-heard'
}

function recorded(attemptId: AttemptId, stored: StoredRecording, manifest: Manifest | null): RecordingView {
  const { basis, startedAt, samples, gaps, keptUntil, legalHold, holdReason, holdBy, holdAt, deletedAt, verifiedAt, findings } = stored
  return {
    attemptId, state: stateOf(stored), because: basis, startedAt: startedAt.toISOString(), durationMs: Math.round((manifest?.length ?? samples) / SAMPLES_PER_MS),
    gaps: (gaps ?? []).map(({ from, to, why }) => ({ fromMs: from / SAMPLES_PER_MS, toMs: to / SAMPLES_PER_MS, why })),
    keptUntil: keptUntil.toISOString(), legalHold, hold: legalHold && holdReason !== null && holdAt !== null ? { reason: holdReason, by: holdBy ?? '', at: holdAt.toISOString() } : null,
    deletedAt: deletedAt?.toISOString() ?? null, verifiedAt: verifiedAt?.toISOString() ?? null, findings: [...(findings ?? [])],
    peaks: { customer: [...(manifest?.peaks.customer ?? [])], seller: [...(manifest?.peaks.seller ?? [])] },
  }
}

function notRecorded(attemptId: AttemptId, because: string): RecordingView {
  return {
    attemptId, state: 'not-recorded', because, startedAt: null, durationMs: 0, gaps: [], keptUntil: null, legalHold: false, hold: null, deletedAt: null, verifiedAt: null, findings: [],
    peaks: { customer: [], seller: [] },
  }
}
