import { PhoneOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../phone/agent-queries'
import { useNow } from '../phone/use-clock'
import { useCallerName } from './caller-name'
import { useDeclineCaller, useTakeCaller } from './inbound-queries'
import './inbound.css'

/** Above the customer's story while he rings: why here, how long yet, and the two answers. The keys are the bar's, on every page. */
export function IncomingCard({ call }: { call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const name = useCallerName()
  const take = useTakeCaller()
  const decline = useDeclineCaller()
  const { attemptId, decideBy, inbound } = call
  const now = useNow(decideBy !== null)
  const left = decideBy === null ? 0 : Math.max(0, Math.round((Date.parse(decideBy) - now) / 1_000))
  if (!inbound) return null
  return (
    <section className="panel incoming-card">
      <div className="inside row wrap">
        <div className="grow">
          <strong>{t('inbound.rings', { name: name(call) })}</strong> <span className="quiet">{t(`inbound.because.${inbound.because}`)}</span>
          <div className="quiet small numbers">{inbound.takesItself ? t('inbound.takesItself') : t('inbound.left', { seconds: left })}</div>
        </div>
        <Button loading={decline.isPending} onClick={() => decline.mutate(attemptId)}>{t('inbound.decline')} <kbd>Esc</kbd></Button>
        <Button type="primary" icon={<PhoneOutlined aria-hidden />} loading={take.isPending} onClick={() => take.mutate(attemptId)}>{t('inbound.accept')} <kbd>Enter</kbd></Button>
      </div>
    </section>
  )
}
