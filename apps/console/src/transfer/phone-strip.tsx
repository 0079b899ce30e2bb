import { useTranslation } from 'react-i18next'
import { MessagesOnBar } from '../messages/messages-on-bar'
import type { Agent } from '../phone/agent-queries'
import { TransferFailedOnBar, TransferOnBar } from './transfer-on-bar'
import './transfer.css'

/** Under the bar, which has no room for sentences: a lead's words, the colleague on the call, what he was told, why it failed. */
export function PhoneStrip({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const { call } = agent
  const transfer = call?.transfer ?? null
  const isUp = call?.phase === 'talking' || call?.phase === 'on-hold'
  return (
    <div className="phone-strip">
      <MessagesOnBar agent={agent} />
      {call && transfer && isUp && <TransferOnBar call={call} transfer={transfer} />}
      {transfer?.side === 'asked' && transfer.note && <span className="strip-line">{transfer.name}: {t('transfer.said', { note: transfer.note })}</span>}
      {call && <TransferFailedOnBar call={call} />}
    </div>
  )
}
