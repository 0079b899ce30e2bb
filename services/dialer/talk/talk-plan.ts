import { mayRecord } from '@loopline/gate/recording-plan'
import type { UserId } from '@loopline/vocabulary/ids'
import type { RecordingPlan, TalkPlan } from '@loopline/contracts/voice-link'
import type { Person } from '../audience/person.sql.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'

/** From the answer; the regulators count a call as abandoned from here. */
export const NOBODY_AFTER_MS = 2_000

/** What voice does when this person answers, decided before the call leaves. `agentId` null: somebody is found at the answer. */
export function talkPlanFor(knowledge: Knowledge, person: Person, agentId: UserId | null): TalkPlan {
  return { agentId, recording: recordingPlanFor(knowledge, person), fallback: { afterMs: NOBODY_AFTER_MS, play: 'no-agent-zh', then: 'hang-up' } }
}

function recordingPlanFor({ gate }: Knowledge, { state }: Person): RecordingPlan {
  const plan = mayRecord(state.recordingConsent, gate.pack)
  return plan.record === 'after-announcement' ? { ...plan, announcement: 'recording-announcement-zh' } : plan
}
