import { WarningOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { useTranslation } from 'react-i18next'

/** Whether this browser gives the page no microphone, whoever asks: plain http from another host than its own (W3C Secure Contexts). */
export const isInsecurePage = (): boolean => !globalThis.isSecureContext

/** In place of the telephone, where there can be none: what is wrong, and what to do about it. */
export function InsecurePage() {
  const { t } = useTranslation()
  const steps = (
    <ol className="insecure-steps">
      <li>{t('phone.insecure.https')}</li>
      <li>{t('phone.insecure.localhost')}</li>
      <li>{t('phone.insecure.desk')}</li>
    </ol>
  )
  return (
    <span role="alert" className="row" style={{ gap: 6 }}>
      <span className="chip lost"><WarningOutlined aria-hidden /> {t('phone.insecure.title')}</span>
      <Popover trigger={['click']} placement="bottomRight" title={t('phone.problem.insecure-page')} content={steps}>
        <Button size="small">{t('phone.insecure.what')}</Button>
      </Popover>
    </span>
  )
}
