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

/** The same at length, for the record of one call: who, as what, from when to when, how long. */
export function CallPartsTable({ parts }: { parts: readonly Part[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (parts.length === 0) return null
  const instant = (at: number | string): string => new Date(at).toISOString()
  return (
    <section>
      <h3 className="small quiet">{t('transfer.parts')}</h3>
      <dl className="facts numbers">
        {parts.map(({ name, as, joinedAt, leftAt }) => [
          <dt key={`${name}-${joinedAt}`}>{t(`transfer.as.${as}`)}</dt>,
          <dd key={`${name}-${joinedAt}-when`} style={{ lineHeight: '30px' }}>
            {name} <span className="quiet">{format.time(instant(joinedAt))}–{leftAt === null ? '' : `${format.time(instant(leftAt))} · ${format.number((Date.parse(instant(leftAt)) - Date.parse(instant(joinedAt))) / 1_000, 1)} s`}</span>
          </dd>,
        ])}
      </dl>
    </section>
  )
}
