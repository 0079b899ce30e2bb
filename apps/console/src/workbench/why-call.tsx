import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttemptView } from '@loopline/contracts/campaign'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { CallWhy, decisionOf } from '../calls/call-why'
import type { Agent } from '../phone/agent-queries'
import { useWord } from '../words/reason'

/** The newest call of the customer is the one on the line, once it has left. */
const attemptQuery = ({ attemptId, customerId, phase }: NonNullable<Agent['call']>) => ({
  queryKey: ['attempt', attemptId], enabled: phase !== 'preview',
  queryFn: async (): Promise<AttemptView | null> => {
    const { items } = await answer(api.GET('/api/dialer/attempts', { params: { query: { customerId, limit: 5 } } }))
    return items.find((each) => each.attemptId === attemptId) ?? null
  },
})

/** Why this customer, over this line, now: one sentence, and the whole decision behind a click. */
export function WhyCall({ call }: { call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const word = useWord()
  const [open, setOpen] = useState(false)
  const { data } = useQuery(attemptQuery(call))
  const decision = decisionOf(data?.decision)
  const rules = decision?.rules.filter(({ matched }) => matched).map(({ name }) => name) ?? []
  const parts = [
    call.campaignName ?? t('call.byHand'),
    decision && t('customer.why.calleeTime', { time: decision.calleeTime }),
    data?.lineName && `${data.lineName}${decision ? ` (${word('reason.line', decision.lineType.reason)})` : ''}`,
    rules.length > 0 && rules.join(t('condition.and')),
  ].filter(Boolean)
  return (
    <div className="why-call">
      <span className="quiet">{t('workbench.why')}</span> <span>{parts.join(' · ')}</span>
      {decision && <button type="button" className="plain small" style={{ color: 'var(--accent)', padding: '0 4px' }} aria-expanded={open} onClick={() => setOpen(!open)}>{t('customer.why.show')} <span aria-hidden>{open ? '▴' : '▾'}</span></button>}
      {open && decision && <div className="why"><CallWhy decision={decision} evidence={null} outcomeReason={null} /></div>}
    </div>
  )
}
