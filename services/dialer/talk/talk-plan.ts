import { mayRecord } from '@loopline/gate/recording-plan'
import type { UserId } from '@loopline/vocabulary/ids'
import type { CampaignSettings } from '@loopline/contracts/campaign'
import type { RecordingPlan, TalkPlan } from '@loopline/contracts/voice-link'
import { objectOf } from '../audio/audios.ts'
import type { Person } from '../audience/person.sql.ts'
import type { Dialer } from '../dialer.ts'

/** From the answer; the regulators count a call as abandoned from here. */
export const NOBODY_AFTER_MS = 2_000

/** What a campaign says to people; a call by hand says what the company does. */
export type Saying = Pick<CampaignSettings, 'language' | 'recordingRequired' | 'fallbackAudioId' | 'announcementAudioId'>
export const AS_THE_COMPANY: Saying = { language: null, recordingRequired: false, fallbackAudioId: null, announcementAudioId: null }

/** What voice does when this person answers, decided before the call leaves. `person` null: nothing is known of him; `agentId` null: somebody is found at the answer. */
export function talkPlanFor(dialer: Dialer, person: Person | null, agentId: UserId | null, saying: Saying): TalkPlan {
  return { agentId, recording: recordingPlanFor(dialer, person, saying), fallback: fallbackOf(dialer, saying, NOBODY_AFTER_MS) }
}

/** What the person hears when nobody of ours is there, and then we hang up. */
export function fallbackOf(dialer: Dialer, saying: Saying, afterMs: number): NonNullable<TalkPlan['fallback']> {
  const builtIn = `no-agent-${languageOf(dialer, saying)}` as const
  const play = saying.fallbackAudioId ? { play: objectOf(saying.fallbackAudioId), otherwise: builtIn } : { play: builtIn }
  return { afterMs, ...play, then: 'hang-up' }
}

const languageOf = ({ language }: Dialer, saying: Saying): 'zh' | 'en' => saying.language ?? language

/** Whether a call must be recorded to be made at all: by the campaign's wish, or by the law pack. */
export function mustRecord({ knowledge }: Pick<Dialer, 'knowledge'>, { recordingRequired }: Pick<Saying, 'recordingRequired'>): boolean {
  return recordingRequired || knowledge.gate.pack?.recordingRequired === true
}

function recordingPlanFor(dialer: Dialer, person: Person | null, saying: Saying): RecordingPlan {
  const plan = mayRecord(person ? person.state.recordingConsent : 'unknown', (person ? dialer.knowledge.gateFor(person) : dialer.knowledge.home).pack)
  const required = mustRecord(dialer, saying) ? { required: true as const } : {}
  if (plan.record === 'no') return plan
  if (plan.record === 'yes') return { ...plan, ...required }
  return { ...plan, ...required, announcement: saying.announcementAudioId ? objectOf(saying.announcementAudioId) : `recording-announcement-${languageOf(dialer, saying)}` }
}
