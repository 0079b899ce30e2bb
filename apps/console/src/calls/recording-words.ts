import type { TFunction } from 'i18next'

const KNOWN = [
  'granted', 'announced', 'refused', 'unknown', 'pack-forbids', 'no-media', 'consent-refused', 'consent-unknown', 'law-pack-missing', 'not-answered', 'not-connected',
  'announcement-not-heard', 'no-agent', 'nobody-came',
] as const

/** Why a call was or was not recorded; a word this build does not know is shown as it came. */
export function reasonOfRecording(t: TFunction, because: string): string {
  const known = KNOWN.find((word) => word === because)
  return known ? t(`recording.because.${known}`) : because
}
