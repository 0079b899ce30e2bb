import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../words/format'
import { useReason, useWord } from '../words/reason'
import type { Preview } from './import-queries'

const ERRORS_SHOWN = 8

/** Of the sampled rows: how many could be called, why the others could not, and which are faulty. */
export function CheckPanel({ preview, busy }: { preview: Preview; busy: ReactNode }) {
  const { t } = useTranslation()
  const format = useFormat()
  const reason = useReason()
  const word = useWord()
  const blocked = preview.sampled - preview.callable
  return (
    <section className="panel" aria-live="polite">
      <h2>{t('import.check.title')}<span className="quiet" style={{ fontWeight: 400 }}>{t('import.check.sampled', { count: preview.sampled })}</span>{busy}</h2>
      <div className="inside" style={{ fontSize: 13 }}>
        <div className="row"><span className="grow">✓ {t('import.check.callable')}</span><strong className="numbers">{format.number(preview.callable)}</strong></div>
        <div className="row"><span className="grow">■ {t('import.check.notCallable')}</span><strong className="numbers">{format.number(blocked)}</strong></div>
        <div className="share" aria-hidden><span style={{ flex: preview.callable, background: 'var(--accent)' }} /><span style={{ flex: blocked, background: 'var(--warn)' }} /></div>
        {preview.notCallable.map((one) => <div key={one.reason} className="row quiet"><span className="grow"><span className="sentence">{reason(one.reason)}</span></span><span className="numbers">{format.number(one.count)}</span></div>)}
        {preview.errors.length > 0 && (
          <div style={{ marginTop: 12 }}>
            <div className="quiet small">{t('import.check.errors')}</div>
            {preview.errors.slice(0, ERRORS_SHOWN).map((error, index) => (
              <div key={index} className="row"><span className="grow">{t('import.check.error', { row: error.row, column: error.column ? word('field', error.column === 'phone' ? 'phones' : error.column) : '—' })}</span><span style={{ color: 'var(--warn)' }}>{word('import.rowError', error.code)}</span></div>
            ))}
          </div>
        )}
      </div>
    </section>
  )
}
