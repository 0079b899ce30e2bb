import { useTranslation } from 'react-i18next'
import { OUTCOMES, type Outcome } from '@loopline/vocabulary/outcome'
import { OutcomeSign } from '../parts/state-sign'
import { OUTCOME_LOOKS } from '../theme/states'
import { useFormat } from '../words/format'

/** How the calls ended: one bar by share, and each outcome with its sign, word and count beneath. */
export function OutcomeShare({ outcomes }: { outcomes: Partial<Record<Outcome, number>> }) {
  const { t } = useTranslation()
  const format = useFormat()
  const counted = OUTCOMES.map((outcome) => ({ outcome, count: outcomes[outcome] ?? 0 })).filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)
  const total = counted.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return <p className="quiet">{t('campaign.live.noOutcomes')}</p>
  return (
    <>
      <div className="outcome-bar" aria-hidden>{counted.map(({ outcome, count }) => <span key={outcome} title={t(`outcome.${outcome}`)} style={{ flex: count, background: OUTCOME_LOOKS[outcome].colour }} />)}</div>
      <div className="outcome-legend">
        {counted.map(({ outcome, count }) => <div key={outcome}><OutcomeSign outcome={outcome} /><span className="numbers">{format.number(count)} <span className="quiet">{format.percent(count / total)}</span></span></div>)}
      </div>
    </>
  )
}
