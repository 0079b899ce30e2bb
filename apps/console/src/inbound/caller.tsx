import { useTranslation } from 'react-i18next'
import type { AttemptView } from '@loopline/contracts/campaign'
import { CustomerName } from '../calls/customer-name'
import { decisionOf } from '../calls/call-why'
import './inbound.css'

/** Whether there is somebody to call again: a caller unknown to crm, or who withheld his number, has no record. */
export const hasRecord = ({ decision }: AttemptView): boolean => (decisionOf(decision)?.inbound?.caller ?? 'customer') === 'customer'

/** With whom a call was, marked where he called us; a caller without a record is named as such. */
export function Caller({ call: { customerId, direction, decision }, className }: { call: AttemptView; className?: string }) {
  const { t } = useTranslation()
  const caller = decisionOf(decision)?.inbound?.caller ?? 'customer'
  return (
    <>
      {direction === 'inbound' && <span className="inbound-mark" role="img" aria-label={t('inbound.direction')} title={t('inbound.direction')}>↙</span>}
      {caller === 'customer' ? <CustomerName customerId={customerId} className={className ?? ''} /> : <span className="quiet">{t(`inbound.${caller}`)}</span>}
    </>
  )
}
