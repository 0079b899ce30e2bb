import { PhoneOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useAcceptPreview, useSkipPreview, type Agent } from '../phone/agent-queries'
import { useNow } from '../phone/use-clock'
import { useFormat } from '../words/format'

const REASONS = ['not-now', 'wrong-person', 'already-served', 'other'] as const

/** What the customer's clock shows, whose call it was to be, and how late it is. */
function CallbackFor({ callback: { at, timeZone, instead }, now }: { callback: NonNullable<NonNullable<Agent['call']>['callback']>; now: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const minutes = Math.floor((now - Date.parse(at)) / 60_000)
  const said = [timeZone && t('workbench.promised.there', { time: format.time(now, timeZone) }), instead && t('workbench.promised.instead')].filter(Boolean)
  return (
    <div className="small">
      <span className="quiet">{said.join(' · ')}</span>
      {minutes >= 1 && <strong className="late"> {t('workbench.promised.late', { minutes })}</strong>}
    </div>
  )
}

/** Look first, then call: the next customer of a preview campaign. Enter calls. */
export function PreviewCard({ call }: { call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const accept = useAcceptPreview()
  const skip = useSkipPreview()
  const format = useFormat()
  const { attemptId, decideBy, campaignName, callback } = call
  const now = useNow(decideBy !== null)
  const left = decideBy === null ? null : Math.max(0, Math.round((Date.parse(decideBy) - now) / 1_000))
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || (event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT|BUTTON|A)$/.test(event.target.tagName))) return
      event.preventDefault()
      accept.mutate(attemptId)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [accept, attemptId])
  return (
    <section className="panel preview-card">
      <div className="inside row wrap">
        <div className="grow">
          <strong>{callback ? t(`inbound.callback.${callback.why}`, { at: format.instant(callback.at) }) : t('workbench.preview.title')}</strong> <span className="quiet">{campaignName}</span>
          {callback && <CallbackFor callback={callback} now={now} />}
          {left !== null && <div className="quiet small numbers">{t('workbench.preview.left', { seconds: left })}</div>}
        </div>
        <Dropdown menu={{ items: REASONS.map((reason) => ({ key: reason, label: t(`workbench.preview.reason.${reason}`), onClick: () => skip.mutate({ attemptId, reason }) })) }}>
          <Button loading={skip.isPending}>{t('workbench.preview.skip')}</Button>
        </Dropdown>
        <Button type="primary" icon={<PhoneOutlined />} loading={accept.isPending} onClick={() => accept.mutate(attemptId)}>{t('workbench.preview.accept')} <kbd>Enter</kbd></Button>
      </div>
    </section>
  )
}
