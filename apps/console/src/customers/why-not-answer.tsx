import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { useStaleOnPush } from '../api/live-queries'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { useRuleName } from '../rules/rule-queries'
import { useFormat } from '../words/format'
import { useReason, useWord } from '../words/reason'

/** Why this customer is not dialled by this campaign at this instant; all reasons, each with what lifts it. */
export function WhyNotAnswer({ campaignId, customerId }: { campaignId: string; customerId: string }) {
  const { t } = useTranslation()
  const reason = useReason()
  const word = useWord()
  const format = useFormat()
  const ruleName = useRuleName()
  const queryKey = ['why-not', campaignId, customerId]
  const { data, error, isPending, refetch } = useQuery({
    queryKey, staleTime: 0,
    queryFn: () => answer(api.GET('/api/dialer/campaigns/{campaignId}/why-not/{customerId}', { params: { path: { campaignId, customerId } } })),
  })
  useStaleOnPush(queryKey, (message) => (message.topic === 'customer' && message.customerId === customerId) || message.topic === 'setting')
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (isPending) return <Slow><Bones lines={3} /></Slow>
  return (
    <div className="stack small" style={{ gap: 10 }} aria-live="polite">
      <strong style={{ color: data.dialable ? 'var(--accent)' : 'var(--warn)', fontSize: 14 }}>{data.dialable ? `✓ ${t('customer.whyNot.dialable')}` : `■ ${t('customer.whyNot.notNow')}`}</strong>
      {data.reasons.map((one) => (
        <div key={one.reason}>
          <div className="sentence" style={{ fontSize: 13 }}>{reason(one.reason)}{one.detail ? ` (${word('outcome', one.detail)})` : ''}</div>
          <div className="quiet">{one.until ? t('customer.whyNot.until', { time: format.instant(one.until) }) : t('customer.whyNot.needsEdit')}</div>
        </div>
      ))}
      {data.nextAt && data.reasons.length > 1 && <strong style={{ fontSize: 13 }}>{t('customer.whyNot.next', { time: format.instant(data.nextAt) })}</strong>}
      <dl className="facts" style={{ fontSize: 12 }}>
        <dt>{t('customer.whyNot.inList')}</dt><dd>{data.inDialList && data.entryState ? t(`entryState.${data.entryState}`) : t('customer.whyNot.notInList')}</dd>
        {data.dueAt && <><dt>{t('customer.whyNot.due')}</dt><dd className="numbers">{format.instant(data.dueAt)}</dd></>}
        {data.priority !== null && <><dt>{t('customer.whyNot.priority')}</dt><dd className="numbers">{format.number(data.priority)}</dd></>}
        {data.tries !== null && <><dt>{t('customer.whyNot.tries')}</dt><dd className="numbers">{t('customer.whyNot.triesValue', { count: data.tries })}</dd></>}
      </dl>
      {data.rules.some(({ matched }) => matched) && <div><span className="quiet">{t('customer.whyNot.rules')}</span>{data.rules.filter(({ matched }) => matched).map(({ ruleId, name }) => <div key={ruleId}>✓ {ruleName(ruleId, name)}</div>)}</div>}
    </div>
  )
}
