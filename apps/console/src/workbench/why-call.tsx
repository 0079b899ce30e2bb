import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttemptView } from '@loopline/contracts/campaign'
import type { CustomerView } from '@loopline/contracts/customer'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { CallWhy, decisionOf } from '../calls/call-why'
import type { Agent } from '../phone/agent-queries'
import { useRuleName } from '../rules/rule-queries'
import { useFormat } from '../words/format'
import { useWord } from '../words/reason'

type Call = NonNullable<Agent['call']>

/** The newest call of the customer is the one on the line, once it has left. Asked again as it goes on: its line is known by then. */
const attemptQuery = ({ attemptId, customerId, phase }: Call) => ({
  queryKey: ['attempt', attemptId, phase], enabled: phase !== 'preview', placeholderData: keepPreviousData,
  queryFn: async (): Promise<AttemptView | null> => {
    const { items } = await answer(api.GET('/api/dialer/attempts', { params: { query: { customerId, limit: 5 } } }))
    return items.find((each) => each.attemptId === attemptId) ?? null
  },
})

/** On a card nobody has decided yet: what the campaign knows of the customer. */
const cardQuery = ({ customerId, campaignId, phase }: Call) => ({
  queryKey: ['why-card', campaignId, customerId], enabled: phase === 'preview' && campaignId !== null,
  queryFn: () => answer(api.GET('/api/dialer/campaigns/{campaignId}/why-not/{customerId}', { params: { path: { campaignId: campaignId ?? '', customerId } } })),
})

/** Why this customer, over this line, now: one sentence, and the whole decision behind a click. */
export function WhyCall({ call, customer }: { call: Call; customer: CustomerView }) {
  const { t } = useTranslation()
  const word = useWord()
  const format = useFormat()
  const ruleName = useRuleName()
  const [open, setOpen] = useState(false)
  const { data } = useQuery(attemptQuery(call))
  const card = useQuery(cardQuery(call)).data
  const decision = decisionOf(data?.decision)
  const rules = (decision?.rules ?? card?.rules ?? []).filter(({ matched }) => matched).map(({ ruleId, name }) => ruleName(ruleId, name))
  const priority = decision?.priority ?? card?.priority ?? null
  const parts = [
    call.campaignName ?? (call.callback ? t(`inbound.callback.${call.callback.why}`, { at: format.instant(call.callback.at) }) : t('call.byHand')),
    `${t('field.level')} ${customer.level}`,
    priority !== null && t('customer.why.priority', { priority }),
    rules.length > 0 && rules.join(t('condition.and')),
    (card?.tries ?? 0) > 0 && t('customer.why.attempt', { number: (card?.tries ?? 0) + 1 }),
    decision && t('customer.why.calleeTime', { time: decision.calleeTime }),
    data?.lineName && `${data.lineName}${decision ? ` (${word('reason.line', decision.lineType.reason)})` : ''}`,
  ].filter(Boolean)
  return (
    <div className="why-call">
      <span className="quiet">{t('workbench.why')}</span> <span>{parts.join(' · ')}</span>
      {decision && <button type="button" className="plain small" style={{ color: 'var(--accent)', padding: '0 4px' }} aria-expanded={open} onClick={() => setOpen(!open)}>{t('customer.why.show')} <span aria-hidden>{open ? '▴' : '▾'}</span></button>}
      {open && decision && <div className="why"><CallWhy decision={decision} evidence={null} outcomeReason={null} /></div>}
    </div>
  )
}
