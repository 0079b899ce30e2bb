import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/empty'
import { LinkButton } from '../parts/link-button'

export function NotHere() {
  const { t } = useTranslation()
  return <Empty title={t('frame.notHere.title')} text={t('frame.notHere.text')}><LinkButton to="/customers">{t('frame.notHere.home')}</LinkButton></Empty>
}
