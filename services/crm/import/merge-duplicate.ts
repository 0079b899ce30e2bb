import type { CustomerRow } from '../customer/customer-row.ts'
import type { ImportedRow } from './read-row.ts'
import type { ProvenConsent } from './row-consent.ts'

/**
 * A known customer after a row about him, or null when it says nothing new. `fill` completes what is empty, `overwrite`
 * takes what the row names. Consent is never overwritten by a file: a refusal stays, and a grant only fills a blank; a
 * refusal in the row always counts.
 */
export function mergeDuplicate(known: CustomerRow, from: ImportedRow, consents: readonly ProvenConsent[], policy: 'fill' | 'overwrite'): CustomerRow | null {
  const overwrite = policy === 'overwrite'
  const take = <Value>(current: Value, isEmpty: boolean, given: Value | null): Value => (given !== null && (overwrite || isEmpty) ? given : current)
  const merged: CustomerRow = {
    ...known,
    name: overwrite ? from.name : known.name,
    company: take(known.company, known.company === null, from.company),
    level: take(known.level, false, from.level),
    status: take(known.status, false, from.status),
    tags: take(known.tags, known.tags.length === 0, from.tags),
    region: take(known.region, known.region === null, from.region),
    industry: take(known.industry, known.industry === null, from.industry),
    intent: take(known.intent, known.intent === 'unknown', from.intent),
    timeZone: take(known.timeZone, known.timeZone === null, from.timeZone),
    ownerId: take(known.ownerId, known.ownerId === null, from.owner?.userId ?? null),
    teamId: take(known.teamId, known.ownerId === null && known.teamId === null, from.owner?.teamId ?? null),
    marketingConsent: consentAfter(known.marketingConsent, consents, 'marketing'),
    recordingConsent: consentAfter(known.recordingConsent, consents, 'recording'),
  }
  return JSON.stringify(merged) === JSON.stringify(known) ? null : merged
}

function consentAfter(known: CustomerRow['marketingConsent'], consents: readonly ProvenConsent[], purpose: ProvenConsent['purpose']): CustomerRow['marketingConsent'] {
  const given = consents.find((consent) => consent.purpose === purpose)?.state
  return given === 'refused' || (given === 'granted' && known === 'unknown') ? given : known
}

/** Those consents that the merged row took over: the others are no news and get no row of history. */
export function consentsTaken(known: CustomerRow, merged: CustomerRow, consents: readonly ProvenConsent[]): ProvenConsent[] {
  return consents.filter(({ purpose }) => (purpose === 'marketing' ? known.marketingConsent !== merged.marketingConsent : known.recordingConsent !== merged.recordingConsent))
}
