import { PhoneOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useAnswerKeys, useRinging } from '../inbound/incoming-on-bar'
import { PAGE_ID, type Agent } from '../phone/agent-queries'
import { useNow } from '../phone/use-clock'
import { useTransfer } from './transfer-queries'
import '../inbound/inbound.css'

/** A colleague asks for me: who, about whom, what he says of it; the customer's story is on the workbench already. */
export function AskedOnBar({ agent, call }: { agent: Agent; call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const act = useTransfer()
  const { attemptId, transfer, customerName } = call
  const now = useNow(true)
  useRinging(agent.pageId === PAGE_ID)
  const accept = (): void => act.mutate({ attemptId, do: 'accept' })
  const decline = (): void => act.mutate({ attemptId, do: 'decline' })
  useAnswerKeys(attemptId, accept, decline)
  if (!transfer) return null
  const seconds = Math.max(0, Math.round((Date.parse(transfer.answerBy) - now) / 1_000))
  return (
    <div className="row incoming" role="alert" aria-label={t('transfer.askedTitle')}>
      <span className="bell" aria-hidden>⇄</span>
      <strong className="cut who">{t(`transfer.asked.${transfer.kind}`, { name: transfer.name, customer: customerName })}</strong>
      <span className="quiet small cut"><span className="numbers">{t('transfer.left', { seconds })}</span></span>
      <Button size="small" type="primary" icon={<PhoneOutlined aria-hidden />} loading={act.isPending || transfer.phase === 'accepted'} onClick={accept}>{t('transfer.accept')} <kbd>Enter</kbd></Button>
      <Button size="small" onClick={decline}>{t('transfer.decline')} <kbd>Esc</kbd></Button>
    </div>
  )
}
