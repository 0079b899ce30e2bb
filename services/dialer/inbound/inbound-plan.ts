import { mayRecord } from '@loopline/gate/recording-plan'
import type { UserId } from '@loopline/vocabulary/ids'
import type { TalkPlan } from '@loopline/contracts/voice-link'
import type { Person } from '../audience/person.sql.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { talkPlanFor } from '../talk/talk-plan.ts'

/** What voice does when a caller is joined with this agent. Of a stranger nothing is known, also not whether he may be recorded. */
export function answerPlan(knowledge: Knowledge, person: Person | null, agentId: UserId): TalkPlan {
  if (person) return talkPlanFor(knowledge, person, agentId)
  const plan = mayRecord('unknown', knowledge.gate.pack)
  const recording = plan.record === 'after-announcement' ? { ...plan, announcement: 'recording-announcement-zh' as const } : plan
  return { agentId, recording, fallback: FALLBACK }
}

/** The agent's telephone may be lost between his yes and the answer. */
const FALLBACK: NonNullable<TalkPlan['fallback']> = { afterMs: 2_000, play: 'no-agent-zh', then: 'hang-up' }

/** Nobody came: the caller hears so, and that he will be called back. */
export const fallbackPlan = (): TalkPlan => ({ agentId: null, recording: { record: 'no', reason: 'nobody-came' }, fallback: { ...FALLBACK, afterMs: 0 } })
