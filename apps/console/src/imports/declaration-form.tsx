import { Checkbox, Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ImportOptions } from '@loopline/contracts/import'
import { Field } from '../parts/field'

type Declaration = NonNullable<ImportOptions['declaration']>
export type DeclarationDraft = Declaration

export const DECLARATION_EMPTY: DeclarationDraft = { legalBasis: 'none', source: '', collectedAt: '', evidence: '', coversRecording: false }

/** The declaration when it says enough to count: a basis, a source and a day. */
export function declared(draft: DeclarationDraft): Declaration | null {
  const complete = draft.legalBasis !== 'none' && draft.source.trim() !== '' && draft.collectedAt !== ''
  return complete ? { ...draft, source: draft.source.trim(), evidence: draft.evidence.trim() } : null
}

/** What makes the batch callable; without it rows are kept and not dialled. */
export function DeclarationForm({ draft, change }: { draft: DeclarationDraft; change: (draft: DeclarationDraft) => void }) {
  const { t } = useTranslation()
  return (
    <section className="panel">
      <h2>{t('import.declare.title')}</h2>
      <div className="inside stack">
        <p className="quiet">{t('import.declare.text')}</p>
        <Radio.Group aria-label={t('import.declare.basis')} value={draft.legalBasis} onChange={(event) => change({ ...draft, legalBasis: event.target.value as Declaration['legalBasis'] })}
          options={(['consent', 'contract', 'none'] as const).map((value) => ({ value, label: t(`import.declare.basisChoice.${value}`) }))} />
        {draft.legalBasis !== 'none' && (
          <div style={{ display: 'grid', gridTemplateColumns: '1fr 180px', gap: 16 }}>
            <Field id="source" label={t('import.declare.source')} required><Input id="source" maxLength={500} placeholder={t('import.declare.sourceHint')} value={draft.source} onChange={(event) => change({ ...draft, source: event.target.value })} /></Field>
            <Field id="collected" label={t('import.declare.at')} required><Input id="collected" type="date" value={draft.collectedAt} onChange={(event) => change({ ...draft, collectedAt: event.target.value })} /></Field>
            <div style={{ gridColumn: '1 / -1' }}><Field id="evidence" label={t('import.declare.evidence')}><Input id="evidence" maxLength={2_000} placeholder={t('import.declare.evidenceHint')} value={draft.evidence} onChange={(event) => change({ ...draft, evidence: event.target.value })} /></Field></div>
            <Checkbox checked={draft.coversRecording} onChange={(event) => change({ ...draft, coversRecording: event.target.checked })}>{t('import.declare.recording')}</Checkbox>
          </div>
        )}
      </div>
    </section>
  )
}
