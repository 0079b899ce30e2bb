import { useTranslation } from 'react-i18next'
import type { InboundDecision } from '@loopline/contracts/inbound'
import { useNames } from '../session/people'

/** Where a call that came in went, in the list of a call's reasons. */
export function InboundWhy({ inbound: { to, caller, first } }: { inbound: InboundDecision }) {
  const { t } = useTranslation()
  const names = useNames()
  return (
    <>
      <dt>{t('inbound.title')}</dt>
      <dd>{t('inbound.direction')}{caller !== 'customer' && ` · ${t(`inbound.${caller}`)}`} <span className="quiet">· {t('inbound.calledUs', { number: to })}</span></dd>
      <dt>{t('inbound.first')}</dt>
      <dd>{first ? <>{names(first.agentId)} <span className="quiet">{t(`inbound.becauseOf.${first.because}`)}</span></> : t('inbound.nobodyFirst')}</dd>
    </>
  )
}
