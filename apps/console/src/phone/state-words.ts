import type { TFunction } from 'i18next'
import { PAUSE_REASONS, SYSTEM_PAUSE_REASONS } from '@loopline/contracts/agent'

const IDLE = [
  'none-due', 'outside-hours', 'line-down', 'line-full', 'voice-away', 'loading', 'no-campaign', 'dialing', 'next-call',
  'campaign-not-running', 'own-rate', 'own-concurrency', 'no-agent', 'recorder-down', 'no-caller-id',
] as const

/** Why somebody is paused; a lead's own words are shown as they came. */
export function pauseWord(t: TFunction, reason: string): string {
  const known = [...PAUSE_REASONS, ...SYSTEM_PAUSE_REASONS].find((word) => word === reason)
  return known ? t(`pause.${known}`) : reason
}

/** Why somebody who is ready has no call; a word this build does not know is shown as it came. */
export function idleWord(t: TFunction, reason: string): string {
  const known = IDLE.find((word) => word === reason)
  return known ? t(`idle.${known}`) : reason
}
