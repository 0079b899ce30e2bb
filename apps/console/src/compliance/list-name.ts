import { useTranslation } from 'react-i18next'

/** The company's own list is named by us, in the reader's language. */
export function useListName(): (list: { kind: string; name: string }) => string {
  const { t } = useTranslation('compliance')
  return ({ kind, name }) => (kind === 'own' && name === 'own' ? t('dnc.own') : name)
}
