import type { CampaignSettings, CampaignView } from '@loopline/contracts/campaign'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { asked, EVERYONE, readGroup, type Group } from '../conditions/tree'

/** What the three steps fill in. `nested` is an audience this editor cannot show: kept as it is. */
export interface Draft extends Omit<CampaignSettings, 'audience'> {
  audience: Group
  nested: unknown
}

/** The same as the contract's defaults, so that what is shown is what would be taken. */
export const FRESH: Draft = {
  name: '', audience: EVERYONE, nested: null, ratePerSecond: 5, maxConcurrent: 50, hours: { from: 480, to: 1260 }, attemptsPerPersonPerDay: 3, ringTimeMs: 30_000, hangUpAfterMs: 15_000, lineIds: [],
  retry: { maxAttempts: 3, afterMinutes: { busy: 10, 'no-answer': 120, rejected: 1440, unreachable: 240, 'powered-off': 240, 'line-failed': 1 } }, finishWhenEmpty: false,
  mode: 'agentless', wrapUpMs: 30_000, previewMs: 45_000, language: null, recordingRequired: false, fallbackAudioId: null, announcementAudioId: null, callsPerAgent: 1.5, abandonCap: 0.03, routing: 'priority',
}

/** Outcomes after which another try makes sense. */
export const RETRIED: readonly Outcome[] = ['busy', 'no-answer', 'rejected', 'unreachable', 'powered-off', 'machine', 'line-failed']

export function draftOf({ campaignId: _id, version: _version, state: _state, createdAt: _created, startedAt: _started, audience, ...settings }: CampaignView): Draft {
  const shown = readGroup(audience)
  return { ...settings, audience: shown ?? EVERYONE, nested: shown ? null : audience }
}

/** The audience as it is asked: an empty group is everyone. */
export const audienceOf = ({ audience, nested }: Pick<Draft, 'audience' | 'nested'>): unknown => nested ?? asked(audience) ?? EVERYONE

export function settingsOf({ nested, audience, ...settings }: Draft): CampaignSettings {
  return { ...settings, name: settings.name.trim(), audience: audienceOf({ audience, nested }) }
}
