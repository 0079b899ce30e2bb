import type { Consent } from '@loopline/vocabulary/customer'
import type { Declaration } from './import-column.ts'
import type { ImportedRow, RowError } from './read-row.ts'

/** A consent with its proof, as it goes into the history. */
export interface ProvenConsent {
  purpose: 'marketing' | 'recording'
  state: Exclude<Consent, 'unknown'>
  source: string
  /** Milliseconds since 1970. */
  at: number
}

/** China has one time: a day there begins at 16:00 UTC of the day before. */
export function startOfDay(date: string): number {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  return Date.UTC(year, month - 1, day, -8)
}

/** A refusal that nobody dated is older than any grant. */
const LONG_AGO = 0

/**
 * What a row proves about consent. The row's own word comes first; where it says nothing, the declaration of the batch
 * speaks. A refusal needs no proof; a grant without source and time is none, and leaves the consent unknown.
 */
export function consentsOfRow(row: ImportedRow, declaration: Declaration | null, errors: RowError[]): ProvenConsent[] {
  const declared = declaration?.legalBasis === 'consent' ? declaration : null
  const purposes = [
    ['marketing', row.marketing, declared !== null],
    ['recording', row.recording, declared?.coversRecording === true],
  ] as const
  const consents: ProvenConsent[] = []
  for (const [purpose, said, covered] of purposes) {
    const state = said !== null && said !== 'unknown' ? said : covered ? 'granted' : null
    if (state === null) continue
    const source = row.consentSource ?? declaration?.source ?? null
    const at = row.consentAt?.getTime() ?? (declaration ? startOfDay(declaration.collectedAt) : null)
    if (state === 'granted' && (source === null || at === null)) {
      errors.push({ row: row.number, column: purpose === 'marketing' ? 'marketingConsent' : 'recordingConsent', code: 'CONSENT_WITHOUT_SOURCE', kept: true })
      continue
    }
    consents.push({ purpose, state, source: source ?? 'import', at: at ?? LONG_AGO })
  }
  return consents
}
