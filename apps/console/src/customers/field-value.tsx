import { useTranslation } from 'react-i18next'
import { useNames } from '../session/people'
import { useFormat } from '../words/format'
import { useWord } from '../words/reason'

/** The value of a customer's field as people read it, wherever it comes from: record, conflict, timeline. */
export function useFieldText(): (field: string, value: unknown) => string {
  const { t } = useTranslation()
  const word = useWord()
  const names = useNames()
  const format = useFormat()
  return (field, value) => {
    if (value === null || value === undefined || value === '') return field === 'ownerId' ? t('customer.pool') : t('frame.none')
    if (Array.isArray(value)) return value.length === 0 ? t('frame.none') : value.join(', ')
    if (typeof value === 'boolean') return t(value ? 'frame.yes' : 'frame.no')
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    switch (field) {
      case 'status': return word('status', text)
      case 'intent': return word('intent', text)
      case 'ownerId': return names(text) ?? t('customer.somebodyElse')
      case 'marketingConsent': case 'recordingConsent': return word('consent', text)
      case 'followUpPausedUntil': case 'lastFollowUpAt': return format.instant(text)
      default: return text
    }
  }
}
