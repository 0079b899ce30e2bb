import { useTranslation } from 'react-i18next'
import { useLiveStatus } from '../api/live'

/** Whether what the page shows is current by itself. */
export function LiveIndicator() {
  const { t } = useTranslation()
  const connected = useLiveStatus()
  return (
    <span role="status" className={`chip ${connected ? '' : 'lost'}`}>
      <span className={`pulse ${connected ? '' : 'lost'}`} aria-hidden /><span className={connected ? 'spare' : ''}>{t(connected ? 'frame.live.up' : 'frame.live.lost')}</span>
    </span>
  )
}
