import { useTranslation } from 'react-i18next'
import type { Agent } from '../phone/agent-queries'

/** Why this caller rings here, on which number of ours: one sentence. */
export function WhyItRings({ call: { inbound, campaignName } }: { call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  if (!inbound) return null
  const parts = [t(`inbound.because.${inbound.because}`), t('inbound.calledUs', { number: inbound.to }), campaignName].filter(Boolean)
  return <div className="why-call"><span className="quiet">{t('inbound.title')}</span> <span>{parts.join(' · ')}</span></div>
}
