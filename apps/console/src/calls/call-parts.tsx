import { useTranslation } from 'react-i18next'
import { useFormat } from '../words/format'

interface Part {
  name: string
  as: 'agent' | 'colleague'
  joinedAt: number | string
  leftAt: number | string | null
}

/** Who of us was on a call, and when; nothing where it was one. */
export function CallParts({ parts }: { parts: readonly Part[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (parts.length === 0) return null
  const at = (instant: number | string | null): string => (instant === null ? '' : format.time(new Date(instant).toISOString()))
  return (
    <div className="quiet small">
      {t('transfer.parts')}: {parts.map(({ name, as, joinedAt, leftAt }) => `${name}${as === 'colleague' ? ` (${t('transfer.as.colleague')})` : ''} ${at(joinedAt)}–${at(leftAt)}`).join(' · ')}
    </div>
  )
}
