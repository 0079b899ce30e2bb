import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** A commercial call needs the person's consent, and silence is not consent (消费者权益保护法实施条例 art. 24). */
export function hasConsent(facts: DialFacts): Refusal | null {
  if (facts.marketingConsent === 'granted') return null
  return untilEdited(facts.marketingConsent === 'refused' ? 'consent-refused' : 'consent-unknown')
}
