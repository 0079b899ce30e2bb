import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { errorText } from '../words/reason'

/** What happened, with its code, and a way on. */
export function Failure({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { t, i18n } = useTranslation()
  const { text, code } = errorText(i18n, error)
  return (
    <div className="failure" role="alert">
      <span className="sign" aria-hidden>!</span>
      <div className="grow">
        <div>{text}</div>
        <code>{t('error.code')} {code}</code>
      </div>
      {retry && <Button size="small" onClick={retry}>{t('error.retry')}</Button>}
    </div>
  )
}
